/// @file
/// DiskRoot: the handle of a store's root, and the only way from a ProfilePath to a file.
///
/// Paths are resolved by the kernel below that handle: openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS. Where that call
/// is missing, or a path is longer than the kernel takes in one piece, every component is opened by itself with
/// O_NOFOLLOW. Either way a link planted in the profile is an error that names it.
///
/// No handles of folders are kept from call to call: opening a parent costs 2 us (create 30, rename 16), and a handle that
/// outlives a rename by another program would lead to the wrong folder.
///
/// Threads: immutable once open.
#pragma once

#include <atomic>
#include <roamsync/disk_store.hpp>

#include "store/file_system_posix.hpp"
#include "store/handle_posix.hpp"

#include <sys/stat.h>
#include <sys/types.h>

namespace roamsync::posix {

/// How paths are resolved; `kernel` falls back to `walk` by itself where it must.
enum class Resolution { kernel, walk };

/// An open parent folder and the last component of the path it was opened for (which must outlive it).
struct ParentFolder {
  Handle opened;  // empty when the parent is the root
  int handle = -1;
  const char* name = "";
};

/// Who gets what this process makes in the store.
struct NewOwner {
  uid_t user;
  gid_t group;
};

class DiskRoot {
 public:
  static Result<std::unique_ptr<DiskRoot>> open(const DiskStoreOptions& options, Resolution resolution,
                                                const std::optional<FileSystem>& taken_for = {});

  int handle() const noexcept { return handle_.get(); }
  const boost::filesystem::path& path() const noexcept { return path_; }
  std::string location_of(const ProfilePath& path) const;
  /// Set when this process is root and the profile belongs to somebody else: everything in it is to be theirs.
  const std::optional<NewOwner>& new_owner() const noexcept { return new_owner_; }
  const FileSystem& file_system() const noexcept { return file_system_; }
  /// 0777 without the process's umask, for files whose mode is left open.
  mode_t mode_mask() const noexcept { return mode_mask_; }

  /// The descriptor, or -1 with errno. O_CLOEXEC and O_NOFOLLOW are added.
  int open_descriptor(const ProfilePath& path, int flags, mode_t mode = 0) const noexcept;
  Result<Handle> open(const ProfilePath& path, int flags, mode_t mode = 0) const;
  /// O_RDONLY is added, and O_NOATIME while the system grants it, which it does to a file's owner: looking at a profile
  /// must not be written to the disk.
  int open_to_read(const ProfilePath& path, int flags) const noexcept;
  /// Not for the root itself.
  Result<ParentFolder> open_parent(const ProfilePath& path) const;

  Entry entry_of(ProfilePath path, const struct statx& status) const;

  /// The error for a system call that failed on `path`; a link or device in the way becomes Errc::unsafe_path.
  Error failure(int number, const ProfilePath& path) const;
  /// Errc::unsafe_path for something that is neither file nor folder.
  Error unsafe(const ProfilePath& path, std::string found, int number = 0) const;

 private:
  FileTime change_of_names(const struct statx& folder) const;
  DiskRoot(Handle handle, boost::filesystem::path path, Resolution resolution,
           const std::optional<FileSystem>& taken_for);
  int walk(const char* path, int flags, mode_t mode) const noexcept;
  std::string find_obstacle(const ProfilePath& path) const;

  Handle handle_;
  boost::filesystem::path path_;
  Resolution resolution_;
  FileSystem file_system_;
  std::uint64_t device_ = 0;
  std::optional<NewOwner> new_owner_;
  mode_t mode_mask_ = 0755;
  mutable std::atomic<bool> may_keep_access_time_ = true;
};

/// What the store looks at in a file's status; -1 with errno.
int status_of(int folder, const char* name, struct statx& status) noexcept;
int status_of(int file, struct statx& status) noexcept;
/// "a symbolic link to /etc", "a socket", …: what `name` in `folder` is, by its file type.
std::string describe(int folder, const char* name, unsigned mode);

}  // namespace roamsync::posix
