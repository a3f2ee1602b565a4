/// @file
/// The disk store on Linux, with the choice how paths are resolved and what the file system can: tests walk where the kernel
/// would resolve, and have no share at hand.
#pragma once

#include "store/disk_root_posix.hpp"

namespace roamsync::posix {

/// `taken_for`: another file system than the one it is.
Result<std::unique_ptr<Store>> open_disk_store(const DiskStoreOptions& options, Resolution resolution,
                                               const std::optional<FileSystem>& taken_for = {});

/// Under which name a copy is made that preserve() will call `to`: in the same folder, with `temporary_suffix`.
ProfilePath copy_before(const ProfilePath& to);

}  // namespace roamsync::posix
