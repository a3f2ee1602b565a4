#include "store/disk_writer_posix.hpp"

#include "store/attributes_posix.hpp"
#include "store/direct_io_posix.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace roamsync::posix {
namespace {

// Smaller files are not worth a call of their own: a disk that has not even this much room shows it at the write.
constexpr std::uint64_t reserve_size_min = 64 << 10;
// From this size on the disk is set to work while we go on; smaller files gain nothing over the one flush at the end.
constexpr std::uint64_t write_back_size_min = 256 << 10;
constexpr std::uint64_t write_back_step = 8 << 20;
// Nobody else reads a file while it is staged: a hive holds secrets.
constexpr mode_t staging_mode = 0600;

// The system copies as much as it is asked for, however long that takes; between two pieces somebody may want to stop.
constexpr std::uint64_t system_piece_size = 8 << 20;
constexpr std::size_t hand_block_size = 1 << 20;
constexpr std::size_t direct_block_size = 512 << 10;

bool means_no_reflinks(int number) noexcept { return number == EOPNOTSUPP || number == ENOTTY || number == ENOSYS; }
bool means_not_these_files(int number) noexcept {
  return number == EXDEV || number == EINVAL || number == EPERM || number == ETXTBSY || number == EBADF;
}

}  // namespace

Result<std::unique_ptr<DiskWriter>> DiskWriter::create(const DiskRoot& root, const ProfilePath& path,
                                                       WriterShare& share) {
  if (path.is_root()) return Error(system_code(EEXIST), {.path = root.location_of(path)});
  BOOST_OUTCOME_TRY(Handle file, root.open(path, O_WRONLY | O_CREAT | O_EXCL, staging_mode));
  return std::unique_ptr<DiskWriter>(new DiskWriter(root, std::move(file), path, share));
}

DiskWriter::DiskWriter(const DiskRoot& root, Handle file, ProfilePath path, WriterShare& share)
    : root_(root), file_(std::move(file)), path_(std::move(path)), share_(share) {}

Result<void> DiskWriter::reserve(std::uint64_t size) {
  if (size < reserve_size_min || size <= reserved_) return success();
  const int result =
      uninterrupted([&] { return ::fallocate(file_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)); });
  if (result == 0) {
    reserved_ = size;
    return success();
  }
  if (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL) return success();
  return failure(errno);
}

Result<void> DiskWriter::write(std::uint64_t offset, std::span<const std::byte> bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = uninterrupted([&] {
      return ::pwrite(file_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    });
    if (count < 0) return failure(errno);
    done += static_cast<std::size_t>(count);
  }
  count_written(offset, bytes.size());
  return success();
}

Result<void> DiskWriter::resize(std::uint64_t size) {
  if (uninterrupted([&] { return ::ftruncate(file_.get(), static_cast<off_t>(size)); }) != 0) return failure(errno);
  size_ = size;
  // Cutting gives back what was reserved behind the end.
  reserved_ = std::min(reserved_, size);
  return success();
}

Result<bool> DiskWriter::clone_from(Reader& source) {
  auto* reader = dynamic_cast<DiskReader*>(&source);
  if (reader == nullptr || !share_.may_clone.load(std::memory_order_relaxed)) return false;
  if (::ioctl(file_.get(), FICLONE, reader->handle()) != 0) {
    if (means_no_reflinks(errno)) {
      share_.may_clone.store(false, std::memory_order_relaxed);
      return false;
    }
    if (means_not_these_files(errno)) return false;
    return failure(errno);
  }
  struct statx status {};
  if (status_of(file_.get(), status) != 0) return failure(errno);
  size_ = status.stx_size;
  return true;
}

Result<Entry> DiskWriter::finish(const FileAttributes& attributes) {
  if (reserved_ > size_) {
    BOOST_OUTCOME_TRYV(resize(size_));
  }
  if (const int number = give_attributes(attributes); number != 0) return failure(number);
  if (size_ >= write_back_size_min) start_write_back();
  struct statx status {};
  if (status_of(file_.get(), status) != 0) return failure(errno);
  if (const int number = file_.close(); number != 0) return failure(number);
  return root_.entry_of(path_, status);
}

// The error number, or 0. The time comes last: everything before it may touch it.
int DiskWriter::give_attributes(const FileAttributes& attributes) {
  const int file = file_.get();
  if (!attributes.extended.empty()) {
    if (const int number = write_extended(file, attributes.extended); number != 0) return number;
  }
  if (const auto& owner = root_.new_owner(); owner && ::fchown(file, owner->user, owner->group) != 0) return errno;
  const mode_t mode = attributes.mode != 0 ? attributes.mode & 0777 : root_.mode_mask() & 0666;
  // Where modes mean nothing, setting one may still turn a file read-only.
  const bool has_modes = root_.file_system().traits.posix_modes;
  if (has_modes && mode != staging_mode && ::fchmod(file, mode) != 0) return errno;
  if (attributes.modified.ticks == 0) return 0;
  const timespec times[2] = {
      {.tv_sec = 0, .tv_nsec = UTIME_OMIT},
      {.tv_sec = attributes.modified.unix_seconds(), .tv_nsec = attributes.modified.unix_nanoseconds()}};
  return ::futimens(file, times) != 0 ? errno : 0;
}

