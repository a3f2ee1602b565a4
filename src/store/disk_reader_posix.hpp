/// @file
/// A file of the disk store, open for reading.
#pragma once

#include "store/disk_root_posix.hpp"

namespace roamsync::posix {

class DiskReader final : public Reader {
 public:
  static Result<std::unique_ptr<DiskReader>> open(const DiskRoot& root, const ProfilePath& path);
  /// From now on what fits direct i/o is read from the disk, where the file system can and the file is large enough for it to pay.
  /// Of a network mount what this machine remembers is forgotten, as far as it was flushed: reading asks the server.
  void read_past_memory() noexcept;

  int handle() const noexcept { return file_.get(); }
  bool may_have_holes() const noexcept { return sparse_; }

  const Entry& entry() const override { return entry_; }
  Result<Entry> entry_now() override;
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override;
  Result<std::vector<Extent>> extents() override;
  Result<FileAttributes> attributes() override;

 private:
  DiskReader(const DiskRoot& root, Handle file, Entry entry, bool sparse);
  void read_from_cache() noexcept;

  const DiskRoot& root_;
  Handle file_;
  Entry entry_;
  bool sparse_;
  bool direct_ = false;
};

}  // namespace roamsync::posix
