/// @file
/// A folder for a benchmark's files, below ROAMSYNC_BENCH_DIR or the system's folder for temporary files. Which disk it is on
/// decides what is measured. Folders go when the program ends, not before: ext4 avoids numbers of files that were deleted in
/// the last seconds, and looks at each of them whenever a file is made, so deleting slows what follows tenfold.
#pragma once

#include <roamsync/disk_store.hpp>

#include <boost/filesystem/operations.hpp>

#include <cstdlib>
#include <memory>
#include <vector>

namespace roamsync::bench {

class Scratch {
 public:
  Scratch() {
    namespace bfs = boost::filesystem;
    const char* chosen = std::getenv("ROAMSYNC_BENCH_DIR");
    const bfs::path above = chosen != nullptr ? bfs::path(chosen) : bfs::temp_directory_path();
    folder_ = above / bfs::unique_path("roamsync-bench-%%%%-%%%%-%%%%");
    bfs::create_directories(folder_);
    static RemovedAtExit at_exit;
    at_exit.folders.push_back(folder_);
    store_ = open_disk_store({.root = folder_}).value();
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  Store& store() { return *store_; }
  const boost::filesystem::path& folder() const { return folder_; }

 private:
  struct RemovedAtExit {
    ~RemovedAtExit() {
      for (const auto& folder : folders) {
        boost::system::error_code ignored;
        boost::filesystem::remove_all(folder, ignored);
      }
    }
    std::vector<boost::filesystem::path> folders;
  };

  boost::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace roamsync::bench