// --- duplicate ---

Result<void> DiskWriter::copy_from(DiskReader& source, const std::stop_token& stop) {
  if (stop.stop_requested()) return Errc::cancelled;
  BOOST_OUTCOME_TRY(const bool cloned, clone_from(source));
  if (cloned) return success();
  BOOST_OUTCOME_TRY(const std::vector<Extent> extents, source.extents());
  std::uint64_t data = 0;
  for (const Extent& extent : extents) data += extent.size;
  if (data == source.entry().size) {
    BOOST_OUTCOME_TRYV(reserve(data));
  }
  for (const Extent& extent : extents) {
    BOOST_OUTCOME_TRYV(copy_extent(source, extent, stop));
  }
  // A hole at the end has no extent that would bring the size along.
  if (size_ < source.entry().size) {
    BOOST_OUTCOME_TRYV(resize(source.entry().size));
  }
  return success();
}

Result<void> DiskWriter::copy_extent(DiskReader& source, Extent extent, const std::stop_token& stop) {
  if (extent.size >= direct_size_min && root_.file_system().has_direct_io) {
    BOOST_OUTCOME_TRY(const std::uint64_t copied, copy_directly(source, extent, stop));
    extent.offset += copied;
    extent.size -= copied;
  }
  auto from = static_cast<off_t>(extent.offset);
  auto to = from;
  for (std::uint64_t left = extent.size; left != 0;) {
    if (stop.stop_requested()) return Errc::cancelled;
    const std::size_t wanted = std::min(left, system_piece_size);
    const ssize_t count =
        uninterrupted([&] { return ::copy_file_range(source.handle(), &from, file_.get(), &to, wanted, 0); });
    if (count < 0 && (means_no_reflinks(errno) || means_not_these_files(errno))) {
      return copy_by_hand(source, {.offset = extent.offset + extent.size - left, .size = left}, stop);
    }
    if (count < 0) return failure(errno);
    if (count == 0) break;  // the source became shorter
    left -= static_cast<std::uint64_t>(count);
    count_written(static_cast<std::uint64_t>(to - count), static_cast<std::uint64_t>(count));
  }
  return success();
}

// As far as it goes: the number of bytes copied, from the beginning of the extent.
Result<std::uint64_t> DiskWriter::copy_directly(DiskReader& source, Extent extent, const std::stop_token& stop) {
  const DirectIo reading(source.handle());
  const DirectIo writing(file_.get());
  if (!reading || !writing) return 0;
  const std::unique_ptr<void, decltype(&std::free)> block(std::aligned_alloc(direct_alignment, direct_block_size),
                                                          std::free);
  if (!block) return 0;
  const std::uint64_t whole = extent.size / direct_alignment * direct_alignment;
  std::uint64_t done = 0;
  while (done < whole) {
    if (stop.stop_requested()) return Errc::cancelled;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(whole - done, direct_block_size));
    const auto offset = static_cast<off_t>(extent.offset + done);
    const ssize_t got = uninterrupted([&] { return ::pread(source.handle(), block.get(), wanted, offset); });
    if (got < 0 && errno == EINVAL) break;  // this disk, or this offset, does not fit
    if (got < 0) return root_.failure(errno, source.entry().path);
    const std::size_t size = static_cast<std::size_t>(got) / direct_alignment * direct_alignment;
    if (size == 0) break;  // the source became shorter
    const ssize_t put = uninterrupted([&] { return ::pwrite(file_.get(), block.get(), size, offset); });
    if (put < 0 && errno == EINVAL) break;
    if (put < 0) return failure(errno);
    const std::uint64_t blocks = static_cast<std::uint64_t>(put) / direct_alignment * direct_alignment;
    if (blocks == 0) break;  // no room for more than a part of a block
    done += blocks;
    size_ = std::max(size_, extent.offset + done);
  }
  return done;
}

Result<void> DiskWriter::copy_by_hand(DiskReader& source, Extent extent, const std::stop_token& stop) {
  std::vector<std::byte> block(static_cast<std::size_t>(std::min<std::uint64_t>(extent.size, hand_block_size)));
  for (const std::uint64_t end = extent.offset + extent.size; extent.offset < end;) {
    if (stop.stop_requested()) return Errc::cancelled;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(end - extent.offset, block.size()));
    BOOST_OUTCOME_TRY(const std::size_t count, source.read(extent.offset, std::span(block).first(wanted)));
    if (count == 0) break;
    BOOST_OUTCOME_TRYV(write(extent.offset, std::span(block).first(count)));
    extent.offset += count;
  }
  return success();
}

// --- write-back ---

void DiskWriter::count_written(std::uint64_t offset, std::uint64_t size) noexcept {
  size_ = std::max(size_, offset + size);
  waiting_ += size;
  share_.unflushed_bytes.fetch_add(size, std::memory_order_relaxed);
  if (waiting_ >= write_back_step) start_write_back();
}

// A hint: what it cannot start, the flush does, and reports.
void DiskWriter::start_write_back() noexcept {
  if (waiting_ == 0) return;
  ::sync_file_range(file_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
  waiting_ = 0;
}

}  // namespace roamsync::posix
