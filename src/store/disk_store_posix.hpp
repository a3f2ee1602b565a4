/// @file
/// The disk store on Linux, with the choice how paths are resolved: tests walk where the kernel would resolve.
#pragma once

#include "store/disk_root_posix.hpp"

namespace roamsync::posix {

Result<std::unique_ptr<Store>> open_disk_store(const DiskStoreOptions& options, Resolution resolution);

}  // namespace roamsync::posix
