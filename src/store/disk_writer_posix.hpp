/// @file
/// A file of the disk store, being written under a temporary name.
#pragma once

#include "store/disk_reader_posix.hpp"

#include <stop_token>

namespace roamsync::posix {

/// What a store's writers share.
struct WriterShare {
  /// Bytes written since the last flush: how much of the system's dirty memory is ours.
  std::atomic<std::uint64_t> unflushed_bytes = 0;
  /// Turns false for good once the file system says that it has no reflinks.
  std::atomic<bool> may_clone = true;
};

class DiskWriter final : public Writer {
 public:
  static Result<std::unique_ptr<DiskWriter>> create(const DiskRoot& root, const ProfilePath& path, WriterShare& share);

  /// Fills this empty file with the bytes of `source`: reflink, direct i/o, copy_file_range, or read and write; holes stay holes.
  /// Errc::cancelled when asked to stop, between one piece and the next.
  Result<void> copy_from(DiskReader& source, const std::stop_token& stop);

  Result<void> reserve(std::uint64_t size) override;
  Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override;
  Result<void> resize(std::uint64_t size) override;
  Result<bool> clone_from(Reader& source) override;
  Result<Entry> finish(const FileAttributes& attributes) override;

 private:
  DiskWriter(const DiskRoot& root, Handle file, ProfilePath path, WriterShare& share);
  Result<void> copy_extent(DiskReader& source, Extent extent, const std::stop_token& stop);
  Result<std::uint64_t> copy_directly(DiskReader& source, Extent extent, const std::stop_token& stop);
  Result<void> copy_by_hand(DiskReader& source, Extent extent, const std::stop_token& stop);
  int give_attributes(const FileAttributes& attributes);
  void start_write_back() noexcept;
  void count_written(std::uint64_t offset, std::uint64_t size) noexcept;
  Error failure(int number) const { return root_.failure(number, path_); }

  const DiskRoot& root_;
  Handle file_;
  ProfilePath path_;
  WriterShare& share_;
  std::uint64_t size_ = 0;
  std::uint64_t reserved_ = 0;
  std::uint64_t waiting_ = 0;  // bytes whose write-back has not been started
};

}  // namespace roamsync::posix
