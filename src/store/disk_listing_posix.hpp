/// @file
/// Lists one folder of a disk store.
#pragma once

#include "store/disk_root_posix.hpp"

namespace roamsync::posix {

Result<Listing> list_folder(const DiskRoot& root, const ProfilePath& directory);

}  // namespace roamsync::posix
