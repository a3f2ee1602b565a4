#include <roamsync/security.hpp>

#include "security/number_text.hpp"

namespace roamsync {
namespace {

// Where the bytes of the wire stand in the text: the first three groups are little-endian numbers.
constexpr std::array<std::size_t, 16> text_offsets{6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34};

}  // namespace

std::optional<Guid> Guid::parse(std::string_view text) noexcept {
  if (text.size() != 36) return std::nullopt;
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    if (text[dash] != '-') return std::nullopt;
  }
  Guid guid;
  for (std::size_t i = 0; i < 16; ++i) {
    const int high = digit_value(text[text_offsets[i]]);
    const int low = digit_value(text[text_offsets[i] + 1]);
    if (high > 15 || low > 15) return std::nullopt;
    guid.bytes[i] = static_cast<std::byte>(16 * high + low);
  }
  return guid;
}

std::string Guid::text() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(36, '-');
  for (std::size_t i = 0; i < 16; ++i) {
    const auto value = std::to_integer<unsigned>(bytes[i]);
    out[text_offsets[i]] = digits[value >> 4];
    out[text_offsets[i] + 1] = digits[value & 0xF];
  }
  return out;
}

}  // namespace roamsync
