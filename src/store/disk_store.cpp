#include <roamsync/disk_store.hpp>

#include "store/system_disk_store.hpp"

#include <boost/filesystem/operations.hpp>

namespace roamsync {

Result<std::unique_ptr<Store>> open_disk_store(DiskStoreOptions options) {
  if (options.root.empty()) {
    return Error(std::make_error_code(std::errc::invalid_argument),
                 {.expected = "the path of a folder", .found = "an empty path"});
  }
  // Messages then name a place that means the same in another process.
  boost::system::error_code failed;
  options.root = boost::filesystem::absolute(options.root, failed);
  if (failed) {
    return Error(std::error_code(failed.value(), std::system_category()), {.path = options.root.string()});
  }
  options.root.remove_trailing_separator();
  return open_system_disk_store(options);
}

}  // namespace roamsync
