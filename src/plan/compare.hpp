/// @file
/// What two entries say about each other.
#pragma once

#include "plan/rows.hpp"

namespace roamsync {

enum class Change : std::uint8_t { none, added, changed, removed };

/// The digest of an entry, or that of its base where the stamps say that nothing was written since.
const Digest* known_digest(const Entry& entry, const Entry* base) noexcept;

/// What one side did to a name since the base. A file that was only touched (equal digests) did not change.
Change change_since(const Entry* base, const Entry* now) noexcept;

enum class Sameness : std::uint8_t { equal, different, unknown };
/// Whether both sides of a triple hold the same, by kind, size and digests; times prove nothing.
Sameness sameness(const Triple& triple) noexcept;
/// As far as it can be told without reading: equal times settle what `sameness` does not know.
bool taken_for_equal(const Triple& triple, std::chrono::nanoseconds time_resolution) noexcept;

}  // namespace roamsync
