#include "cli/private_folder.hpp"

#include "cli/usage_error.hpp"

#include <boost/filesystem/operations.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace roamsync::cli {
namespace {

// The XDG base directory specification: what is no absolute path counts as not set.
boost::filesystem::path folder_in_environment(const char* name) {
  const char* value = std::getenv(name);
  const boost::filesystem::path folder = value != nullptr ? value : "";
  return folder.is_absolute() ? folder : boost::filesystem::path();
}

}  // namespace

Result<void> make_private_folders(const boost::filesystem::path& path) {
  boost::system::error_code failed;
  if (path.empty() || boost::filesystem::is_directory(path, failed)) return success();
  BOOST_OUTCOME_TRY(make_private_folders(path.parent_path()));
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return Error(std::error_code(errno, std::system_category()), {.step = "make a folder", .path = path.string()});
  }
  return success();
}

Result<boost::filesystem::path> machine_state_folder() {
  if (::geteuid() == 0) return boost::filesystem::path("/var/lib/roamsync");
  if (const auto state = folder_in_environment("XDG_STATE_HOME"); !state.empty()) return state / "roamsync";
  if (const auto home = folder_in_environment("HOME"); !home.empty()) return home / ".local" / "state" / "roamsync";
  return usage_error("neither XDG_STATE_HOME nor HOME says where to keep what is remembered of the profile",
                     "give --state DIR");
}

}  // namespace roamsync::cli
