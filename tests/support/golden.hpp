/// @file
/// Golden files: expected texts beside the tests. With ROAMSYNC_UPDATE_GOLDEN=1 in the environment they are written anew;
/// read the difference before it is kept.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace roamsync::testing {

inline bool updates_golden() {
  const char* value = std::getenv("ROAMSYNC_UPDATE_GOLDEN");
  return value != nullptr && std::string(value) == "1";
}

inline std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace roamsync::testing
