/// @file
/// Store: one side of a sync, a tree of files below a root.
///
/// All of roamsync's i/o on profiles goes through this interface. Deriving it makes a backend; the suite in
/// tests/store_conformance says what a backend owes. A store speaks of files by name: a staged file is a file under a
/// temporary name, so what a crash left behind can be taken up by the next process with the same calls.
///
/// Threads: every call may be made from several threads at once. Calls block, never retry and never prompt; policy lives in
/// the callers. A Reader or Writer belongs to one thread at a time.
/// Lifetime: readers, writers and locks must go before their store.
/// Errors: the system's own code, kept as it came, with the full path in the context. A symbolic link, junction or device met
/// on the way is Errc::unsafe_path: no call follows one, and no call reaches outside the root.
/// Not guaranteed: nothing here stops another program from writing into the same folder; `Entry::id` and stamps are how
/// callers notice.
#pragma once

#include <roamsync/digest.hpp>
#include <roamsync/path.hpp>
#include <roamsync/store_access.hpp>
#include <roamsync/tree.hpp>

#include <boost/filesystem/path.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace roamsync {

/// What a store promises. Callers ask; nobody guesses from the operating system.
struct StoreTraits {
  bool atomic_replace = false;                    ///< replace() shows the old file or the new one, never neither
  bool durable_flush = false;                     ///< flushed bytes survive a power cut
  bool case_sensitive = false;                    ///< "a" and "A" can both exist
  bool security_descriptors = false;              ///< holds NT security descriptors
  bool posix_modes = false;                       ///< Entry::mode means something
  bool duplicates_cheaply = false;                ///< duplicate() sends no bytes over a network
  bool is_remote = false;                         ///< what open() reads may be this machine's memory of what it sent
  std::chrono::nanoseconds time_resolution{100};  ///< times closer than this are equal

  friend bool operator==(const StoreTraits&, const StoreTraits&) = default;
};

/// Something a listing met that cannot be part of a profile: a link, a device, a name Windows cannot have.
struct Unusable {
  std::string path;   ///< relative to the root, as the system spells it; may be no UTF-8
  std::string found;  ///< "a symbolic link to /etc/passwd", "a socket", "a name that …"
};

/// One folder, read in as few requests as the store needs.
struct Listing {
  std::vector<Entry> entries;  ///< in no order; paths are relative to the root, not to the folder
  std::vector<Unusable> unusable;
};

/// What to give a file besides its bytes.
struct FileAttributes {
  FileTime modified = {};  ///< ticks 0: as the store sets it by itself
  std::uint32_t mode = 0;  ///< 0: the store's default
  /// Extended attributes that roam (on POSIX those of the `user.` namespace, such as Samba's user.DOSATTRIB, and
  /// security.NTACL, its access list, where this process may set it).
  /// Sorted by name when a store hands them out; carried as far as the target can hold them.
  std::vector<std::pair<std::string, std::string>> extended = {};
  friend bool operator==(const FileAttributes&, const FileAttributes&) = default;
};

/// A run of bytes that are really there; what lies between is a hole and reads as zeros.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// A file open for reading.
class Reader {
 public:
  virtual ~Reader() = default;
  /// As it was when opened.
  virtual const Entry& entry() const = 0;
  /// As it is now (same file, even when its name is gone). Differs from `entry()` when somebody wrote meanwhile.
  virtual Result<Entry> entry_now() = 0;
  /// Reads at `offset`; fewer bytes than asked for only at the end of the file.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) = 0;
  /// The runs of data in a sparse file; one run for the whole file where the store cannot tell.
  virtual Result<std::vector<Extent>> extents() = 0;
  virtual Result<FileAttributes> attributes() = 0;
};

/// A file open for writing under a temporary name. Dropped without finish(), it stays behind incomplete: remove it.
class Writer {
 public:
  virtual ~Writer() = default;
  /// Reserves room for `size` bytes, so that a full disk shows before the first byte; does not change the size.
  /// Succeeds without effect where the store cannot reserve.
  virtual Result<void> reserve(std::uint64_t size) = 0;
  /// Writes all of `bytes` or fails.
  virtual Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) = 0;
  /// Cuts or extends; what is added reads as zeros and takes no room where the store has sparse files.
  virtual Result<void> resize(std::uint64_t size) = 0;
  /// Makes this file share the bytes of `source` without moving them (reflink). False: not possible here, nothing changed.
  virtual Result<bool> clone_from(Reader& source) = 0;
  /// Sets times, mode and extended attributes, starts the write-back (without waiting) and closes. The entry as a listing
  /// would show it now. Not durable before flush().
  virtual Result<Entry> finish(const FileAttributes& attributes) = 0;
};

/// Held until destroyed; the system frees it when the holding process dies, however it dies.
class StoreLock {
 public:
  virtual ~StoreLock() = default;
};

enum class LockMode { shared, exclusive };

struct StoreSpace {
  std::uint64_t available = 0;       ///< bytes this user may still write
  std::uint64_t files = UINT64_MAX;  ///< files and folders this user may still make
  /// "the quota of alice (uid 1000)", where that is what limits; empty: it is the disk.
  std::string quota = {};
};

/// Who owns the profile's root folder.
struct StoreOwner {
  std::string name;               ///< "alice (uid 1000)", "S-1-5-21-…"
  bool is_administrator = false;  ///< the Administrators group, or root
  friend bool operator==(const StoreOwner&, const StoreOwner&) = default;
};

