/// @file
/// What a transaction log holds, read and verified but not applied (regf specification, "Format of transaction log files").
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hive/base_block.hpp"

namespace roamsync::hive {

/// Bytes to be written at an offset into the bins.
struct LogPage {
  std::uint32_t offset;
  ByteView bytes;
};

/// One step of recovery: an entry of an `HvLE` log, or the whole of a `DIRT` log.
struct LogStep {
  std::uint32_t number;
  std::uint32_t bins_size;
  std::uint32_t flags;
  std::vector<LogPage> pages;
};

struct LogFile {
  bool valid = false;        ///< its base block can be relied on
  bool has_entries = false;  ///< `HvLE`; otherwise `DIRT`
  BaseBlock base{};
  ByteView header{};             ///< its first 512 bytes
  std::vector<LogStep> steps{};  ///< sound ones, without a gap
  std::string stop{};            ///< why there are no more
};

LogFile read_log(ByteView log);

}  // namespace roamsync::hive
