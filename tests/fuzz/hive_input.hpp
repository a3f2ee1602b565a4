/// @file
/// What the hive targets share. A fuzzer would never guess a checksum or a hash, so they are made right before a second look.
#pragma once

#include <algorithm>
#include <vector>

#include "fuzz/require.hpp"
#include "hive/base_block.hpp"
#include "hive/marvin.hpp"

namespace roamsync::fuzz {

using Bytes = std::vector<std::byte>;

inline void put32(Bytes& bytes, std::size_t at, std::uint64_t value, std::size_t size = 4) {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
}

/// With the right checksum in the header, and as many bins promised as there are.
inline Bytes sealed_hive(std::span<const std::byte> input) {
  Bytes file(input.begin(), input.end());
  if (file.size() < hive::base_block_size + hive::page_size) return file;
  const auto bins = (file.size() - hive::base_block_size) / hive::page_size * hive::page_size;
  put32(file, hive::base_field::bins_size, std::min<std::size_t>(bins, ByteView(file).at<std::uint32_t>(40)));
  put32(file, hive::base_field::checksum, hive::header_checksum(ByteView(file)));
  return file;
}

/// With the right checksum in the header and the right hashes in each entry.
inline Bytes sealed_log(std::span<const std::byte> input) {
  Bytes log(input.begin(), input.end());
  if (log.size() < 512) return log;
  put32(log, hive::base_field::checksum, hive::header_checksum(ByteView(log)));
  for (std::size_t at = 512; at + 512 <= log.size();) {
    const auto size = ByteView(log).at<std::uint32_t>(at + 4);
    if (size < 512 || size % 512 != 0 || size > log.size() - at) break;
    const auto entry = std::span(log).subspan(at, size);
    put32(log, at + 24, hive::marvin32(entry.subspan(40)), 8);
    put32(log, at + 32, hive::marvin32(entry.first(32)), 8);
    at += size;
  }
  return log;
}

/// Cuts an input into `count` pieces whose sizes, but for the last, stand at its beginning (4 bytes each).
inline std::vector<std::span<const std::byte>> pieces(std::span<const std::byte> input, std::size_t count) {
  std::vector<std::span<const std::byte>> cut;
  ByteView view(input);
  std::size_t at = std::min(4 * (count - 1), input.size());
  for (std::size_t piece = 0; piece < count; ++piece) {
    const std::size_t left = input.size() - at;
    const std::size_t wanted = piece + 1 < count ? view.get<std::uint32_t>(4 * piece).value_or(0) : left;
    cut.push_back(input.subspan(at, std::min(wanted, left)));
    at += cut.back().size();
  }
  return cut;
}

}  // namespace roamsync::fuzz
