/// @file
/// The disk store of the system this is built for; one twin file a system defines it.
#pragma once

#include <roamsync/disk_store.hpp>

namespace roamsync {

/// `options.root` is absolute.
Result<std::unique_ptr<Store>> open_system_disk_store(const DiskStoreOptions& options);

}  // namespace roamsync
