#include <roamsync/host.hpp>
#include <roamsync/printable.hpp>

#include "cli/commands.hpp"
#include "cli/json.hpp"

#include <boost/filesystem.hpp>

#include <ostream>

namespace roamsync::cli {
namespace {

// A program that has the hive loaded holds its transaction logs as well, and sometimes only those.
std::vector<boost::filesystem::path> with_logs(const boost::filesystem::path& hive) {
  std::vector<boost::filesystem::path> files{hive};
  for (const char* ending : {".LOG", ".LOG1", ".LOG2"}) files.emplace_back(hive.string() + ending);
  return files;
}

Result<ExitCode> show_holders(const std::string& file, Context& context) {
  boost::system::error_code failed;
  const auto hive = boost::filesystem::canonical(file, failed);
  if (failed) return Error(std::error_code(failed), {.step = "look for holders", .path = file});
  BOOST_OUTCOME_TRY(const auto report, context.host.holders(with_logs(hive)));
  context.output.result(json_of(report.holders), [&](std::ostream& out) {
    for (const Holder& holder : report.holders) {
      out << holder.pid << '\t' << printable(holder.name) << '\t' << printable(holder.what) << '\n';
    }
    if (report.holders.empty()) out << "Nobody has " << file << " open.\n";
  });
  if (report.unseen_processes > 0) {
    context.output.note(std::to_string(report.unseen_processes) +
                        " processes of other users may not be looked into: only root sees all.");
  }
  return done;
}

}  // namespace

void add_holders_command(CLI::App& app, Context& context) {
  add_command<std::string>(
      app, "holders", "Name the processes that hold a hive open", context,
      [](CLI::App& command, std::string& file) {
        command.add_option("FILE", file, "The hive; its transaction logs beside it are looked at too")->required();
      },
      show_holders);
}

}  // namespace roamsync::cli
