/// @file
/// Tree: what a scan saw of one side of a sync. Entries are values; a tree can be printed, compared and stored.
#pragma once

#include <roamsync/access_mark.hpp>
#include <roamsync/digest.hpp>
#include <roamsync/path.hpp>
#include <roamsync/time.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace roamsync {

enum class EntryKind : std::uint8_t { file, directory };

/// One file or folder as a listing shows it.
struct Entry {
  ProfilePath path = {};
  EntryKind kind = EntryKind::file;
  std::uint32_t mode = 0;  ///< POSIX permission bits (0777); 0 where the store has none
  std::uint64_t size = 0;  ///< bytes; 0 for a folder
  /// A file's last write. A folder's last coming or going of a name in it; ticks 0 where the store cannot tell that for certain.
  FileTime modified = {};
  std::uint64_t id = 0;               ///< the store's own number of the file (inode, file id); 0 where it has none
  std::optional<Digest> digest = {};  ///< of the content, where somebody has read it
  std::uint64_t access_mark = access_mark_unknown;  ///< of the access list, where somebody has looked

  bool is_file() const noexcept { return kind == EntryKind::file; }
  bool is_directory() const noexcept { return kind == EntryKind::directory; }
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// True when both describe the same bytes as far as a listing can tell: kind, size, time and (where both have one) id.
/// A file for which this holds is not read again. Folders always agree: what is in them has entries of its own.
bool same_stamp(const Entry& left, const Entry& right) noexcept;
/// False when both entries have an access mark and the marks differ (both must be of the same store). Lists are no part of a
/// stamp: they change without the bytes, and the bytes without them.
bool same_access(const Entry& left, const Entry& right) noexcept;

/// A set of entries in PathOrder, no two of the same name. The root itself is not an entry. Every folder of an entry is an
/// entry: one that is only implied (its own listing was filtered, or somebody erased it alone) is added, with mode 0.
///
/// Copies share their entries until one of them is changed: copying costs nothing, and the first change of a shared tree
/// all of it.
///
/// Threads: a value; reading a const tree from several threads is fine.
class Tree {
 public:
  Tree() = default;
  /// Takes entries in any order and sorts them. Of two that differ only in case the first in byte order stays;
  /// scan() reports such pairs before they come here.
  explicit Tree(std::vector<Entry> entries);
  /// Takes entries that are in PathOrder already (asserted in debug builds), folders included: nothing is added.
  static Tree from_sorted(std::vector<Entry> entries);

  std::span<const Entry> entries() const noexcept {
    return shared_ ? std::span<const Entry>(shared_->entries) : std::span<const Entry>();
  }
  bool empty() const noexcept { return entries().empty(); }
  std::size_t size() const noexcept { return entries().size(); }
  /// True for copies of which none was changed since: what comparing them would find out, for nothing.
  bool shares_entries_with(const Tree& other) const noexcept { return shared_ == other.shared_; }
  /// The entry of that name, case-blind; null when there is none.
  const Entry* find(const ProfilePath& path) const noexcept;
  /// Everything strictly below `folder`.
  std::span<const Entry> below(const ProfilePath& folder) const noexcept;

  std::size_t file_count() const noexcept;
  std::uint64_t total_bytes() const noexcept;

  /// Adds the entry or replaces the one of the same name. Linear: for few changes to a large tree use `edit`.
  void put(Entry entry);
  void erase(const ProfilePath& path);
  /// Applies many changes in one pass: paths to erase (only themselves, not what is below), then entries to put.
  void edit(std::vector<Entry> put, std::vector<ProfilePath> erase);

  /// For scan() and friends that fill in digests; the paths must stay as they are. Where a copy shares the entries this tree
  /// gets its own: pointers and spans taken before show the copy's.
  std::span<Entry> entries_for_update() { return own(); }

  friend bool operator==(const Tree& left, const Tree& right) noexcept;

 private:
  struct Shared : boost::intrusive_ref_counter<Shared> {
    explicit Shared(std::vector<Entry> list) : entries(std::move(list)) {}
    std::vector<Entry> entries;
  };

  std::vector<Entry>& own();
  void normalise();

  boost::intrusive_ptr<Shared> shared_;  // null: no entries
};

/// One line an entry: `f 0644 1234 2026-11-21T08:15:30.1234567Z Desktop/a.txt`; `d Desktop`. For tests and people.
std::ostream& operator<<(std::ostream& out, const Entry& entry);
std::ostream& operator<<(std::ostream& out, const Tree& tree);

/// The hive of a profile, by its name at the root: `NTUSER.DAT`, or `NTUSER.MAN` for a mandatory profile (KB Q185587).
bool is_hive(const ProfilePath& path) noexcept;
bool is_mandatory_hive(const ProfilePath& path) noexcept;
/// The hive's entry in a tree; `NTUSER.MAN` before `NTUSER.DAT` when both are there (NT tests .man first, KB Q154120).
const Entry* find_hive(const Tree& tree) noexcept;

}  // namespace roamsync
