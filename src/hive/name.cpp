#include <roamsync/hive_name.hpp>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/upcase.hpp"

namespace roamsync::hive {
namespace {

const std::array<char16_t, 256>& latin1_upper() {
  static const std::array<char16_t, 256> table = [] {
    std::array<char16_t, 256> made{};
    for (std::size_t unit = 0; unit < made.size(); ++unit) made[unit] = upcase(static_cast<char16_t>(unit));
    return made;
  }();
  return table;
}

char16_t upper(char16_t unit) noexcept { return unit < 256 ? latin1_upper()[unit] : upcase(unit); }

bool is_lead(char16_t unit) noexcept { return unit >= 0xD800 && unit < 0xDC00; }
bool is_trail(char16_t unit) noexcept { return unit >= 0xDC00 && unit < 0xE000; }

void append_utf8(std::string& text, char32_t point) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (point < 0x80) return put(point);
  if (point < 0x800) return put(0xC0 | (point >> 6)), put(0x80 | (point & 0x3F));
  if (point < 0x10000) return put(0xE0 | (point >> 12)), put(0x80 | ((point >> 6) & 0x3F)), put(0x80 | (point & 0x3F));
  put(0xF0 | (point >> 18)), put(0x80 | ((point >> 12) & 0x3F)), put(0x80 | ((point >> 6) & 0x3F));
  put(0x80 | (point & 0x3F));
}

template <class Units>
std::string utf8_of(const Units& units) {
  std::string text;
  text.reserve(units.size());
  for (std::size_t at = 0; at < units.size(); ++at) {
    const char16_t unit = units[at];
    if (is_lead(unit) && at + 1 < units.size() && is_trail(units[at + 1])) {
      append_utf8(text, 0x10000U + ((char32_t{unit} - 0xD800U) << 10) + (char32_t{units[at + 1]} - 0xDC00U));
      ++at;
    } else {
      append_utf8(text, unit);
    }
  }
  return text;
}

}  // namespace

bool Name::fits_latin1() const noexcept {
  if (storage_ == Storage::latin1) return true;
  for (std::size_t at = 0; at < size(); ++at) {
    if ((*this)[at] > 0xFF) return false;
  }
  return true;
}

std::u16string Name::utf16() const {
  std::u16string text(size(), u'\0');
  for (std::size_t at = 0; at < text.size(); ++at) text[at] = (*this)[at];
  return text;
}

std::string Name::utf8() const {
  const bool is_ascii = storage_ == Storage::latin1 &&
                        std::all_of(bytes_, bytes_ + size_, [](std::byte byte) { return byte < std::byte{0x80}; });
  return is_ascii ? std::string(reinterpret_cast<const char*>(bytes_), size_) : utf8_of(*this);
}

int Name::compare(Name other) const noexcept {
  const std::size_t common = std::min(size(), other.size());
  for (std::size_t at = 0; at < common; ++at) {
    const char16_t mine = (*this)[at];
    const char16_t theirs = other[at];
    if (mine == theirs) continue;
    const char16_t left = upper(mine);
    const char16_t right = upper(theirs);
    if (left != right) return left < right ? -1 : 1;
  }
  if (size() == other.size()) return 0;
  return size() < other.size() ? -1 : 1;
}

bool Name::identical(Name other) const noexcept {
  if (size() != other.size()) return false;
  if (storage_ == Storage::latin1 && other.storage_ == Storage::latin1) {
    return size() == 0 || std::memcmp(bytes_, other.bytes_, size()) == 0;
  }
  for (std::size_t at = 0; at < size(); ++at) {
    if ((*this)[at] != other[at]) return false;
  }
  return true;
}

std::uint32_t Name::hash() const noexcept {
  std::uint32_t hash = 0;
  for (std::size_t at = 0; at < size(); ++at) hash = 37 * hash + upper((*this)[at]);
  return hash;
}

std::string to_utf8(std::u16string_view text) { return utf8_of(text); }

std::u16string to_utf16(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? char32_t{static_cast<unsigned char>(text[at])} : char32_t{0};
  };
  const auto is_tail = [&](std::size_t at) { return (byte(at) & 0xC0) == 0x80; };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t first = byte(at);
    char32_t point = 0xFFFD;
    std::size_t size = 1;
    if (first < 0x80) {
      point = first;
    } else if (first >= 0xC2 && first < 0xE0 && is_tail(at + 1)) {
      point = ((first & 0x1F) << 6) | (byte(at + 1) & 0x3F), size = 2;
    } else if (first >= 0xE0 && first < 0xF0 && is_tail(at + 1) && is_tail(at + 2)) {
      point = ((first & 0x0F) << 12) | ((byte(at + 1) & 0x3F) << 6) | (byte(at + 2) & 0x3F), size = 3;
      if (point < 0x800) point = 0xFFFD;
    } else if (first >= 0xF0 && first < 0xF5 && is_tail(at + 1) && is_tail(at + 2) && is_tail(at + 3)) {
      point = ((first & 0x07) << 18) | ((byte(at + 1) & 0x3F) << 12) | ((byte(at + 2) & 0x3F) << 6);
      point |= byte(at + 3) & 0x3F, size = 4;
      if (point < 0x10000 || point > 0x10FFFF) point = 0xFFFD;
    }
    at += size;
    if (point < 0x10000) {
      units += static_cast<char16_t>(point);
    } else {
      units += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10));
      units += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return units;
}

}  // namespace roamsync::hive
