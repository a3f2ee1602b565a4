/// @file
/// The form of a lock file, the same for every store that leads to one: a disk, a share mounted on it, a share spoken to
/// directly.
///
/// The lock is a lock on one byte far behind the text, for a lock on an SMB share is mandatory: were the text itself locked,
/// nobody could read who holds it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace roamsync {

inline constexpr std::uint64_t lock_offset = 1 << 30;
inline constexpr std::uint64_t lock_size = 1;
/// The holder's name for itself, from the front of the file; what is longer is cut.
inline constexpr std::size_t lock_holder_size_max = 1024;

}  // namespace roamsync
