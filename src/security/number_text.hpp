/// @file
/// Numbers as they stand in SIDs and SDDL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace roamsync {

enum class Letters { lower, upper };

inline bool starts_with_hex_mark(std::string_view text) noexcept {
  return text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

inline int digit_value(char letter) noexcept {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return 99;
}

/// Takes a number off the front of `text`, blanks before it skipped. A mark `0x` makes any number hexadecimal. Base 0
/// takes a leading 0 for octal, as C does. The largest value there is when the digits say more; nothing when there is no
/// digit.
inline std::optional<std::uint64_t> take_number(std::string_view& text, int base) noexcept {
  std::size_t at = 0;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  if (starts_with_hex_mark(text.substr(at))) {
    at += 2;
    base = 16;
  } else if (base == 0) {
    base = at < text.size() && text[at] == '0' ? 8 : 10;
  }
  const auto step = static_cast<std::uint64_t>(base);
  std::uint64_t value = 0;
  const std::size_t first = at;
  for (; at < text.size() && digit_value(text[at]) < base; ++at) {
    const auto digit = static_cast<std::uint64_t>(digit_value(text[at]));
    value = value > (UINT64_MAX - digit) / step ? UINT64_MAX : value * step + digit;
  }
  if (at == first) return std::nullopt;
  text.remove_prefix(at);
  return value;
}

inline std::string hex_text(std::uint64_t value, Letters letters = Letters::lower) {
  const std::string_view digits = letters == Letters::lower ? "0123456789abcdef" : "0123456789ABCDEF";
  std::string out;
  do out.insert(out.begin(), digits[value & 0xF]);
  while ((value >>= 4) != 0);
  return "0x" + out;
}

}  // namespace roamsync
