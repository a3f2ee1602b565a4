/// @file
/// A file of the disk store, open for reading.
#pragma once

#include "store/disk_root_posix.hpp"

namespace roamsync::posix {

class DiskReader final : public Reader {
 public:
  static Result<std::unique_ptr<DiskReader>> open(const DiskRoot& root, const ProfilePath& path);

  int handle() const noexcept { return file_.get(); }
  bool may_have_holes() const noexcept { return sparse_; }

  const Entry& entry() const override { return entry_; }
  Result<Entry> entry_now() override;
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override;
  Result<std::vector<Extent>> extents() override;
  Result<FileAttributes> attributes() override;

 private:
  DiskReader(const DiskRoot& root, Handle file, Entry entry, bool sparse);

  const DiskRoot& root_;
  Handle file_;
  Entry entry_;
  bool sparse_;
};

}  // namespace roamsync::posix
