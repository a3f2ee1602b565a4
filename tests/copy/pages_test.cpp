#include "copy/pages.hpp"

#include "copy/copy.hpp"
#include "copy/fake_files.hpp"

#include <gtest/gtest.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace roamsync::testing {
namespace {

constexpr std::size_t page_size = PageDigests::page_size;

TEST(Pages, EachPageHasItsXxh3AndTheLastMayBeShort) {
  const Bytes bytes = noise(2 * page_size + 10);
  const PageDigests pages = page_digests_of(bytes);
  EXPECT_EQ(pages.file_size, bytes.size());
  ASSERT_EQ(pages.pages.size(), 3U);
  EXPECT_EQ(pages.pages[0], XXH3_64bits(bytes.data(), page_size));
  EXPECT_EQ(pages.pages[1], XXH3_64bits(bytes.data() + page_size, page_size));
  EXPECT_EQ(pages.pages[2], XXH3_64bits(bytes.data() + 2 * page_size, 10));
}

TEST(Pages, AnEmptyFileHasNone) { EXPECT_EQ(page_digests_of({}), PageDigests{}); }

TEST(Pages, APageIsTheSameOnlyWithTheSameLength) {
  // Zeros of other lengths: whatever their digests are, the short page is not the whole one.
  const PageDigests before = page_digests_of(Bytes(page_size + 100));
  PageDigests now = page_digests_of(Bytes(2 * page_size));
  now.pages[1] = before.pages[1];
  const auto changed = changed_pages(before, now, 0);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].offset, page_size);
  EXPECT_EQ(changed[0].size, page_size);
}

}  // namespace
}  // namespace roamsync::testing
