/// @file
/// Name: the name of a key or value as it lies in its hive: Latin-1 bytes ("compressed") or UTF-16LE, possibly with lone
/// surrogates, NUL or line ends inside. It is a view: the hive's bytes must outlive it. Nothing is copied until asked.
///
/// Names compare as Windows compares them: by upper-cased UTF-16 units, one unit to one unit, without locale, so that
/// U+10410 (D801 DC10) stands before U+FF21. Threads: an immutable value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace roamsync::hive {

class Name {
 public:
  constexpr Name() = default;
  constexpr Name(std::span<const std::byte> bytes, bool compressed) noexcept
      : bytes_(bytes.data()), size_(static_cast<std::uint32_t>(bytes.size())), compressed_(compressed) {}

  bool empty() const noexcept { return size() == 0; }
  /// In UTF-16 units.
  std::size_t size() const noexcept { return compressed_ ? size_ : size_ / 2; }
  char16_t operator[](std::size_t index) const noexcept {
    if (compressed_) return static_cast<char16_t>(bytes_[index]);
    return static_cast<char16_t>(std::to_integer<unsigned>(bytes_[2 * index]) |
                                 (std::to_integer<unsigned>(bytes_[2 * index + 1]) << 8));
  }
  bool compressed() const noexcept { return compressed_; }
  /// As stored.
  std::span<const std::byte> bytes() const noexcept { return {bytes_, size_}; }

  std::u16string utf16() const;
  /// A lone surrogate becomes the three bytes its number would have (WTF-8), so nothing is lost.
  std::string utf8() const;

  /// Less than, equal to or greater than 0, case-blind.
  int compare(Name other) const noexcept;
  bool same(Name other) const noexcept { return compare(other) == 0; }
  /// Equal unit for unit, case and all; how they are stored does not matter.
  bool identical(Name other) const noexcept;
  /// The hash of `lh` lists: h = 37 h + upper(unit). Equal for names that are the same.
  std::uint32_t hash() const noexcept;

 private:
  const std::byte* bytes_ = nullptr;
  std::uint32_t size_ = 0;
  bool compressed_ = true;
};

/// UTF-16 to UTF-8, lone surrogates as three bytes each.
std::string to_utf8(std::u16string_view text);
/// The way back; bytes that are no such text become U+FFFD.
std::u16string to_utf16(std::string_view text);

}  // namespace roamsync::hive
