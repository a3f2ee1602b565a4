/// @file
/// Which cells of the bins are allocated, and which of them have been met: one bit for each 8 bytes and question.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace roamsync::hive {

/// Bits for offsets that are multiples of 8 below a size.
class OffsetSet {
 public:
  explicit OffsetSet(std::uint32_t size) : bits_((std::size_t{size} / 8 + 63) / 64) {}

  void insert(std::uint32_t offset) noexcept { bits_[word(offset)] |= mask(offset); }
  bool contains(std::uint32_t offset) const noexcept {
    return offset % 8 == 0 && word(offset) < bits_.size() && (bits_[word(offset)] & mask(offset)) != 0;
  }

 private:
  static std::size_t word(std::uint32_t offset) noexcept { return offset / 8 / 64; }
  static std::uint64_t mask(std::uint32_t offset) noexcept { return std::uint64_t{1} << (offset / 8 % 64); }
  std::vector<std::uint64_t> bits_;
};

}  // namespace roamsync::hive
