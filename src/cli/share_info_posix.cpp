#include "cli/share_info.hpp"

#include "cli/tool_run.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace roamsync::cli {
namespace {

constexpr std::array usual_places{"/var/lib/samba/share_info.tdb", "/usr/local/samba/var/locks/share_info.tdb"};

Error failure(const std::string& file, std::error_code code, std::string found = {}) {
  return Error(code, {.step = "read the permissions of Samba's shares",
                      .path = file,
                      .found = std::move(found),
                      .cure = "install tdb-tools and run this as root, or give the permissions with --share-sddl"});
}

}  // namespace

std::string share_info_of_this_machine(const std::string& state_directory) {
  if (!state_directory.empty()) {
    std::string file = state_directory + "/share_info.tdb";
    return ::access(file.c_str(), F_OK) == 0 || errno == EACCES ? file : std::string();
  }
  for (const char* place : usual_places) {
    if (::access(place, F_OK) == 0 || errno == EACCES) return place;
  }
  return {};
}

Result<std::string> dump_share_info(const std::string& file) {
  // The tool takes a missing file for a reason to print a warning; the system's own words are better.
  if (::access(file.c_str(), R_OK) != 0) return failure(file, std::error_code(errno, std::system_category()));
  auto run = run_tool({"tdbdump", file.starts_with('-') ? "./" + file : file});
  if (!run) return failure(file, run.error().code(), "no tool tdbdump");
  if (run.value().exit_code != 0) {
    return failure(file, std::make_error_code(std::errc::io_error), "tdbdump could not read it");
  }
  return std::move(run.value().out);
}

}  // namespace roamsync::cli
