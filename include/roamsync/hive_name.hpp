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
      : bytes_(bytes.data()),
        size_(static_cast<std::uint32_t>(compressed ? bytes.size() : bytes.size() / 2)),
        storage_(compressed ? Storage::latin1 : Storage::little) {}
  /// A name given by the program. The text must outlive it.
  explicit Name(std::u16string_view text) noexcept
      : bytes_(reinterpret_cast<const std::byte*>(text.data())),
        size_(static_cast<std::uint32_t>(text.size())),
        storage_(Storage::native) {}

  bool empty() const noexcept { return size_ == 0; }
  /// In UTF-16 units.
  std::size_t size() const noexcept { return size_; }
  char16_t operator[](std::size_t index) const noexcept {
    if (storage_ == Storage::latin1) return static_cast<char16_t>(bytes_[index]);
    if (storage_ == Storage::native) return reinterpret_cast<const char16_t*>(bytes_)[index];
    return static_cast<char16_t>(std::to_integer<unsigned>(bytes_[2 * index]) |
                                 (std::to_integer<unsigned>(bytes_[2 * index + 1]) << 8));
  }
  /// As stored, for names read from a hive.
  std::span<const std::byte> bytes() const noexcept {
    return {bytes_, storage_ == Storage::latin1 ? size_ : 2 * std::size_t{size_}};
  }
  /// True when every unit is below 256: Windows stores such names as Latin-1.
  bool fits_latin1() const noexcept;

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
  enum class Storage : std::uint8_t { latin1, little, native };
  const std::byte* bytes_ = nullptr;
  std::uint32_t size_ = 0;  // in units
  Storage storage_ = Storage::latin1;
};

/// UTF-16 to UTF-8, lone surrogates as three bytes each.
std::string to_utf8(std::u16string_view text);
/// The way back; bytes that are no such text become U+FFFD.
std::u16string to_utf16(std::string_view text);

}  // namespace roamsync::hive
