/// @file
/// PageDigests: which pages of a large file changed, told without reading the old one.
///
/// A plain value. Kept beside a file's own digest by whoever publishes it, and given to the next copy of that file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace roamsync {

/// Digests of a file's pages of 4 KiB, the last one short.
struct PageDigests {
  static constexpr std::size_t page_size = 4096;
  std::uint64_t file_size = 0;
  std::vector<std::uint64_t> pages;  ///< XXH3-64 of each page
  friend bool operator==(const PageDigests&, const PageDigests&) = default;
};
/// Files from this size on have page digests.
inline constexpr std::uint64_t paged_size_min = 1 << 20;

}  // namespace roamsync
