#include <roamsync/printable.hpp>

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace roamsync {
namespace {

bool is_plain(char letter) noexcept {
  const auto byte = static_cast<unsigned char>(letter);
  return byte >= 0x20 && byte < 0x7F;
}

void append_escape(std::string& line, const char* form, unsigned number) {
  switch (number) {
    case '\n': line += "\\n"; return;
    case '\r': line += "\\r"; return;
    case '\t': line += "\\t"; return;
    default: break;
  }
  std::array<char, 12> text = {};
  std::snprintf(text.data(), text.size(), form, number);
  line += text.data();
}

}  // namespace

std::string printable(std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string line;
  line.reserve(text.size() + 16);
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
    const std::size_t taken = size > 0 ? static_cast<std::size_t>(size) : 1;
    if (size <= 0 || point < 0x20 || point == 0x7F) {
      append_escape(line, "\\x%02x", static_cast<unsigned char>(text.front()));
    } else if (point >= 0x80 && point < 0xA0) {
      append_escape(line, "\\u%04x", static_cast<unsigned>(point));
    } else {
      line += text.substr(0, taken);
    }
    text.remove_prefix(taken);
  }
  return line;
}

}  // namespace roamsync
