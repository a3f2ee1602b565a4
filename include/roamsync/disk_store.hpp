/// @file
/// The disk store: a folder of this machine, or a share mounted on it, as a Store.
///
/// POSIX: every call works relative to a handle of the root, through openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS
/// (Linux 5.6), or component by component with O_NOFOLLOW where that is missing; a link planted in the profile is met
/// with Errc::unsafe_path, never followed. Locks are open-file-description locks, which the kernel frees with the process and which
/// NFS and CIFS mounts carry to the server.
/// Not guaranteed: on a network mount, durability is what the server makes of a flush; traits().durable_flush then means
/// "requested and acknowledged".
#pragma once

#include <roamsync/store.hpp>

#include <boost/filesystem/path.hpp>

namespace roamsync {

struct DiskStoreOptions {
  boost::filesystem::path root;
  /// Makes the root folder when its parent exists. Without it a missing root is Errc::server_unavailable
  /// when the parent is missing too, else std::errc::no_such_file_or_directory.
  bool create = false;
};

Result<std::unique_ptr<Store>> open_disk_store(DiskStoreOptions options);

}  // namespace roamsync
