#include "store/disk_flush_posix.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <thread>

namespace roamsync::posix {
namespace {

// Below this a flush of each costs no more than one of all.
constexpr std::size_t one_flush_count_min = 8;
// So much of other programs' data is written along without asking: a fraction of a second on a slow disk.
constexpr std::uint64_t others_bytes_allowed = 64 << 20;
// Requests that wait for the disk at the same time; more do not merge better.
constexpr std::size_t lanes_max = 8;
constexpr std::size_t files_per_lane_min = 4;
// A device planted in a file's place must not hold us.
constexpr int file_flags = O_NONBLOCK | O_NOCTTY;

// Bytes that wait to be written or are being written, of all programs and all disks; UINT64_MAX when that cannot be told.
std::uint64_t dirty_bytes_of_system() noexcept {
  const Handle file(::open("/proc/meminfo", O_RDONLY | O_CLOEXEC));
  std::array<char, 4096> text;
  const ssize_t size = file ? ::read(file.get(), text.data(), text.size() - 1) : -1;
  if (size <= 0) return UINT64_MAX;
  text[static_cast<std::size_t>(size)] = '\0';
  std::uint64_t total = 0;
  for (const char* field : {"\nDirty:", "\nWriteback:"}) {
    const char* line = std::strstr(text.data(), field);
    if (line == nullptr) return UINT64_MAX;
    total += std::strtoull(line + std::strlen(field), nullptr, 10) << 10;
  }
  return total;
}

// Calls `work` for every item, from a few threads when there are many. The failure of the lowest item counts.
Result<void> for_each(std::size_t count, const std::function<Result<void>(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::size_t failed = count;
  Result<void> outcome = success();
  const auto lane = [&] {
    for (std::size_t item; (item = next.fetch_add(1)) < count;) {
      auto done = work(item);
      if (done) continue;
      const std::scoped_lock guard(mutex);
      if (item < failed) {
        failed = item;
        outcome = std::move(done);
      }
      next.store(count);
    }
  };
  std::vector<std::jthread> threads;
  const std::size_t lanes = std::min(lanes_max, count / files_per_lane_min);
  for (std::size_t i = 1; i < lanes; ++i) threads.emplace_back(lane);
  lane();
  threads.clear();
  return outcome;
}

std::vector<ProfilePath> folders_of(std::span<const ProfilePath> files) {
  std::vector<ProfilePath> folders;
  for (const ProfilePath& file : files) {
    ProfilePath folder = file.parent();
    if (folders.empty() || folders.back() != folder) folders.push_back(std::move(folder));
  }
  return folders;
}

void drop_doubles(std::vector<ProfilePath>& paths) {
  const auto by_text = [](const ProfilePath& path) { return path.text(); };
  std::ranges::sort(paths, {}, by_text);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
}

}  // namespace

Result<void> DiskFlusher::flush_files(std::span<const ProfilePath> files) {
  if (files.empty()) return success();
  if (flush_file_system(files.size())) return success();
  if (files.size() > 1) {
    BOOST_OUTCOME_TRYV(for_each(files.size(), [&](std::size_t i) { return start_write_back(files[i]); }));
  }
  BOOST_OUTCOME_TRYV(for_each(files.size(), [&](std::size_t i) { return flush_file(files[i]); }));
  unflushed_bytes_.store(0, std::memory_order_relaxed);
  std::vector<ProfilePath> folders = folders_of(files);
  drop_doubles(folders);
  return flush_each_folder(folders);
}

Result<void> DiskFlusher::flush_folders(std::span<const ProfilePath> folders) {
  std::vector<ProfilePath> each(folders.begin(), folders.end());
  drop_doubles(each);
  if (flush_file_system(each.size())) return success();
  return flush_each_folder(each);
}

bool DiskFlusher::one_flush_pays(std::size_t count) const noexcept {
  if (!file_system_.one_flush_serves_all || count < one_flush_count_min) return false;
  const std::uint64_t own = unflushed_bytes_.load(std::memory_order_relaxed);
  const std::uint64_t dirty = dirty_bytes_of_system();
  return dirty <= own || dirty - own <= own + others_bytes_allowed;
}

// False: nothing was promised, each has to be flushed by itself; that also finds out which file an error belongs to.
bool DiskFlusher::flush_file_system(std::size_t count) noexcept {
  if (!one_flush_pays(count) || ::syncfs(root_.handle()) != 0) return false;
  unflushed_bytes_.store(0, std::memory_order_relaxed);
  return true;
}

// fsync and not fdatasync: times and modes are part of what was promised.
Result<void> DiskFlusher::flush_file(const ProfilePath& path) {
  Handle file;
  if (file_system_.flush_needs_write_access) file = Handle(root_.open_descriptor(path, O_WRONLY | file_flags));
  // A read-only file has nothing of its own to write, or this is as far as its rights go.
  if (!file) file = Handle(root_.open_descriptor(path, O_RDONLY | file_flags));
  if (!file || uninterrupted([&] { return ::fsync(file.get()); }) != 0) return root_.failure(errno, path);
  return success();
}

Result<void> DiskFlusher::flush_folder(const ProfilePath& path) {
  BOOST_OUTCOME_TRY(const Handle folder, root_.open(path, O_RDONLY | O_DIRECTORY));
  if (uninterrupted([&] { return ::fsync(folder.get()); }) == 0) return success();
  // Some file systems cannot flush a folder, and need not: a change of names is written before the call returns.
  if (errno == EINVAL || errno == ENOTSUP) return success();
  return root_.failure(errno, path);
}

Result<void> DiskFlusher::flush_each_folder(std::span<const ProfilePath> folders) {
  return for_each(folders.size(), [&](std::size_t i) { return flush_folder(folders[i]); });
}

Result<void> DiskFlusher::start_write_back(const ProfilePath& file) {
  BOOST_OUTCOME_TRY(const Handle opened, root_.open(file, O_RDONLY | file_flags));
  ::sync_file_range(opened.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
  return success();
}

}  // namespace roamsync::posix
