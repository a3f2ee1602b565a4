#include "store/closed_folder_posix.hpp"

#include "base/shell_quoted.hpp"
#include "store/access_posix.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

namespace roamsync::posix {
namespace {

Error closed(const std::string& folder) {
  const uid_t user = ::geteuid();
  std::string found = name_of_user(user) + " may not enter it";
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0) {
    std::array<char, 8> mode = {};
    std::snprintf(mode.data(), mode.size(), "%04o", static_cast<unsigned>(status.st_mode & 07777U));
    found += ": its mode is " + std::string(mode.data()) + " and it belongs to " + name_of_user(status.st_uid);
  }
  return Error(Errc::right_missing,
               {.step = "open the folder",
                .path = folder,
                .expected = "TRAVERSE",
                .found = std::move(found),
                .cure = "let the user through (x) on that folder: chmod o+x " + shell_quoted(folder) +
                        ", or setfacl -m u:" + std::to_string(user) + ":x " + shell_quoted(folder),
                .cause = std::error_code(EACCES, std::system_category())});
}

}  // namespace

std::optional<Error> find_closed_folder(const boost::filesystem::path& path) {
  boost::filesystem::path folder;
  for (const auto& part : path.parent_path()) {
    folder /= part;
    if (::faccessat(AT_FDCWD, folder.c_str(), X_OK, AT_EACCESS) != 0 && errno == EACCES) return closed(folder.string());
  }
  return std::nullopt;
}

}  // namespace roamsync::posix
