#include "security/sddl_text.hpp"

#include <algorithm>
#include <cstdint>

#include "base/bytes.hpp"
#include "security/number_text.hpp"

namespace roamsync::sddl {
namespace {

void put_unit(std::vector<std::byte>& bytes, unsigned unit) {
  bytes.push_back(static_cast<std::byte>(unit & 0xFF));
  bytes.push_back(static_cast<std::byte>(unit >> 8));
}

// The first code point of UTF-8 text that is not empty, taken off; nothing when it is none.
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte_at(0);
  const std::size_t size = lead < 0x80                   ? 1
                           : lead >= 0xC2 && lead < 0xE0 ? 2
                           : lead >= 0xE0 && lead < 0xF0 ? 3
                           : lead >= 0xF0 && lead < 0xF5 ? 4
                                                         : 0;
  if (size == 0 || size > text.size()) return std::nullopt;
  char32_t value = size == 1 ? lead : lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte_at(i) & 0xC0U) != 0x80U) return std::nullopt;
    value = value << 6 | (byte_at(i) & 0x3FU);
  }
  text.remove_prefix(size);
  return value;
}

std::optional<unsigned> escaped_unit(std::string_view text) {
  if (text.size() < 5 || text[0] != '%') return std::nullopt;
  unsigned value = 0;
  for (const char digit : text.substr(1, 4)) {
    if (digit_value(digit) > 15) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit_value(digit));
  }
  return value;
}

bool needs_escape(unsigned unit, Spelled spelled) {
  if (unit < 0x20 || unit > 0x7E || unit == '%' || unit == '"') return true;
  return spelled == Spelled::name &&
         std::string_view(" !&()<=>|").find(static_cast<char>(unit)) != std::string_view::npos;
}

}  // namespace

Error bad_sddl(std::string_view expected, std::string_view found) {
  constexpr std::size_t shown_max = 60;
  return Error(Errc::bad_descriptor,
               {.step = "read SDDL",
                .expected = std::string(expected),
                .found = '\'' + std::string(found.substr(0, shown_max)) + (found.size() > shown_max ? "…'" : "'")});
}

std::optional<std::vector<std::byte>> utf16_of(std::string_view text) {
  std::vector<std::byte> bytes;
  while (!text.empty()) {
    if (const auto unit = escaped_unit(text)) {
      put_unit(bytes, *unit);
      text.remove_prefix(5);
      continue;
    }
    const auto point = take_code_point(text);
    if (!point) return std::nullopt;
    if (*point < 0x10000) {
      put_unit(bytes, static_cast<unsigned>(*point));
    } else {
      const auto above = static_cast<unsigned>(*point) - 0x10000;
      put_unit(bytes, 0xD800 + (above >> 10));
      put_unit(bytes, 0xDC00 + (above & 0x3FF));
    }
  }
  return bytes;
}

std::optional<std::string> text_of_utf16(std::span<const std::byte> bytes, Spelled spelled) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const unsigned unit = std::to_integer<unsigned>(bytes[i]) | std::to_integer<unsigned>(bytes[i + 1]) << 8;
    if (!needs_escape(unit, spelled)) {
      out += static_cast<char>(unit);
      continue;
    }
    out += '%';
    for (const unsigned shift : {12U, 8U, 4U, 0U}) out += digits[(unit >> shift) & 0xF];
  }
  return out;
}

Result<std::vector<std::byte>> take_octets(std::string_view& text) {
  const std::string_view whole = text;
  if (text.starts_with('#')) text.remove_prefix(1);
  std::vector<std::byte> bytes;
  while (!text.empty() && digit_value(text.front()) < 16) {
    if (text.size() < 2 || digit_value(text[1]) > 15) return bad_sddl("pairs of hexadecimal digits", whole);
    bytes.push_back(static_cast<std::byte>(16 * digit_value(text[0]) + digit_value(text[1])));
    text.remove_prefix(2);
  }
  return bytes;
}

bool same_but_padding(std::span<const std::byte> bytes, std::span<const std::byte> again) noexcept {
  if (again.size() > bytes.size() || bytes.size() - again.size() > 3) return false;
  const auto rest = bytes.subspan(again.size());
  return std::equal(again.begin(), again.end(), bytes.begin()) &&
         std::all_of(rest.begin(), rest.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

std::string octets_text(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::byte byte : bytes) {
    out += digits[std::to_integer<unsigned>(byte) >> 4];
    out += digits[std::to_integer<unsigned>(byte) & 0xF];
  }
  return out;
}

}  // namespace roamsync::sddl
