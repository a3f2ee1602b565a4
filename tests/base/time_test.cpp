#include <roamsync/time.hpp>

#include <gtest/gtest.h>

namespace roamsync {
namespace {

using namespace std::chrono_literals;

TEST(FileTime, TextIsIso8601WithTicks) {
  EXPECT_EQ(FileTime{}.text(), "1601-01-01T00:00:00.0000000Z");
  EXPECT_EQ(FileTime::from_unix(0, 0).text(), "1970-01-01T00:00:00.0000000Z");
  EXPECT_EQ(FileTime::from_unix(951'827'696, 123'456'789).text(), "2000-02-29T12:34:56.1234567Z");
}

TEST(FileTime, UnixTimesComeBackToTheTick) {
  for (const std::int64_t seconds : {-12'000'000'000LL, -1LL, 0LL, 1LL, 1'763'000'000LL}) {
    const FileTime time = FileTime::from_unix(seconds, 999'999'900);
    EXPECT_EQ(time.unix_seconds(), seconds);
    EXPECT_EQ(time.unix_nanoseconds(), 999'999'900);
  }
}

TEST(FileTime, SameTimeUsesTheCoarserClock) {
  const FileTime early = FileTime::from_unix(100, 0);
  const FileTime late = FileTime::from_unix(101, 500'000'000);
  EXPECT_TRUE(same_time(early, late, 2s));
  EXPECT_FALSE(same_time(early, late, 1s));
  EXPECT_TRUE(same_time(early, early, 1ns));
}

}  // namespace
}  // namespace roamsync
