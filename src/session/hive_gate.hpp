/// @file
/// The hive gate: making the local hive's holders let go, and reading a hive that may pass.
#pragma once

#include <roamsync/shared_bytes.hpp>

#include "session/workspace.hpp"

#include <cstdint>
#include <optional>

namespace roamsync {

/// A transaction log of the hive, at the root.
bool is_hive_log(const ProfilePath& path);

/// Waits for the holders of the local hive and its logs, and at the end of the budget does what the options say. Fills in
/// `report.unload` and `report.holders` and tells it. Errc::hive_in_use, naming all holders, when the hive stays held and
/// no snapshot was asked for. At logon a snapshot is no way out: there the hive is to be replaced, and whoever holds it would
/// write into a file that has no name any more.
Result<void> let_go_of_hive(Workspace& work, Direction direction);

inline constexpr std::uint64_t hive_size_max = std::uint64_t{1} << 32;  ///< regf counts its bins in 32 bits

/// A hive read whole and judged clean: what is published, byte for byte.
struct CheckedHive {
  SharedBytes bytes;
  FileAttributes attributes;
  Entry entry;  ///< as it was read; with a digest of its own when what is published is not its content (a merge)
  std::string replayed;  ///< when its logs were needed: the sentence for the report
  /// Of a merge: the hive of the source as it was before. The merged one holds all of it, so that the base names this one.
  std::optional<SharedBytes> merged_from = {};
};

/// Reads and judges. A hive that was left open is recovered from the logs beside it, in memory, if they suffice. A file that
/// changes meanwhile is read again. `snapshot`: somebody may be writing; a copy counts only when its sequence numbers agree
/// and two readings in a row are the same; this is told as event 1517, and `report.unload` is `failed` where it did not come
/// to that.
/// Errc::hive_dirty or hive_corrupt with rule, offset, expected and found.
Result<CheckedHive> read_hive(Workspace& work, Store& store, const ProfilePath& path, bool snapshot);

/// Why a hive can neither be loaded nor recovered from its logs, as a sentence; empty for a sound one, and for one that was
/// merely left open, or is being written.
Result<std::string> damage_of_hive(Store& store, const ProfilePath& path);

/// One reading, while the scans are still under way: the hive when it is clean as it lies there. Nothing otherwise, and for
/// whatever fails: read_hive() then says what. Tells nothing, so that any thread may call it.
std::optional<CheckedHive> read_hive_ahead(Store& store, const ProfilePath& path);

}  // namespace roamsync
