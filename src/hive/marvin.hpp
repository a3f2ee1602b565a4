/// @file
/// Marvin32, the keyed hash of entries in transaction logs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace roamsync::hive {

/// The seed of log entries. It is one number; read as bytes in file order no entry ever verifies.
inline constexpr std::uint64_t log_seed = 0x82EF4D887A4E55C5;

std::uint64_t marvin32(std::span<const std::byte> bytes, std::uint64_t seed = log_seed) noexcept;

}  // namespace roamsync::hive
