/// @file
/// The hive of a made-up profile.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/time.hpp>

#include <cstdint>
#include <vector>

namespace roamsync::bench {

/// A clean hive of exactly `size` bytes (rounded up to whole pages; at least some 20 KiB).
std::vector<std::byte> make_hive(std::uint64_t size, std::uint64_t seed);

/// Changes value data on `pages` pages spread over the whole hive, that of the header counted, as a session does that was
/// ended well: the sequence numbers move on together. The number of pages changed; Errc::hive_corrupt when it is none.
Result<std::size_t> edit_hive(std::vector<std::byte>& hive, std::size_t pages, std::uint64_t seed, FileTime now);

}  // namespace roamsync::bench
