/// @file
/// Lists one folder of a disk store, or looks at names in it that are known.
#pragma once

#include "store/disk_root_posix.hpp"

namespace roamsync::posix {

Result<Listing> list_folder(const DiskRoot& root, const ProfilePath& directory);

/// As Store::stat_names: one system call a name, and two for the folder.
Result<std::optional<std::vector<Entry>>> stat_names_of_folder(const DiskRoot& root, const ProfilePath& directory,
                                                               std::span<const Entry* const> known);

}  // namespace roamsync::posix
