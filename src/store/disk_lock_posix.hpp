/// @file
/// Locks of the disk store: open-file-description locks on a file that names its holder.
#pragma once

#include "store/disk_root_posix.hpp"

namespace roamsync::posix {

Result<std::unique_ptr<StoreLock>> lock_file(const DiskRoot& root, const ProfilePath& path, LockMode mode,
                                             std::string_view holder, std::chrono::milliseconds patience);

}  // namespace roamsync::posix
