#include <roamsync/shared_bytes.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace roamsync {
namespace {

TEST(SharedBytes, LiveAsLongAsAnyOfTheirCopies) {
  std::optional<SharedBytes> first(std::vector<std::byte>(1000, std::byte{7}));
  const SharedBytes second = *first;
  first.reset();
  ASSERT_EQ(second.size(), 1000U);
  EXPECT_TRUE(std::ranges::all_of(second.view(), [](std::byte one) { return one == std::byte{7}; }));
}

TEST(SharedBytes, AreWhatWasWrittenIntoTheirBlockWithoutACopy) {
  ByteBlock block(3);
  std::ranges::fill(block.bytes(), std::byte{5});
  const std::byte* const place = block.bytes().data();
  const SharedBytes shared = std::move(block).share();
  EXPECT_EQ(shared.view().data(), place);
  EXPECT_EQ(shared.size(), 3U);
  EXPECT_EQ(shared.view()[2], std::byte{5});
}

TEST(SharedBytes, MayBeNone) {
  EXPECT_EQ(SharedBytes().size(), 0U);
  EXPECT_EQ(ByteBlock(0).share().size(), 0U);
}

}  // namespace
}  // namespace roamsync
