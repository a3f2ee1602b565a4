/// @file
/// Makes transaction logs in memory: what Windows would have written between two states of one hive.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "hive/marvin.hpp"
#include "support/hive_builder.hpp"

namespace roamsync::testing {

/// Marks a hive as left open in the middle of write `number`: primary `number + 1`, secondary `number`.
inline Bytes left_open(Bytes file, std::uint32_t number) {
  put_at(file, 4, number + 1, 4);
  put_at(file, 8, number, 4);
  seal(file);
  return file;
}

inline Bytes log_header(const Bytes& state, std::uint32_t type, std::uint32_t number) {
  Bytes log(state.begin(), state.begin() + 512);
  put_at(log, 4, number, 4);
  put_at(log, 8, number, 4);
  put_at(log, 28, type, 4);
  seal(log);
  return log;
}

/// Where two states differ, in pieces of `piece` bytes of the bins; the later one may be longer.
inline std::vector<std::size_t> dirty_pieces(const Bytes& before, const Bytes& after, std::size_t piece) {
  std::vector<std::size_t> dirty;
  for (std::size_t at = 4096; at < after.size(); at += piece) {
    const bool same = at + piece <= before.size() && std::memcmp(&before[at], &after[at], piece) == 0;
    if (!same) dirty.push_back(at - 4096);
  }
  return dirty;
}

/// A `DIRT` log that brings `before` to `after`.
inline Bytes sector_log(const Bytes& before, const Bytes& after, std::uint32_t number) {
  Bytes log = log_header(after, 1, number);
  const std::size_t bins = after.size() - 4096;
  log.resize((512 + 4 + bins / 4096 + 511) / 512 * 512);
  put_at(log, 512, 0x54524944, 4);
  for (const std::size_t at : dirty_pieces(before, after, 512)) {
    log[516 + at / 4096] |= std::byte{1} << (at / 512 % 8);
    const auto page = std::span(after).subspan(4096 + at, 512);
    log.insert(log.end(), page.begin(), page.end());
  }
  return log;
}

/// One step of an `HvLE` log.
struct EntrySpec {
  std::uint32_t number = 1;
  std::uint32_t bins_size = 4096;
  std::vector<std::pair<std::uint32_t, Bytes>> pages = {};  ///< offset and bytes
};
inline EntrySpec entry_between(const Bytes& before, const Bytes& after, std::uint32_t number) {
  EntrySpec entry{.number = number, .bins_size = static_cast<std::uint32_t>(after.size() - 4096)};
  for (const std::size_t at : dirty_pieces(before, after, 4096)) {
    const auto page = std::span(after).subspan(4096 + at, 4096);
    entry.pages.emplace_back(static_cast<std::uint32_t>(at), Bytes(page.begin(), page.end()));
  }
  return entry;
}

/// Makes both hashes right again.
inline void hash_entry(std::span<std::byte> entry) {
  Bytes bytes(entry.begin(), entry.end());
  put_at(bytes, 24, hive::marvin32(std::span(bytes).subspan(40)), 8);
  put_at(bytes, 32, hive::marvin32(std::span(bytes).first(32)), 8);
  std::copy(bytes.begin(), bytes.end(), entry.begin());
}

/// An `HvLE` log; its base block has the number of the first entry.
inline Bytes entry_log(const Bytes& state, const std::vector<EntrySpec>& entries) {
  Bytes log = log_header(state, 6, entries.empty() ? 1 : entries.front().number);
  for (const EntrySpec& spec : entries) {
    const std::size_t begin = log.size();
    std::size_t size = 40 + 8 * spec.pages.size();
    for (const auto& page : spec.pages) size += page.second.size();
    log.resize(begin + (size + 511) / 512 * 512);
    put_at(log, begin, 0x454C7648, 4);
    put_at(log, begin + 4, log.size() - begin, 4);
    put_at(log, begin + 12, spec.number, 4);
    put_at(log, begin + 16, spec.bins_size, 4);
    put_at(log, begin + 20, spec.pages.size(), 4);
    std::size_t reference = begin + 40;
    std::size_t data = reference + 8 * spec.pages.size();
    for (const auto& [offset, bytes] : spec.pages) {
      put_at(log, reference, offset, 4);
      put_at(log, reference + 4, bytes.size(), 4);
      std::copy(bytes.begin(), bytes.end(), log.begin() + static_cast<std::ptrdiff_t>(data));
      reference += 8;
      data += bytes.size();
    }
    hash_entry(std::span(log).subspan(begin));
  }
  return log;
}

}  // namespace roamsync::testing
