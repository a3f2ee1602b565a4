/// @file
/// The user's quota on the file system a store lies on.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace roamsync::posix {

/// Bytes that `user` may still write before the hard limit, or, where there is none, the soft one; nothing where the user has no
/// quota, or the system does not tell (Linux before 5.14, network mounts).
std::optional<std::uint64_t> room_within_quota(int folder, uid_t user) noexcept;

/// What is left of limits in units of 1 KiB, 0 being none.
std::optional<std::uint64_t> room_within_limits(std::uint64_t hard, std::uint64_t soft, std::uint64_t used) noexcept;

}  // namespace roamsync::posix
