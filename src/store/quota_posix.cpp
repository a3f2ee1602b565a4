#include "store/quota_posix.hpp"

#include <sys/quota.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace roamsync::posix {
namespace {

constexpr std::uint64_t block_size = 1024;

std::uint64_t in_bytes(std::uint64_t blocks) noexcept {
  return blocks > UINT64_MAX / block_size ? UINT64_MAX : blocks * block_size;
}

std::uint64_t room(std::uint64_t hard, std::uint64_t soft, std::uint64_t used, std::int64_t grace_end,
                   std::int64_t now) noexcept {
  if (soft != 0 && used > soft && grace_end != 0 && grace_end <= now) return 0;
  const std::uint64_t limit = hard != 0 ? hard : soft;
  if (limit == 0) return UINT64_MAX;
  return used < limit ? limit - used : 0;
}

}  // namespace

QuotaRoom room_within_limits(const QuotaLimits& limits, std::int64_t now) noexcept {
  return {.bytes = room(in_bytes(limits.blocks_hard), in_bytes(limits.blocks_soft), limits.bytes_used,
                        limits.blocks_grace_end, now),
          .files = room(limits.files_hard, limits.files_soft, limits.files_used, limits.files_grace_end, now)};
}

std::optional<QuotaRoom> room_within_quota(int folder, QuotaKind kind, std::uint32_t id) noexcept {
#ifdef SYS_quotactl_fd
  dqblk quota{};
  const int question = static_cast<int>(QCMD(Q_GETQUOTA, kind == QuotaKind::user ? USRQUOTA : GRPQUOTA));
  if (::syscall(SYS_quotactl_fd, folder, question, id, &quota) == 0) {
    return room_within_limits({.blocks_hard = quota.dqb_bhardlimit,
                               .blocks_soft = quota.dqb_bsoftlimit,
                               .bytes_used = quota.dqb_curspace,
                               .blocks_grace_end = static_cast<std::int64_t>(quota.dqb_btime),
                               .files_hard = quota.dqb_ihardlimit,
                               .files_soft = quota.dqb_isoftlimit,
                               .files_used = quota.dqb_curinodes,
                               .files_grace_end = static_cast<std::int64_t>(quota.dqb_itime)},
                              std::time(nullptr));
  }
#else
  static_cast<void>(folder);
  static_cast<void>(kind);
  static_cast<void>(id);
#endif
  return std::nullopt;
}

}  // namespace roamsync::posix