class Store {
 public:
  virtual ~Store() = default;

  virtual StoreTraits traits() const = 0;
  /// The root as an administrator would type it, for messages.
  virtual std::string location() const = 0;
  /// `location()` with a path below it.
  std::string location_of(const ProfilePath& path) const;
  /// The name under which this machine's own programs open the file (so that Host can tell who holds it); nothing where
  /// there is no such name.
  virtual std::optional<boost::filesystem::path> system_path(const ProfilePath& path) const;

  // --- looking ---

  virtual Result<Listing> list(const ProfilePath& directory) = 0;
  /// Looks at names that are known to stand right below `directory`, without asking which there are: as list() would give
  /// them, in the order of `known`. Nothing when one of them is gone or is no part of a profile any more. By default one stat()
  /// for each.
  virtual Result<std::optional<std::vector<Entry>>> stat_names(const ProfilePath& directory,
                                                               std::span<const Entry* const> known);
  /// Nothing when there is none; an absent parent is "none" too, and so is a file where a folder would have to be.
  virtual Result<std::optional<Entry>> stat(const ProfilePath& path) = 0;
  virtual Result<std::unique_ptr<Reader>> open(const ProfilePath& path) = 0;
  /// Opens a file that was just written, to see whether it holds what it should: read from the medium, or from the machine
  /// at the other end, past the memory of this system; where the store can, and on a medium of this machine where the file is
  /// large enough for that to pay. What was not flushed before is read from memory all the same. By default open().
  virtual Result<std::unique_ptr<Reader>> open_to_verify(const ProfilePath& path);
  virtual Result<StoreSpace> space() = 0;
  virtual Result<StoreOwner> owner() = 0;
  /// Who may do what with a file or folder, as the store's system keeps it; empty where the store cannot tell.
  virtual Result<AccessFacts> access_facts(const ProfilePath& path);
  /// Gives each of these entries of one folder the mark of its access list, with one question at most for each. By default
  /// nothing is known of lists, and the entries stay as they are.
  virtual Result<void> mark_access(const ProfilePath& directory, std::span<Entry> entries);

  // --- preparing: nothing of this touches a live file ---

  /// A new, empty file; fails with std::errc::file_exists when the name is taken.
  virtual Result<std::unique_ptr<Writer>> create(const ProfilePath& path) = 0;
  /// A new file with the bytes of `from`, copied by the store itself (reflink, from disk to disk, server-side copy), open
  /// for writing: the way to a large file of which only some pages change. Asked to stop, it copies a few MiB more at most and
  /// fails with Errc::cancelled.
  virtual Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                                    std::stop_token stop = {}) = 0;
  /// A second name for a file that nobody will write in place: a hard link where the store has them, else a copy. The name is
  /// there once all of the file is, whatever happens (std::errc::file_exists when it is taken).
  virtual Result<void> preserve(const ProfilePath& from, const ProfilePath& to) = 0;
  /// The folder must not exist (std::errc::file_exists), its parent must. `mode` 0: the store's default.
  virtual Result<void> make_directory(const ProfilePath& path, std::uint32_t mode) = 0;
  /// Gives a folder extended attributes, as far as the store can hold them; others that it has stay. By default it holds none.
  virtual Result<void> set_folder_attributes(const ProfilePath& path,
                                             const std::vector<std::pair<std::string, std::string>>& extended);

  // --- making durable ---

  /// The bytes and attributes of these files, and the directories they stand in, survive a power cut once this returns.
  /// Chooses the cheapest honest way for the whole set.
  virtual Result<void> flush(std::span<const ProfilePath> files) = 0;
  /// The names in these directories survive a power cut once this returns.
  virtual Result<void> flush_directories(std::span<const ProfilePath> directories) = 0;

  // --- publishing ---

  /// Gives the file or folder `from` the name `to` in one step. A file in the way is replaced; a folder in the way (even an
  /// empty one), a link, or a file where a folder comes, is an error and nothing changes. `from` is gone afterwards, even
  /// when both were names of one file (after preserve()). A mere change of case is a new spelling of the same name.
  virtual Result<void> replace(const ProfilePath& from, const ProfilePath& to) = 0;
  /// Any name but a folder's; a link goes itself, not what it leads to.
  virtual Result<void> remove_file(const ProfilePath& path) = 0;
  /// Only an empty folder (std::errc::directory_not_empty).
  virtual Result<void> remove_directory(const ProfilePath& path) = 0;

  /// Locks the file `path`, creating it (but not its folder) when missing. Waits until `patience` has passed, then fails
  /// with Errc::publish_running and says who holds it. `holder` is written into the file for that message.
  virtual Result<std::unique_ptr<StoreLock>> lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                                  std::chrono::milliseconds patience) = 0;
};

/// Reads a whole small file (a record, a hive); Errc::no_space never, std::errc::file_too_large above `size_max`.
Result<std::vector<std::byte>> read_file(Store& store, const ProfilePath& path, std::uint64_t size_max);
/// Removes a file, or a folder with everything below it; success when there is none. Links inside are removed, not followed.
/// What has a name that Windows cannot have stays, and its folder with it (std::errc::directory_not_empty).
Result<void> remove_tree(Store& store, const ProfilePath& path);
/// Creates the missing folders of `path`; those made, outermost first. All of them or none.
Result<std::vector<ProfilePath>> make_directories(Store& store, const ProfilePath& path);

}  // namespace roamsync
