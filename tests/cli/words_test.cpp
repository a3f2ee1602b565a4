#include "cli/words.hpp"

#include <gtest/gtest.h>

namespace roamsync::cli {
namespace {

TEST(Words, SaySizesInTheUnitThatFits) {
  EXPECT_EQ(size_in_words(0), "0 bytes");
  EXPECT_EQ(size_in_words(1), "1 byte");
  EXPECT_EQ(size_in_words(1023), "1023 bytes");
  EXPECT_EQ(size_in_words(1536), "1.5 KiB");
  EXPECT_EQ(size_in_words(std::uint64_t{3} << 40), "3.0 TiB");
  EXPECT_EQ(size_in_words(std::uint64_t{5} << 52), "20480.0 TiB");
}

TEST(Words, SayTimesToTheSecond) {
  EXPECT_EQ(time_in_words({}), "unknown");
  EXPECT_EQ(time_in_words(FileTime::from_unix(1'800'000'000, 123'456'700)), "2027-01-15 08:00:00 UTC");
}

TEST(Words, CountOneAndMany) {
  EXPECT_EQ(count_in_words(1, "file", "files"), "1 file");
  EXPECT_EQ(count_in_words(0, "file", "files"), "0 files");
}

}  // namespace
}  // namespace roamsync::cli
