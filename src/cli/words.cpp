#include "cli/words.hpp"

#include <array>
#include <cstdio>

namespace roamsync::cli {

std::string size_in_words(std::uint64_t bytes) {
  constexpr std::array units{"bytes", "KiB", "MiB", "GiB", "TiB"};
  if (bytes == 1) return "1 byte";
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  std::array<char, 40> text = {};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text.data();
}

std::string count_in_words(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

std::string time_in_words(FileTime time) {
  if (time.ticks == 0) return "unknown";
  std::string text = time.text();
  if (text.size() < 19) return text;
  text[10] = ' ';
  return text.substr(0, 19) + " UTC";
}

std::string seconds_in_words(std::chrono::duration<double> seconds) {
  std::array<char, 40> text = {};
  std::snprintf(text.data(), text.size(), "%.2f s", seconds.count());
  return text.data();
}

}  // namespace roamsync::cli
