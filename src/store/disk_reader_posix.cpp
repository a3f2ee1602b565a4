#include "store/disk_reader_posix.hpp"

#include "store/attributes_posix.hpp"
#include "store/direct_io_posix.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace roamsync::posix {
namespace {

// Below this the kernel's ordinary read-ahead has the whole file anyway.
constexpr std::uint64_t read_ahead_size_min = 1 << 20;
constexpr std::uint64_t bytes_per_block = 512;  // the unit of st_blocks, whatever the file system's own is

Error unfit(const DiskRoot& root, const ProfilePath& path, int file, unsigned mode) {
  if (S_ISDIR(mode)) return Error(system_code(EISDIR), {.path = root.location_of(path)});
  return root.unsafe(path, describe(file, "", mode));
}

}  // namespace

Result<std::unique_ptr<DiskReader>> DiskReader::open(const DiskRoot& root, const ProfilePath& path) {
  // Without O_NONBLOCK a named pipe planted in the profile would hold us for ever.
  Handle file(root.open_to_read(path, O_NONBLOCK | O_NOCTTY));
  if (!file) return root.failure(errno, path);
  struct statx status {};
  if (status_of(file.get(), status) != 0) return root.failure(errno, path);
  if (!S_ISREG(status.stx_mode)) return unfit(root, path, file.get(), status.stx_mode);
  if (status.stx_size >= read_ahead_size_min) ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  const bool sparse = status.stx_blocks * bytes_per_block < status.stx_size;
  return std::unique_ptr<DiskReader>(new DiskReader(root, std::move(file), root.entry_of(path, status), sparse));
}

DiskReader::DiskReader(const DiskRoot& root, Handle file, Entry entry, bool sparse)
    : root_(root), file_(std::move(file)), entry_(std::move(entry)), sparse_(sparse) {}

void DiskReader::read_past_memory() noexcept {
  if (root_.file_system().traits.is_remote) ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_DONTNEED);
  direct_ = entry_.size >= direct_size_min && root_.file_system().has_direct_io && set_direct(file_.get(), true);
}

void DiskReader::read_from_cache() noexcept {
  set_direct(file_.get(), false);
  direct_ = false;
}

Result<Entry> DiskReader::entry_now() {
  struct statx status {};
  if (status_of(file_.get(), status) != 0) return root_.failure(errno, entry_.path);
  return root_.entry_of(entry_.path, status);
}

Result<std::size_t> DiskReader::read(std::uint64_t offset, std::span<std::byte> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    // What is asked for, or left when the end of the file cut a block short, need not fit.
    if (direct_ && !fits_direct(offset + filled, out.subspan(filled))) read_from_cache();
    const ssize_t count = uninterrupted([&] {
      return ::pread(file_.get(), out.data() + filled, out.size() - filled, static_cast<off_t>(offset + filled));
    });
    if (count < 0 && errno == EINVAL && direct_) {  // this file's disk wants it otherwise
      read_from_cache();
      continue;
    }
    if (count < 0) return root_.failure(errno, entry_.path);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  return filled;
}

Result<std::vector<Extent>> DiskReader::extents() {
  std::vector<Extent> runs;
  if (!sparse_) {
    if (entry_.size != 0) runs.push_back({.offset = 0, .size = entry_.size});
    return runs;
  }
  for (off_t at = 0;;) {
    const off_t data = ::lseek(file_.get(), at, SEEK_DATA);
    if (data < 0 && errno == ENXIO) return runs;  // nothing but a hole up to the end
    if (data < 0 && at == 0 && errno == EINVAL) return std::vector<Extent>{{.offset = 0, .size = entry_.size}};
    if (data < 0) return root_.failure(errno, entry_.path);
    const off_t hole = ::lseek(file_.get(), data, SEEK_HOLE);
    if (hole < 0) return root_.failure(errno, entry_.path);
    runs.push_back({.offset = static_cast<std::uint64_t>(data), .size = static_cast<std::uint64_t>(hole - data)});
    at = hole;
  }
}

Result<FileAttributes> DiskReader::attributes() {
  struct statx status {};
  if (status_of(file_.get(), status) != 0) return root_.failure(errno, entry_.path);
  const Entry now = root_.entry_of({}, status);
  FileAttributes attributes{.modified = now.modified, .mode = now.mode};
  if (const int number = read_extended(file_.get(), attributes.extended); number != 0) {
    return root_.failure(number, entry_.path);
  }
  return attributes;
}

}  // namespace roamsync::posix
