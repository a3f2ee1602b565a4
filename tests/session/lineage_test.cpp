#include "session/lineage.hpp"

#include "session/records.hpp"
#include "support/result_matchers.hpp"

#include <gtest/gtest.h>

namespace roamsync {
namespace {

TEST(Lineage, NamesTheProfileOnceAndRemembersItsAncestors) {
  const Lineage first = lineage_after({}, {}, "p1");
  EXPECT_EQ(first, (Lineage{.profile = "p1", .ancestors = {}}));
  const Lineage second = lineage_after({1, "t1"}, first, "p2");
  EXPECT_EQ(second, (Lineage{.profile = "p1", .ancestors = {{1, "t1"}}}));
  const Lineage third = lineage_after({2, "t2"}, second, "p3");
  EXPECT_EQ(third, (Lineage{.profile = "p1", .ancestors = {{2, "t2"}, {1, "t1"}}}));
  EXPECT_TRUE(third.has({1, "t1"}));
  EXPECT_FALSE(third.has({1, "t2"})) << "the generation alone is no identity";
}

TEST(Lineage, IsBounded) {
  Lineage lineage;
  for (std::uint64_t generation = 1; generation < 3 * ancestors_max; ++generation) {
    lineage = lineage_after({generation, "t"}, lineage, "p");
  }
  EXPECT_EQ(lineage.ancestors.size(), ancestors_max);
  EXPECT_EQ(lineage.ancestors.front().generation, 3 * ancestors_max - 1);
}

TEST(Lineage, SurvivesHeadAndBaseRecord) {
  const Lineage lineage{.profile = "p1", .ancestors = {{2, "t2"}, {1, "t1"}}};
  for (const bool with_tree : {false, true}) {
    const auto head = read_head(write_head({.id = {3, "t3"}, .lineage = lineage}), "head", with_tree);
    ASSERT_OK(head);
    EXPECT_EQ(head.value().lineage, lineage);
  }
  const auto base = read_base(write_base({.id = {3, "t3"}, .lineage = lineage}), "base");
  ASSERT_OK(base);
  EXPECT_EQ(base.value().lineage, lineage);
}

}  // namespace
}  // namespace roamsync
