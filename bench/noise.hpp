/// @file
/// Bytes that no disk compresses and no two pages of which are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace roamsync::bench {

/// Same seed, same bytes.
inline void fill_with_noise(std::span<std::byte> bytes, std::uint64_t seed) {
  std::uint64_t state = seed * 0x9E3779B97F4A7C15U + 1;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof state) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    std::memcpy(bytes.data() + at, &state, bytes.size() - at < sizeof state ? bytes.size() - at : sizeof state);
  }
}

inline std::vector<std::byte> noise(std::size_t size, std::uint64_t seed = 1) {
  std::vector<std::byte> bytes(size);
  fill_with_noise(bytes, seed);
  return bytes;
}

}  // namespace roamsync::bench
