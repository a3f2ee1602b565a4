#include "store/quota_posix.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

namespace roamsync::posix {
namespace {

constexpr std::int64_t now = 1'700'000'000;

TEST(Quota, TheHardLimitCountsAndWithoutOneTheSoftOne) {
  EXPECT_EQ(room_within_limits({.bytes_used = 5}, now), QuotaRoom()) << "no quota";
  EXPECT_EQ(room_within_limits({.blocks_hard = 100, .blocks_soft = 50, .bytes_used = 1024}, now).bytes, 99U * 1024);
  EXPECT_EQ(room_within_limits({.blocks_soft = 50, .bytes_used = 1024}, now).bytes, 49U * 1024);
}

TEST(Quota, NothingIsLeftAboveALimitAndLargeLimitsDoNotWrap) {
  EXPECT_EQ(room_within_limits({.blocks_hard = 1, .bytes_used = 1024}, now).bytes, 0U);
  EXPECT_EQ(room_within_limits({.blocks_hard = 1, .bytes_used = 5000}, now).bytes, 0U);
  EXPECT_EQ(room_within_limits({.blocks_hard = UINT64_MAX, .bytes_used = 1}, now).bytes, UINT64_MAX - 1);
}

TEST(Quota, NothingIsLeftAboveASoftLimitWhoseGraceHasPassed) {
  QuotaLimits limits{.blocks_hard = 100, .blocks_soft = 50, .bytes_used = 60 * 1024, .blocks_grace_end = now + 1};
  EXPECT_EQ(room_within_limits(limits, now).bytes, 40U * 1024);
  limits.blocks_grace_end = now;
  EXPECT_EQ(room_within_limits(limits, now).bytes, 0U);
}

TEST(Quota, FilesAreLimitedToo) {
  EXPECT_EQ(room_within_limits({.files_hard = 10, .files_used = 10}, now).files, 0U);
  EXPECT_EQ(room_within_limits({.files_soft = 10, .files_used = 7}, now).files, 3U);
  EXPECT_EQ(room_within_limits({.files_soft = 10, .files_used = 11, .files_grace_end = 1}, now).files, 0U);
}

TEST(Quota, AFileSystemWithoutQuotasSetsNoLimit) {
  const int folder = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_GE(folder, 0);
  EXPECT_EQ(room_within_quota(folder, QuotaKind::user, ::geteuid()), std::nullopt);
  ::close(folder);
}

}  // namespace
}  // namespace roamsync::posix
