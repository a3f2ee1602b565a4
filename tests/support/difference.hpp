/// @file
/// What tells two profiles apart, for the message of a test.
#pragma once

#include <map>
#include <string>

namespace roamsync::testing {

/// Contents by path: " -gone.txt !changed.txt +new.txt"; empty when they are the same.
inline std::string difference(const std::map<std::string, std::string>& left,
                              const std::map<std::string, std::string>& right) {
  std::string text;
  for (const auto& [path, bytes] : left) {
    const auto at = right.find(path);
    if (at == right.end()) text += " -" + path;
    if (at != right.end() && at->second != bytes) text += " !" + path;
  }
  for (const auto& [path, bytes] : right) {
    if (!left.contains(path)) text += " +" + path;
  }
  return text;
}

}  // namespace roamsync::testing
