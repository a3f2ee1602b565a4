/// @file
/// Text inside SDDL: blanks, errors, and names and strings with their escapes (`%` and four hexadecimal digits for a UTF-16
/// unit, [MS-DTYP] 2.5.1.1).
#pragma once

#include <roamsync/error.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync::sddl {

Error bad_sddl(std::string_view expected, std::string_view found);

constexpr bool is_blank(char letter) noexcept {
  return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

constexpr std::string_view skip_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

/// UTF-16, little-endian, without an end mark; nothing for bytes that are no UTF-8.
std::optional<std::vector<std::byte>> utf16_of(std::string_view text);

enum class Spelled {
  name,   ///< of an attribute: blanks and operators are escaped
  quoted  ///< within quotes
};
/// The other way; nothing for an odd number of bytes.
std::optional<std::string> text_of_utf16(std::span<const std::byte> bytes, Spelled spelled);

/// `#`, or nothing, and pairs of hexadecimal digits, off the front of `text`.
Result<std::vector<std::byte>> take_octets(std::string_view& text);
/// The digits alone.
std::string octets_text(std::span<const std::byte> bytes);

/// True when `bytes` are `again` and up to three zeros, with which an entry is filled up to a multiple of four bytes.
bool same_but_padding(std::span<const std::byte> bytes, std::span<const std::byte> again) noexcept;

}  // namespace roamsync::sddl
