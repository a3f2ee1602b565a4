/// @file
/// The disk store: a folder of this machine, or a share mounted on it, as a Store.
///
/// POSIX: every call works relative to a handle of the root, through openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS
/// (Linux 5.6), or component by component with O_NOFOLLOW where that is missing; a link planted in the profile is met
/// with Errc::unsafe_path, never followed. Only the root itself may be a link: an administrator typed it. Locks are
/// open-file-description locks on one byte of the lock file, which the kernel frees with the process and which NFS and CIFS
/// mounts carry to the server.
///
/// What is staged can be read by its owner alone until finish() gives it its mode. A mode left open follows the umask this
/// process had when the store was opened. Where root works on somebody's profile, what it makes belongs to the owner of the
/// profile's root folder. Of extended attributes those of the `user.` namespace are carried, as far as the target has room, and
/// `security.NTACL` where this process may set it.
///
/// Not guaranteed:
/// - on a network mount, durability is what the server makes of a flush; traits().durable_flush then means "requested and
///   acknowledged";
/// - on ext3, times are whole seconds and traits().time_resolution does not know it;
/// - POSIX names are bytes: on a disk, traits().case_sensitive holds, and two names may differ only in case (see scan.hpp);
/// - a child forked while a lock is held holds it too, until it ends or runs another program.
#pragma once

#include <roamsync/store.hpp>

#include <boost/filesystem/path.hpp>

#include <cstdint>
#include <optional>

namespace roamsync {

/// By the numbers of this system.
struct DiskOwner {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  friend bool operator==(const DiskOwner&, const DiskOwner&) = default;
};

struct DiskStoreOptions {
  boost::filesystem::path root;
  /// Makes the root folder, private to its owner, when its parent exists. Without it a missing root is
  /// std::errc::no_such_file_or_directory. With or without, a missing parent is Errc::server_unavailable, and so is a network
  /// that does not answer.
  bool create = false;
  /// Whose the root folder that is made becomes, and with it all that is made in it; nothing: its maker's. Takes root.
  std::optional<DiskOwner> owner = {};
};

Result<std::unique_ptr<Store>> open_disk_store(DiskStoreOptions options);

}  // namespace roamsync
