/// @file
/// Records: how roamsync's own files (head, intent, base) are framed on a disk that may tear, lose or mix them up.
///
///     offset 0   8 bytes   magic, one per kind of record, such as "RSHEAD\r\n"
///            8   u32       version of the payload's form
///           12   u32       zero
///           16   u64       length of the payload in bytes
///           24   16 bytes  XXH3-128 of bytes 0..23 followed by the payload (low half first)
///           40   …         payload
///
/// All little-endian. A record is trusted whole or not at all: wrong magic, length or digest is Errc::record_damaged, a
/// later version Errc::record_too_new.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/tree.hpp>

#include "base/bytes.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace roamsync {

struct RecordKind {
  std::string_view magic;  ///< 8 characters
  std::uint32_t version;   ///< the newest this build writes and reads
  std::string_view name;   ///< "head record", for messages
};

inline constexpr std::size_t record_size_max = std::size_t{256} << 20;

std::vector<std::byte> frame_record(const RecordKind& kind, std::vector<std::byte> payload);
/// The payload, still inside `bytes`. Errors carry `location` as their path.
Result<std::span<const std::byte>> open_record(const RecordKind& kind, std::span<const std::byte> bytes,
                                               std::string_view location);

/// The error for a payload whose checksum holds and whose form does not.
Error damaged_record(const RecordKind& kind, std::string_view location, std::string_view found);

// --- parts of payloads ---

void put_time(ByteWriter& out, FileTime time);
FileTime take_time(ByteReader& in);
void put_digest(ByteWriter& out, const Digest& digest);
Digest take_digest(ByteReader& in);
/// Each path shares the front of the one before: two lengths and the rest.
void put_entry(ByteWriter& out, const Entry& entry, std::string_view path_before);
/// Nothing when the bytes are no entry; a path that ProfilePath refuses is no entry.
std::optional<Entry> take_entry(ByteReader& in, std::string_view path_before);
inline constexpr std::size_t usual_entry_size = 64;  ///< bytes; to reserve room by
void put_tree(ByteWriter& out, const Tree& tree);
/// Nothing when the bytes are no tree: a bad path, a wrong order, a count that the bytes cannot hold.
std::optional<Tree> take_tree(ByteReader& in);

}  // namespace roamsync
