#include <roamsync/tree.hpp>

#include <gtest/gtest.h>

namespace roamsync {
namespace {

TEST(AccessMark, StandsForTheBytesOfAList) {
  EXPECT_EQ(access_mark_of("list"), access_mark_of("list"));
  EXPECT_NE(access_mark_of("list"), access_mark_of("lisT"));
  EXPECT_EQ(access_mark_of(""), access_mark_none);
  EXPECT_GT(access_mark_of("list"), access_mark_outdated);
}

TEST(AccessMark, WhatNobodyLookedAtAgreesWithEverything) {
  const auto marked = [](std::uint64_t mark) { return Entry{.access_mark = mark}; };
  EXPECT_TRUE(same_access(marked(7), marked(7)));
  EXPECT_FALSE(same_access(marked(7), marked(8)));
  EXPECT_FALSE(same_access(marked(7), marked(access_mark_none)));
  EXPECT_FALSE(same_access(marked(7), marked(access_mark_outdated)));
  EXPECT_TRUE(same_access(marked(7), marked(access_mark_unknown)));
  EXPECT_TRUE(same_access(marked(access_mark_unknown), marked(access_mark_none)));
}

}  // namespace
}  // namespace roamsync
