#include "base/upcase.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>

namespace roamsync {
namespace {

// One step of a UTF-8 string: a code point, or a byte that is no UTF-8 as a value above all code points.
struct Decoded {
  char32_t value;
  std::size_t size;
};
constexpr char32_t stray_byte = 0x110000;

Decoded decode(std::string_view text) noexcept {
  utf8proc_int32_t point = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const utf8proc_ssize_t size = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &point);
  if (size > 0) return {static_cast<char32_t>(point), static_cast<std::size_t>(size)};
  return {stray_byte + static_cast<unsigned char>(text.front()), 1};
}

char32_t upcase_point(char32_t point) noexcept {
  return point < 0x10000 ? upcase(static_cast<char16_t>(point)) : point;
}

// Supplementary characters sort by their lead surrogate, before U+E000..U+FFFF.
std::uint64_t rank(char32_t point) noexcept {
  if (point < 0xD800 || point >= stray_byte) return std::uint64_t{point} << 16;
  if (point < 0x10000) return std::uint64_t{point} << 16;
  const char32_t offset = point - 0x10000;
  return (std::uint64_t{0xD800 + (offset >> 10)} << 16) | (0xDC00 + (offset & 0x3FF));
}

bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }
unsigned char upcase_ascii(char c) noexcept {
  return static_cast<unsigned char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
}

}  // namespace

char16_t upcase(char16_t unit) noexcept {
  if (unit < 0x80) return upcase_ascii(static_cast<char>(unit));
  if (unit == 0x00DF || unit == 0x0131 || unit == 0x017F || (unit >= 0xD800 && unit < 0xE000)) return unit;
  const utf8proc_int32_t upper = utf8proc_toupper(unit);
  return upper > 0 && upper < 0x10000 ? static_cast<char16_t>(upper) : unit;
}

int compare_upcased(std::string_view left, std::string_view right) noexcept {
  const std::size_t common = std::min(left.size(), right.size());
  std::size_t at = static_cast<std::size_t>(
      std::mismatch(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(common), right.begin()).first -
      left.begin());
  // The first different byte may lie inside a character.
  while (at > 0 && at < left.size() && (static_cast<unsigned char>(left[at]) & 0xC0) == 0x80) --at;
  while (at > 0 && at < right.size() && (static_cast<unsigned char>(right[at]) & 0xC0) == 0x80) --at;
  left.remove_prefix(at);
  right.remove_prefix(at);
  while (!left.empty() && !right.empty()) {
    if (is_ascii(left.front()) && is_ascii(right.front())) {
      const unsigned char a = upcase_ascii(left.front());
      const unsigned char b = upcase_ascii(right.front());
      if (a != b) return a < b ? -1 : 1;
      left.remove_prefix(1);
      right.remove_prefix(1);
      continue;
    }
    const Decoded a = decode(left);
    const Decoded b = decode(right);
    const std::uint64_t rank_a = rank(upcase_point(a.value));
    const std::uint64_t rank_b = rank(upcase_point(b.value));
    if (rank_a != rank_b) return rank_a < rank_b ? -1 : 1;
    left.remove_prefix(a.size);
    right.remove_prefix(b.size);
  }
  if (left.empty() && right.empty()) return 0;
  return left.empty() ? -1 : 1;
}

UpcasedCharacter first_upcased(std::string_view utf8) noexcept {
  if (is_ascii(utf8.front())) return {upcase_ascii(utf8.front()), 1};
  const Decoded one = decode(utf8);
  return {upcase_point(one.value), one.size};
}

std::string upcase(std::string_view utf8) {
  std::string upper;
  upper.reserve(utf8.size());
  while (!utf8.empty()) {
    if (is_ascii(utf8.front())) {
      upper += static_cast<char>(upcase_ascii(utf8.front()));
      utf8.remove_prefix(1);
      continue;
    }
    const Decoded one = decode(utf8);
    if (one.value >= stray_byte) {
      upper += utf8.front();
    } else {
      utf8proc_uint8_t bytes[4];
      const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(upcase_point(one.value)), bytes);
      upper.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    }
    utf8.remove_prefix(one.size);
  }
  return upper;
}

}  // namespace roamsync
