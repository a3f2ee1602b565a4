#include "store/disk_lock_posix.hpp"

#include "store/lock_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

namespace roamsync::posix {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// The kernel can wait for such a lock, but not for a limited time.
constexpr auto pause_min = 1ms;
constexpr auto pause_max = 25ms;
constexpr mode_t lock_file_mode = 0666;  // less the umask: whoever may publish must be able to lock

class DiskLock final : public StoreLock {
 public:
  explicit DiskLock(Handle file) : file_(std::move(file)) {}

 private:
  Handle file_;  // closing it frees the lock, and the kernel closes it whatever becomes of us
};

struct flock lock_byte(short type) noexcept {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  range.l_start = lock_offset;
  range.l_len = lock_size;
  return range;
}

Result<Handle> open_lock_file(const DiskRoot& root, const ProfilePath& path, LockMode mode) {
  constexpr int flags = O_NONBLOCK | O_NOCTTY;
  Handle file(root.open_descriptor(path, O_RDWR | O_CREAT | O_EXCL | flags, lock_file_mode));
  if (file) {
    const auto& owner = root.new_owner();
    if (owner && ::fchown(file.get(), owner->user, owner->group) != 0) return root.failure(errno, path);
    return file;
  }
  if (errno == EEXIST) file = Handle(root.open_descriptor(path, O_RDWR | flags));
  // On a read-only share readers can still lock each other's writers out.
  if (!file && mode == LockMode::shared && (errno == EACCES || errno == EROFS || errno == EPERM)) {
    file = Handle(root.open_descriptor(path, O_RDONLY | flags));
  }
  if (!file) return root.failure(errno, path);
  struct statx status {};
  if (status_of(file.get(), status) != 0) return root.failure(errno, path);
  if (!S_ISREG(status.stx_mode)) return root.unsafe(path, describe(file.get(), "", status.stx_mode));
  return file;
}

// False when the name leads to another file by now: somebody removed the one we have locked.
bool still_named(const DiskRoot& root, const ProfilePath& path, int file) noexcept {
  const Handle named(root.open_descriptor(path, O_PATH));
  struct statx ours {
  }, theirs{};
  return named && status_of(file, ours) == 0 && status_of(named.get(), theirs) == 0 && ours.stx_ino == theirs.stx_ino &&
         ours.stx_dev_major == theirs.stx_dev_major && ours.stx_dev_minor == theirs.stx_dev_minor;
}

Error held(const DiskRoot& root, const ProfilePath& path, int file, int number) {
  struct flock other = lock_byte(F_WRLCK);
  std::string who = "held by readers";
  if (::fcntl(file, F_OFD_GETLK, &other) != 0 || other.l_type != F_RDLCK) {
    std::array<char, lock_holder_size_max> text;
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    who = "held by ";
    who += size > 0 ? std::string_view(text.data(), static_cast<std::size_t>(size))
                    : std::string_view("a process that left no name");
  }
  return Error(Errc::publish_running, {.path = root.location_of(path),
                                       .expected = "a lock that nobody holds",
                                       .found = std::move(who),
                                       .cause = system_code(number)});
}

// The error number, or 0.
int write_holder(int file, std::string_view holder) noexcept {
  holder = holder.substr(0, lock_holder_size_max);
  const ssize_t written = ::pwrite(file, holder.data(), holder.size(), 0);
  if (written < 0) return errno;
  struct stat status {};
  if (::fstat(file, &status) != 0) return errno;
  // Mostly as long as the one before it: cutting a file off waits for the file system's journal.
  if (status.st_size == written) return 0;
  return ::ftruncate(file, written) == 0 ? 0 : errno;
}

}  // namespace

Result<std::unique_ptr<StoreLock>> lock_file(const DiskRoot& root, const ProfilePath& path, LockMode mode,
                                             std::string_view holder, std::chrono::milliseconds patience) {
  const auto started = Clock::now();
  for (auto pause = std::chrono::milliseconds(pause_min);;) {
    BOOST_OUTCOME_TRY(Handle file, open_lock_file(root, path, mode));
    for (;;) {
      struct flock range = lock_byte(mode == LockMode::exclusive ? F_WRLCK : F_RDLCK);
      if (::fcntl(file.get(), F_OFD_SETLK, &range) == 0) break;
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EACCES) return root.failure(errno, path);
      const int number = errno;
      const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
      if (waited >= patience) return held(root, path, file.get(), number);
      std::this_thread::sleep_for(std::min(pause, patience - waited));
      pause = std::min<std::chrono::milliseconds>(pause * 2, pause_max);
    }
    if (!still_named(root, path, file.get())) continue;
    if (mode == LockMode::exclusive) {
      if (const int number = write_holder(file.get(), holder); number != 0) return root.failure(number, path);
    }
    return std::make_unique<DiskLock>(std::move(file));
  }
}

}  // namespace roamsync::posix
