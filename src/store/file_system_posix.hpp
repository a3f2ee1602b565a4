/// @file
/// What kind of file system a store lies on, and what follows from it.
#pragma once

#include <roamsync/store.hpp>

namespace roamsync::posix {

struct FileSystem {
  StoreTraits traits;
  /// syncfs() covers every byte of this store and reports what could not be written: a local file system, Linux 5.8.
  bool one_flush_serves_all = false;
  /// O_DIRECT leads past the page cache to a disk of this machine.
  bool has_direct_io = false;
  /// A folder's time of change moves with every name that comes or goes in it, and with it on the disk.
  bool change_times_tell = false;
  /// fsync() on a handle open for reading only does nothing: so on SMB mounts, whose protocol refuses such a flush.
  bool flush_needs_write_access = false;
  /// A file with two names can be opened by one of them only, for a while: so on SMB mounts, whose client asks for one lease
  /// for both, which the server refuses under another name than the first ([MS-SMB2] 3.3.5.9.8; EINVAL).
  bool second_name_is_refused = false;
  /// A share mounted through the SMB client of the kernel: the server judges who may do what.
  bool is_smb_mount = false;
};

FileSystem file_system_of(int folder) noexcept;

}  // namespace roamsync::posix
