/// @file
/// Upload bar: why nothing of a session may go up, whatever has changed here. Known before anybody looks at the server.
#pragma once

#include "session/workspace.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace roamsync {

struct UploadBar {
  std::string text;            ///< that it is so by intention: mandatory, read-only; then there is nothing to do
  std::optional<Error> cause;  ///< or what has to be mended first
};

/// Nothing when the session may upload. `location`: the server's profile folder.
std::optional<UploadBar> upload_bar(const Workspace& work, const SessionRecord& session, std::string_view location);

}  // namespace roamsync
