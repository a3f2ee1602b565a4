/// @file
/// Random: every choice of a simulation, from one seed. Not one of the standard library's distributions: those may draw
/// differently on another system, and a seed is to mean the same everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace roamsync::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {  // SplitMix64 (Steele, Lea, Flood 2014)
    std::uint64_t value = (state_ += 0x9E3779B97F4A7C15U);
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31);
  }
  /// 0 to `count` - 1.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  bool one_in(std::size_t count) { return below(count) == 0; }
  template <class Range>
  const auto& pick(const Range& range) {
    return range[below(range.size())];
  }
  /// The number of the one that was drawn; each is as likely as its weight says.
  std::size_t weighted(std::initializer_list<std::size_t> weights) {
    std::size_t sum = 0;
    for (const std::size_t weight : weights) sum += weight;
    std::size_t drawn = below(sum);
    std::size_t number = 0;
    for (const std::size_t weight : weights) {
      if (drawn < weight) break;
      drawn -= weight;
      ++number;
    }
    return number;
  }

 private:
  std::uint64_t state_;
};

}  // namespace roamsync::sim
