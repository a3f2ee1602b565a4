/// @file
/// The first 4096 bytes of a hive or log (regf specification, "Base block"). Only the first 512 are summed and logged.
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <optional>

namespace roamsync::hive {

inline constexpr std::uint32_t base_block_size = 4096;
inline constexpr std::uint32_t header_size = 512;  ///< what is summed and what a log copies
inline constexpr std::uint32_t page_size = 4096;
inline constexpr std::uint32_t sector_size = 512;
inline constexpr std::uint32_t nil = 0xFFFFFFFF;  ///< the offset that names nothing

inline constexpr std::uint32_t regf_signature = 0x66676572;
inline constexpr std::uint32_t hbin_signature = 0x6E696268;

namespace base_field {
inline constexpr std::uint32_t primary = 4, secondary = 8, time = 12, major = 20, minor = 24, type = 28, format = 32,
                               root = 36, bins_size = 40, clustering = 44, file_name = 48, checksum = 508;
}

enum class FileType : std::uint32_t { primary = 0, log = 1, log_of_2000 = 2, log_of_entries = 6 };

struct BaseBlock {
  std::uint32_t signature, primary, secondary;
  std::uint64_t time;
  std::uint32_t major, minor, type, format, root, bins_size, clustering, checksum;

  /// The fields of the first 512 bytes; nothing when there are fewer.
  static std::optional<BaseBlock> read(ByteView file) noexcept;

  bool left_open() const noexcept { return primary != secondary; }
  std::uint64_t file_size() const noexcept { return std::uint64_t{base_block_size} + bins_size; }
};

/// The checksum as it must be stored: XOR of the first 127 dwords, where 0 becomes 1 and ~0 becomes ~1.
/// `header` holds at least 508 bytes.
std::uint32_t header_checksum(ByteView header) noexcept;

}  // namespace roamsync::hive
