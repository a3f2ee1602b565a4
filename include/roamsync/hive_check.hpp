/// @file
/// The strict verdict on a registry hive: whole and clean, dirty, or corrupt, and where.
///
/// A hive (`NTUSER.DAT`, regf format 1.3 to 1.6) is judged by its bytes alone; nothing is read or written elsewhere. The
/// size is tested first: a file shorter than its header promises is corrupt, whatever else is sound. Then come the base
/// block, bins, cells, the key tree from the root, lists, values, big data and the descriptor inside each security cell. A
/// reference must hit the start of an allocated cell, and no cell but a security cell may be used twice.
///
/// *Clean* means that every rule holds and that the hive was closed. *Dirty* means that every rule holds for the bytes as
/// they lie, but the header says a write was begun and not ended: the transaction logs are needed, and the file must not be
/// taken for a finished copy. *Corrupt* is everything else; that a corrupt hive was also left open is told by
/// `Verdict::left_open`, for its logs may repair it.
///
/// What is *not* looked at, for Windows gives it no meaning on disk: bytes behind the last bin, allocated cells that nothing
/// refers to, reference counts of security cells, hints and hashes in subkey lists, volatile subkeys, the header's own time.
///
/// Cost: linear in the file, for any bytes; memory beside the file is bounded by 1/16 of it (three bits for each 8 bytes).
/// Threads: these are pure functions. Sources: the public regf specification (msuhanov/regf); src/hive/FORMAT.md.
#pragma once

#include <roamsync/time.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync {

/// What a hive can break. `rule_name` gives the name scripts see, `rule_section` the part of the format it belongs to.
enum class HiveRule {
  none,                ///< nothing is broken
  file_size,           ///< the file holds the base block and all bins its header promises
  signature,           ///< the file begins with `regf`
  checksum,            ///< the header's checksum is right
  sequence_numbers,    ///< the two numbers agree: the last write was ended
  version,             ///< version 1.3 to 1.6
  file_type,           ///< a primary file, not a log
  file_format,         ///< direct memory load
  clustering,          ///< 1, 2, 4 or 8 sectors of 512 bytes
  bins_size,           ///< more than 0 and whole pages of 4096 bytes
  bin_signature,       ///< every bin begins with `hbin`
  bin_offset,          ///< every bin knows where it stands
  bin_size,            ///< whole pages, and all within the bins
  cell_size,           ///< cells are multiples of 8 and fill their bin
  cell_reference,      ///< a reference hits the start of an allocated cell
  cell_shared,         ///< no cell has two owners; so no key has two parents and nothing runs in a circle
  key_signature,       ///< a key begins with `nk`
  key_size,            ///< the fields of a key lie in its cell
  key_name,            ///< a key's name lies in its cell, and only the root's may be empty
  key_parent,          ///< a key names the key that lists it
  key_depth,           ///< at most 512 levels
  class_name,          ///< a class name lies in its cell and has an even size
  subkey_count,        ///< a key counts as many subkeys as its lists hold
  list_signature,      ///< `lf`, `lh`, `li`, or at the top `ri`
  list_size,           ///< the elements of a list lie in its cell
  list_order,          ///< subkeys are sorted by upper-cased name, none twice
  value_list_size,     ///< the elements of a value list lie in its cell
  value_signature,     ///< a value begins with `vk`
  value_name,          ///< a value's fields and name lie in its cell
  value_size,          ///< data lies in its cell, none in no cell; data in the offset field has at most 4 bytes
  big_data_signature,  ///< data over 16344 bytes begins with `db` (1.4 and later)
  big_data_segments,   ///< as many segments as the data needs, each as long as it must be
  security_signature,  ///< a security cell begins with `sk`
  security_size,       ///< the descriptor lies in its cell
  security_ring,       ///< the links of a security cell point at security cells that point back
  descriptor,          ///< revision, offsets, sizes of lists and entries
};

/// `list_order` and the like.
std::string_view rule_name(HiveRule rule) noexcept;
/// The section of the public regf specification, such as `Subkeys list`.
std::string_view rule_section(HiveRule rule) noexcept;

/// One broken rule.
struct HiveFault {
  HiveRule rule = HiveRule::none;
  std::uint64_t offset = 0;  ///< in the file, of the field that is wrong
  std::string expected = {};
  std::string found = {};

  friend bool operator==(const HiveFault&, const HiveFault&) = default;
};

enum class HiveState { clean, dirty, corrupt };

/// `clean`, `dirty` or `corrupt`.
std::string_view state_name(HiveState state) noexcept;

/// What `check_hive` found: the state and the first fault. The fault's rule is `none` when the hive is clean.
struct Verdict {
  HiveState state = HiveState::clean;
  bool left_open = false;  ///< the header says that a write was not ended; also set for corrupt hives
  HiveFault fault = {};

  /// One line for a log: `corrupt: list_order at 0x1d38: expected …, found …`
  std::string message() const;
};

std::ostream& operator<<(std::ostream& out, const Verdict& verdict);

/// What stands in a hive, counted on the way. Only whole when the verdict is not corrupt.
struct HiveInfo {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint64_t keys = 0;  ///< the root counted
  std::uint64_t values = 0;
  std::string root_name = {};  ///< UTF-8; lone surrogates as three bytes each
  FileTime newest_key_time =
      {};  ///< the newest last-written time of all keys: the hive's age, for the header's is not kept
  std::uint32_t sequence = 0;  ///< the secondary number: writes that were ended

  /// `1.3`
  std::string version() const;
};

struct HiveInspection {
  Verdict verdict = {};
  HiveInfo info = {};
};

/// The strict verdict. Stops at the first fault.
Verdict check_hive(std::span<const std::byte> file);
/// The same with what was counted on the way.
HiveInspection inspect_hive(std::span<const std::byte> file);
/// All faults in the order met, at most `limit`. Damaged parts are stepped over: what only they lead to is not seen. An open
/// header (`sequence_numbers`) is one of the faults.
std::vector<HiveFault> all_hive_faults(std::span<const std::byte> file, std::size_t limit = 1000);

}  // namespace roamsync
