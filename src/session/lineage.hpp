/// @file
/// Lineage: which states of a profile came before this one. Tells a server that went back in time, or that is another
/// profile, from one that merely went on, without asking a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace roamsync {

/// Which state of a server's profile this is. Two publishes never share both numbers, even when an administrator put an
/// old folder back and the generations count a second time.
struct GenerationId {
  std::uint64_t generation = 0;  ///< 0: none
  std::string transaction = {};
  friend bool operator==(const GenerationId&, const GenerationId&) = default;
};

/// So many ancestors are remembered: half a year of a user who logs off once a workday and more. A machine that was away for longer
/// is treated as one whose base nobody knows.
inline constexpr std::size_t ancestors_max = 256;

struct Lineage {
  std::string profile;                  ///< made at a profile's first publish, and never changed; empty: not made yet
  std::vector<GenerationId> ancestors;  ///< newest first, at most `ancestors_max`

  bool has(const GenerationId& id) const;
  friend bool operator==(const Lineage&, const Lineage&) = default;
};

/// The lineage of what is published on top of the state `id`, whose own lineage is `lineage`. A profile that has no name of its own
/// yet gets `new_name`.
Lineage lineage_after(const GenerationId& id, const Lineage& lineage, std::string new_name);

}  // namespace roamsync
