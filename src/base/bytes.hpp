/// @file
/// Checked reading and writing of little-endian bytes. Everything that parses bytes from elsewhere goes through here.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace roamsync {

static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big);

template <std::unsigned_integral T>
constexpr T from_little(T value) noexcept {
  if constexpr (std::endian::native == std::endian::big && sizeof(T) > 1) {
    T swapped = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) swapped = static_cast<T>((swapped << 8) | ((value >> (8 * i)) & 0xFF));
    return swapped;
  }
  return value;
}

/// A window over bytes that outlive it. Every read is checked; offsets are never added without a bound.
class ByteView {
 public:
  constexpr ByteView() = default;
  constexpr ByteView(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}

  constexpr std::size_t size() const noexcept { return bytes_.size(); }
  constexpr std::span<const std::byte> bytes() const noexcept { return bytes_; }
  constexpr bool holds(std::uint64_t offset, std::uint64_t size) const noexcept {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }

  /// The integer at `offset`, or nothing when it does not lie wholly inside.
  template <std::unsigned_integral T>
  std::optional<T> get(std::uint64_t offset) const noexcept {
    if (!holds(offset, sizeof(T))) return std::nullopt;
    return at<T>(offset);
  }
  /// The integer at an offset that `holds` has been asked about.
  template <std::unsigned_integral T>
  T at(std::uint64_t offset) const noexcept {
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return from_little(value);
  }
  std::optional<ByteView> part(std::uint64_t offset, std::uint64_t size) const noexcept {
    if (!holds(offset, size)) return std::nullopt;
    return ByteView(bytes_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size)));
  }

 private:
  std::span<const std::byte> bytes_;
};

/// Reads a sequence front to back. After the first failure everything fails and `ok()` says so.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) noexcept : view_(bytes) {}

  bool ok() const noexcept { return ok_; }
  std::size_t left() const noexcept { return view_.size() - at_; }
  std::size_t offset() const noexcept { return at_; }

  template <std::unsigned_integral T>
  T take() noexcept {
    const auto value = view_.get<T>(at_);
    if (!ok_ || !value) return ok_ = false, T{};
    at_ += sizeof(T);
    return *value;
  }
  /// LEB128, at most 64 bits.
  std::uint64_t take_varint() noexcept {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = take<std::uint8_t>();
      if (!ok_ || (shift == 63 && byte > 1)) return ok_ = false, 0;
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    return ok_ = false, 0;
  }
  std::span<const std::byte> take_bytes(std::uint64_t size) noexcept {
    const auto part = view_.part(at_, size);
    if (!ok_ || !part) return ok_ = false, std::span<const std::byte>{};
    at_ += static_cast<std::size_t>(size);
    return part->bytes();
  }
  /// A string with its length in front. The characters stay in the bytes read.
  std::string_view take_text() noexcept {
    const auto bytes = take_bytes(take_varint());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  ByteView view_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

class ByteWriter {
 public:
  template <std::unsigned_integral T>
  void put(T value) {
    value = from_little(value);
    const auto* bytes = reinterpret_cast<const std::byte*>(&value);
    bytes_.insert(bytes_.end(), bytes, bytes + sizeof value);
  }
  void put_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<std::byte>((value & 0x7F) | 0x80));
    bytes_.push_back(static_cast<std::byte>(value));
  }
  void put_bytes(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void put_text(std::string_view text) {
    put_varint(text.size());
    put_bytes(std::as_bytes(std::span(text)));
  }
  /// Room for so many more bytes: a large record would else lie around twice while it grows.
  void reserve(std::size_t more) { bytes_.reserve(bytes_.size() + more); }
  std::size_t size() const noexcept { return bytes_.size(); }
  std::vector<std::byte> take() noexcept { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace roamsync
