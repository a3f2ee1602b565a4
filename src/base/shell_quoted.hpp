/// @file
/// Quoting for the commands that errors and reports propose.
#pragma once

#include <string>
#include <string_view>

namespace roamsync {

/// As one word for a POSIX shell, whatever is in it.
inline std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char letter : text) out += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return out + '\'';
}

}  // namespace roamsync
