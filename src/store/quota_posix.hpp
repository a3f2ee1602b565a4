/// @file
/// The quotas of a user and a group on the file system a store lies on.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace roamsync::posix {

/// As quotactl(2) tells them; 0 is no limit. Blocks are of 1 KiB.
struct QuotaLimits {
  std::uint64_t blocks_hard = 0;
  std::uint64_t blocks_soft = 0;
  std::uint64_t bytes_used = 0;
  std::int64_t blocks_grace_end = 0;  ///< when the soft limit becomes a hard one, in seconds since 1970; 0: it is kept
  std::uint64_t files_hard = 0;
  std::uint64_t files_soft = 0;
  std::uint64_t files_used = 0;
  std::int64_t files_grace_end = 0;
};

/// What may still be written; UINT64_MAX where nothing limits it.
struct QuotaRoom {
  std::uint64_t bytes = UINT64_MAX;
  std::uint64_t files = UINT64_MAX;
  friend bool operator==(const QuotaRoom&, const QuotaRoom&) = default;
};

/// Up to the hard limit; where there is none, up to the soft one. Above a soft limit whose time of grace has passed: nothing.
QuotaRoom room_within_limits(const QuotaLimits& limits, std::int64_t now) noexcept;

enum class QuotaKind { user, group };

/// Nothing where there is no quota, or the system does not tell (Linux before 5.14, network mounts).
std::optional<QuotaRoom> room_within_quota(int folder, QuotaKind kind, std::uint32_t id) noexcept;

}  // namespace roamsync::posix
