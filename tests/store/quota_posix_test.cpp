#include "store/quota_posix.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

namespace roamsync::posix {
namespace {

TEST(Quota, TheHardLimitCountsAndWithoutOneTheSoftOne) {
  EXPECT_EQ(room_within_limits(0, 0, 5), std::nullopt) << "no quota";
  EXPECT_EQ(room_within_limits(100, 50, 1024), 99U * 1024);
  EXPECT_EQ(room_within_limits(0, 50, 1024), 49U * 1024);
}

TEST(Quota, NothingIsLeftAboveALimitAndLargeLimitsDoNotWrap) {
  EXPECT_EQ(room_within_limits(1, 0, 1024), 0U);
  EXPECT_EQ(room_within_limits(1, 0, 5000), 0U);
  EXPECT_EQ(room_within_limits(UINT64_MAX, 0, 1), UINT64_MAX - 1);
}

TEST(Quota, AFileSystemWithoutQuotasSetsNoLimit) {
  const int folder = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_GE(folder, 0);
  EXPECT_EQ(room_within_quota(folder, ::geteuid()), std::nullopt);
  ::close(folder);
}

}  // namespace
}  // namespace roamsync::posix
