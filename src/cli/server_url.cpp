#include "cli/server_url.hpp"

#include "cli/usage_error.hpp"

#include <algorithm>
#include <cctype>

namespace roamsync::cli {
namespace {

// "smb" of "smb://…"; empty when it is a path.
std::string scheme_of(const std::string& text) {
  const auto end = text.find("://");
  if (end == std::string::npos || end == 0) return {};
  std::string scheme = text.substr(0, end);
  for (char& letter : scheme) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) return {};
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return scheme;
}

bool holds_password(const std::string& text) {
  const auto begin = text.find("://") + 3;
  const auto authority = text.substr(begin, text.find('/', begin) - begin);
  const auto at = authority.rfind('@');
  return at != std::string::npos && authority.find(':') < at;
}

bool is_share_of_windows(const std::string& text) { return text.starts_with("\\\\"); }

}  // namespace

Result<boost::filesystem::path> folder_of_server(const std::string& text) {
  if (text.empty()) return usage_error("--server is empty", "give a folder, such as a mounted share");
  const std::string scheme = scheme_of(text);
  if (scheme == "smb") {
    if (holds_password(text)) {
      return usage_error("the URL of --server holds a password, which every process of this machine can read",
                         "leave it out and use ROAMSYNC_PASSWORD or --password-file");
    }
    return Error(Errc::not_supported,
                 {.step = "open the server",
                  .path = text,
                  .found = "a URL, and this build has no SMB client",
                  .cure = "mount the share (mount -t cifs) and give the path of the profile folder in it"});
  }
  if (!scheme.empty()) {
    return usage_error("--server " + text + ": nothing is known of " + scheme + "://",
                       "give a folder or an smb:// URL");
  }
#ifndef _WIN32
  if (is_share_of_windows(text)) {
    return usage_error("--server " + text + ": such a name is understood on Windows only",
                       "mount the share (mount -t cifs) and give the path of the profile folder in it");
  }
#endif
  return boost::filesystem::path(text);
}

}  // namespace roamsync::cli
