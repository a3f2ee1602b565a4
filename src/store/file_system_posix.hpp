/// @file
/// What kind of file system a store lies on, and what follows from it.
#pragma once

#include <roamsync/store.hpp>

namespace roamsync::posix {

struct FileSystem {
  StoreTraits traits;
  /// syncfs() covers every byte of this store and reports what could not be written: a local file system, Linux 5.8.
  bool one_flush_serves_all = false;
  /// fsync() on a handle open for reading only does nothing: so on SMB mounts, whose protocol refuses such a flush.
  bool flush_needs_write_access = false;
  /// A share mounted through the SMB client of the kernel: the server judges who may do what.
  bool is_smb_mount = false;
};

FileSystem file_system_of(int folder) noexcept;

}  // namespace roamsync::posix
