#include "bench/profile_hive.hpp"

#include "support/hive_builder.hpp"

#include <roamsync/hive_check.hpp>

#include <algorithm>

namespace roamsync::bench {
namespace {

using testing::get_at;
using testing::put_at;

constexpr std::size_t page_size = 4096;
constexpr std::size_t bins_at = 4096;
constexpr std::size_t bin_header = 32;
constexpr std::size_t values_per_key = 6;
constexpr std::size_t sample_keys = 3000;

std::size_t whole_pages(std::uint64_t bytes) {
  return static_cast<std::size_t>((bytes + page_size - 1) / page_size * page_size);
}

std::vector<std::byte> build(std::size_t keys, unsigned seed, std::size_t free_tail = 0) {
  testing::HiveSpec spec = testing::profile_hive(keys, values_per_key, seed);
  spec.free_tail = free_tail;
  return testing::build_hive(spec);
}

/// The size of the cell at `at` when it is in use and lies within the file, header counted; else 0.
std::size_t cell_in_use(const std::vector<std::byte>& hive, std::size_t at) {
  if (at % 8 != 0 || at + 8 > hive.size()) return 0;
  const std::uint32_t size = 0 - get_at(hive, at);
  return size >= 8 && size <= hive.size() - at ? size : 0;
}

/// Where the data of the binary value in the cell at `at` stands; 0 when the cell is none or keeps its data in itself.
std::size_t value_data(const std::vector<std::byte>& hive, std::size_t at) {
  constexpr std::uint64_t binary = 3;
  constexpr std::uint64_t vk = 0x6B76;
  if (cell_in_use(hive, at) < 28 || get_at(hive, at + 4, 2) != vk || get_at(hive, at + 16) != binary) return 0;
  const std::uint32_t size = get_at(hive, at + 8);
  const std::size_t data = bins_at + get_at(hive, at + 12);
  if (size <= 4 || size > 16344 || cell_in_use(hive, data) < size + 4) return 0;
  return data + 4;
}

/// Places of value data, in order, at most one a page.
std::vector<std::size_t> editable_places(const std::vector<std::byte>& hive) {
  std::vector<std::size_t> places;
  for (std::size_t bin = bins_at; bin + bin_header <= hive.size();) {
    const std::size_t end = bin + std::max<std::size_t>(get_at(hive, bin + 8), page_size);
    for (std::size_t at = bin + bin_header; at + 8 <= std::min(end, hive.size());) {
      if (const std::size_t place = value_data(hive, at)) places.push_back(place);
      const auto size = static_cast<std::int32_t>(get_at(hive, at));
      at += std::max<std::size_t>(8, static_cast<std::size_t>(size < 0 ? -std::int64_t{size} : size));
    }
    bin = end;
  }
  std::sort(places.begin(), places.end());
  const auto same_page = [](std::size_t left, std::size_t right) { return left / page_size == right / page_size; };
  places.erase(std::unique(places.begin(), places.end(), same_page), places.end());
  return places;
}

}  // namespace

std::vector<std::byte> make_hive(std::uint64_t size, std::uint64_t seed) {
  const std::size_t wanted = whole_pages(size);
  const auto number = static_cast<unsigned>(seed);
  const std::size_t key_bytes = build(sample_keys, number).size() / sample_keys + 1;
  for (std::size_t keys = std::max<std::size_t>(1, wanted / key_bytes);; keys = keys * 9 / 10) {
    std::vector<std::byte> hive = build(keys, number);
    if (hive.size() == wanted || keys <= 1) return hive;
    // The rest is one free bin, as after a program was uninstalled.
    if (hive.size() < wanted) return build(keys, number, wanted - hive.size() - bin_header);
  }
}

Result<std::size_t> edit_hive(std::vector<std::byte>& hive, std::size_t pages, std::uint64_t seed, FileTime now) {
  const std::vector<std::size_t> places = editable_places(hive);
  if (pages < 2 || places.empty()) return Errc::hive_corrupt;
  const std::size_t edits = std::min(pages - 1, places.size());
  for (std::size_t i = 0; i < edits; ++i) {
    hive[places[i * places.size() / edits]] ^= static_cast<std::byte>(1 + seed % 255);
  }
  const std::uint64_t sequence = std::uint64_t{get_at(hive, 4)} + 1;
  put_at(hive, 4, sequence, 4);
  put_at(hive, 8, sequence, 4);
  put_at(hive, 12, static_cast<std::uint64_t>(now.ticks), 8);
  testing::seal(hive);
  const Verdict verdict = check_hive(hive);
  if (verdict.state != HiveState::clean) return Error(Errc::hive_corrupt, {.found = verdict.message()});
  return edits + 1;
}

}  // namespace roamsync::bench
