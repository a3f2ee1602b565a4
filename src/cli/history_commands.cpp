#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/report_text.hpp"
#include "cli/session_options.hpp"
#include "cli/usage_error.hpp"

#include <algorithm>
#include <limits>
#include <ostream>

namespace roamsync::cli {
namespace {

Result<ExitCode> run_history(const PlaceOptions& places, Context& context) {
  BOOST_OUTCOME_TRY(const auto server, open_server(places.server));
  BOOST_OUTCOME_TRY(const auto generations, list_history(*server));
  Json list = Json::array();
  for (const HistoryGeneration& one : generations) list.push_back(json_of(one));
  context.output.result(Json{{"generations", std::move(list)}},
                        [&](std::ostream& out) { print_history(out, generations); });
  return done;
}

struct RestoreOptions {
  TypedOptions typed;
  std::uint64_t generation = 0;
  std::string path;
};

// As it is typed: `/` or `\` between names, and perhaps one at the end.
Result<std::optional<ProfilePath>> profile_path(std::string text) {
  if (text.empty()) return std::optional<ProfilePath>();
  std::replace(text.begin(), text.end(), '\\', '/');
  while (text.ends_with('/')) text.pop_back();
  auto path = ProfilePath::parse(text);
  if (!path) return usage_error("PATH: " + path.error().message(), "give a path relative to the profile's root");
  return std::optional(std::move(path).value());
}

// Nothing is wrong with the server or its rights: what was typed names nothing that is kept.
Error not_kept(const Error& error) {
  const ErrorContext& at = error.context();
  return usage_error(at.path + ": nothing to restore; expected " + at.expected + ", found " + at.found,
                     "roamsync history lists what is kept");
}

Result<ExitCode> run_restore(const RestoreOptions& restore, Context& context) {
  BOOST_OUTCOME_TRY(const auto path, profile_path(restore.path));
  BOOST_OUTCOME_TRY(const SessionOptions options, session_options(restore.typed, context));
  BOOST_OUTCOME_TRY(const auto server, open_server(restore.typed.places.server));
  const auto report = restore_generation(context.host, *server, restore.generation, path, options);
  if (!report) return report.error().code() == Errc::not_supported ? not_kept(report.error()) : report.error();
  context.output.summary(json_of(report.value()),
                         [&](std::ostream& out) { print_report(out, "restore", report.value()); });
  return exit_code_of(report.value());
}

void add_restore_options(CLI::App& command, RestoreOptions& restore) {
  add_server_options(command, restore.typed.places);
  command.add_option("--generation", restore.generation, "The generation to bring back; `history` lists them")
      ->type_name("N")
      ->check(between(std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max()))
      ->required()
      ->group("Places");
  command.add_option("PATH", restore.path, "Only this file or folder of the profile; without it all of it");
  add_copy_options(command, restore.typed);
  add_lock_option(command, restore.typed);
}

}  // namespace

void add_history_commands(CLI::App& app, Context& context) {
  add_command<PlaceOptions>(app, "history", "List the generations that are kept, and the files kept of each", context,
                            add_server_options, run_history);
  add_command<RestoreOptions>(app, "restore", "Bring a kept generation back, as a new one", context,
                              add_restore_options, run_restore);
}

}  // namespace roamsync::cli
