#include "store/quota_posix.hpp"

#include <sys/quota.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace roamsync::posix {

std::optional<std::uint64_t> room_within_limits(std::uint64_t hard, std::uint64_t soft, std::uint64_t used) noexcept {
  const std::uint64_t blocks = hard != 0 ? hard : soft;
  if (blocks == 0) return std::nullopt;
  constexpr std::uint64_t block_size = 1024;
  const std::uint64_t limit = blocks > UINT64_MAX / block_size ? UINT64_MAX : blocks * block_size;
  return used < limit ? limit - used : 0;
}

std::optional<std::uint64_t> room_within_quota(int folder, uid_t user) noexcept {
#ifdef SYS_quotactl_fd
  dqblk quota{};
  constexpr int get_quota_of_user = static_cast<int>(QCMD(Q_GETQUOTA, USRQUOTA));
  if (::syscall(SYS_quotactl_fd, folder, get_quota_of_user, user, &quota) == 0) {
    return room_within_limits(quota.dqb_bhardlimit, quota.dqb_bsoftlimit, quota.dqb_curspace);
  }
#else
  static_cast<void>(folder);
  static_cast<void>(user);
#endif
  return std::nullopt;
}

}  // namespace roamsync::posix
