/// @file
/// Makes files and folders of a disk store durable by the cheapest honest means.
///
/// A file system with a journal writes all of it for one fsync, but every further fsync still asks the disk to empty its cache. So for
/// many files one syncfs is cheapest, unless other programs have much more waiting to be written than we have: then every
/// file's write-back is started, and the files are flushed from several threads, whose requests to the disk merge.
#pragma once

#include "store/disk_root_posix.hpp"

#include <atomic>

namespace roamsync::posix {

class DiskFlusher {
 public:
  /// `unflushed_bytes`: written through this store and not flushed yet. Both outlive the flusher.
  DiskFlusher(const DiskRoot& root, const FileSystem& file_system, std::atomic<std::uint64_t>& unflushed_bytes)
      : root_(root), file_system_(file_system), unflushed_bytes_(unflushed_bytes) {}

  /// The files with their bytes and attributes, and the folders they stand in.
  Result<void> flush_files(std::span<const ProfilePath> files);
  Result<void> flush_folders(std::span<const ProfilePath> folders);

 private:
  bool one_flush_pays(std::size_t count) const noexcept;
  bool flush_file_system(std::size_t count) noexcept;
  Result<void> flush_each_folder(std::span<const ProfilePath> folders);
  Result<void> flush_file(const ProfilePath& path);
  Result<void> flush_folder(const ProfilePath& path);
  Result<void> start_write_back(const ProfilePath& file);

  const DiskRoot& root_;
  const FileSystem& file_system_;
  std::atomic<std::uint64_t>& unflushed_bytes_;
};

}  // namespace roamsync::posix
