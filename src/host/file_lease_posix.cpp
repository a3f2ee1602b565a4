#include "host/file_lease_posix.hpp"

#include "host/descriptor_posix.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace roamsync {
namespace {

// Where a refusal means what it says. NFS and CIFS refuse also when their server has not granted a delegation or an oplock.
bool refusal_is_honest(int descriptor) {
  constexpr std::array<unsigned long, 6> local{EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC,  BTRFS_SUPER_MAGIC,
                                               TMPFS_MAGIC,      F2FS_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC};
  struct statfs about = {};
  if (::fstatfs(descriptor, &about) != 0) return false;
  return std::find(local.begin(), local.end(), static_cast<unsigned long>(about.f_type)) != local.end();
}

// While we hold the lease, another's open makes the kernel signal us: SIGIO by default, which would end the program. We ask
// for SIGURG, which does nothing by default, for this thread alone, and take it back should it have come.
class SignalShield {
 public:
  SignalShield() noexcept {
    ::sigemptyset(&urgent_);
    ::sigaddset(&urgent_, SIGURG);
    ::pthread_sigmask(SIG_BLOCK, &urgent_, &before_);
    was_pending_ = is_pending();
  }
  ~SignalShield() {
    if (!was_pending_ && is_pending()) {
      const timespec at_once = {};
      ::sigtimedwait(&urgent_, nullptr, &at_once);
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SignalShield(const SignalShield&) = delete;
  SignalShield& operator=(const SignalShield&) = delete;

  bool cover(int descriptor) const noexcept {
    f_owner_ex owner = {};
    owner.type = F_OWNER_TID;
    owner.pid = ::gettid();
    return ::fcntl(descriptor, F_SETSIG, SIGURG) == 0 && ::fcntl(descriptor, F_SETOWN_EX, &owner) == 0;
  }

 private:
  static bool is_pending() noexcept {
    sigset_t pending;
    return ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGURG) == 1;
  }
  sigset_t urgent_ = {};
  sigset_t before_ = {};
  bool was_pending_ = false;
};

}  // namespace

LeaseAnswer ask_by_lease(const boost::filesystem::path& file) {
  const SignalShield shield;
  // O_NONBLOCK: neither a pipe nor somebody's lease may keep us waiting.
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC)};
  if (!descriptor) return errno == EWOULDBLOCK ? LeaseAnswer::somebody : LeaseAnswer::unknown;
  if (!shield.cover(descriptor.get())) return LeaseAnswer::unknown;
  if (::fcntl(descriptor.get(), F_SETLEASE, F_WRLCK) != 0) {
    return errno == EAGAIN && refusal_is_honest(descriptor.get()) ? LeaseAnswer::somebody : LeaseAnswer::unknown;
  }
  ::fcntl(descriptor.get(), F_SETLEASE, F_UNLCK);
  return LeaseAnswer::nobody;
}

}  // namespace roamsync
