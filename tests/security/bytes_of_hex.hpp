/// @file
/// Bytes as hexadecimal digits, for literals in tests.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "security/number_text.hpp"

namespace roamsync::testing {

inline std::vector<std::byte> bytes_of_hex(std::string_view hex) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(16 * digit_value(hex[i]) + digit_value(hex[i + 1])));
  }
  return bytes;
}

inline std::string hex_of_bytes(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const std::byte byte : bytes) {
    hex += digits[std::to_integer<unsigned>(byte) >> 4];
    hex += digits[std::to_integer<unsigned>(byte) & 0xF];
  }
  return hex;
}

}  // namespace roamsync::testing
