// profile_generator: makes a roaming profile, or changes one as a user would. See `profile_generator --help`.
#include "bench/profile.hpp"

#include <roamsync/disk_store.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>

namespace {

using namespace roamsync;

constexpr int exit_usage = 64;

int usage(std::ostream& out, int code) {
  out << "profile_generator make FOLDER [--files N] [--bytes N] [--hive-bytes N] [--seed N]\n"
         "    fills a new folder with a roaming profile; 5,000 files of 190 MB with a hive of 24 MiB unless told\n"
         "profile_generator edit FOLDER [--percent N] [--hive-pages N] [--seed N]\n"
         "    gives 1 % of the files a new content and changes 16 pages of the hive, which stays clean\n"
         "Prints what was made or changed as JSON.\n";
  return code;
}

/// The numbers behind `--name`, those named in `known`; nothing when something else stands there.
std::optional<std::map<std::string, double>> numbers(int count, char** arguments, std::map<std::string, double> known) {
  for (int i = 0; i < count; i += 2) {
    const auto found = known.find(arguments[i]);
    if (found == known.end() || i + 1 == count) return std::nullopt;
    char* end = nullptr;
    found->second = std::strtod(arguments[i + 1], &end);
    if (*end != '\0' || end == arguments[i + 1] || found->second < 0) return std::nullopt;
  }
  return known;
}

FileTime now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  return FileTime::from_unix(seconds.count(), std::chrono::nanoseconds(since - seconds).count());
}

int report(const Result<bench::ProfileCount>& count) {
  if (!count) {
    std::cerr << "profile_generator: " << count.error().message() << '\n';
    return EXIT_FAILURE;
  }
  std::cout << "{\"files\": " << count.value().files << ", \"folders\": " << count.value().folders
            << ", \"bytes\": " << count.value().bytes << "}\n";
  return EXIT_SUCCESS;
}

Result<bench::ProfileCount> make(const char* folder, std::map<std::string, double>& options) {
  BOOST_OUTCOME_TRY(const auto store, open_disk_store({.root = folder, .create = true}));
  return bench::make_profile(*store, {.files = static_cast<std::size_t>(options["--files"]),
                                      .bytes = static_cast<std::uint64_t>(options["--bytes"]),
                                      .hive_bytes = static_cast<std::uint64_t>(options["--hive-bytes"]),
                                      .seed = static_cast<std::uint64_t>(options["--seed"])});
}

Result<bench::ProfileCount> edit(const char* folder, std::map<std::string, double>& options) {
  BOOST_OUTCOME_TRY(const auto store, open_disk_store({.root = folder}));
  return bench::edit_profile(*store, {.percent = options["--percent"],
                                      .hive_pages = static_cast<std::size_t>(options["--hive-pages"]),
                                      .seed = static_cast<std::uint64_t>(options["--seed"]),
                                      .now = now()});
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "--help") return usage(std::cout, EXIT_SUCCESS);
  if (argc < 3) return usage(std::cerr, exit_usage);
  if (command == "make") {
    auto options =
        numbers(argc - 3, argv + 3, {{"--files", 5000}, {"--bytes", 0}, {"--hive-bytes", 24 << 20}, {"--seed", 1}});
    if (options) return report(make(argv[2], *options));
  } else if (command == "edit") {
    auto options = numbers(argc - 3, argv + 3, {{"--percent", 1}, {"--hive-pages", 16}, {"--seed", 2}});
    if (options) return report(edit(argv[2], *options));
  }
  return usage(std::cerr, exit_usage);
}
