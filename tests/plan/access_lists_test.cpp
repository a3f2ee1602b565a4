#include "plan/apply.hpp"

#include <gmock/gmock.h>

#include <random>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::uint64_t mark(const Tree& tree, const char* path) { return tree.find(ProfilePath::literal(path))->access_mark; }

// Carries out logoffs and logons in turn until neither has anything to do.
Scenario settled(Scenario scenario) {
  for (int turn = 0; turn < 6; ++turn) {
    const auto plan = scenario.plan();
    scenario = after(scenario, plan, scenario.direction == Direction::logoff ? Direction::logon : Direction::logoff);
  }
  EXPECT_THAT(lines(scenario.plan()), IsEmpty());
  return scenario;
}

TEST(AccessLists, AListChangedHereIsCarriedWithItsFile) {
  const Scenario scenario{
      .local = tree("f 1 0 a ~mine"), .server = tree("f 1 0 a ~old"), .base = agreed("f 1 0 a ~old")};
  const auto plan = scenario.plan();
  ASSERT_THAT(lines(plan), ElementsAre("upload a"));
  EXPECT_EQ(plan.actions[0].reason.view(), "its access list was changed here since generation 7");
  const Scenario next = after(scenario, plan, Direction::logon);
  EXPECT_EQ(mark(next.server, "a"), access_mark_of("mine"));
  EXPECT_THAT(lines(next.plan()), IsEmpty());
}

TEST(AccessLists, OneChangedOnTheServerWaitsForTheLogon) {
  const Scenario scenario{
      .local = tree("f 1 0 a ~old"), .server = tree("f 1 0 a ~theirs"), .base = agreed("f 1 0 a ~old")};
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan), ElementsAre("kept a"));
  const Scenario next = after(scenario, plan, Direction::logon);
  EXPECT_THAT(lines(next.plan()), ElementsAre("download a"));
  EXPECT_EQ(mark(settled(next).local, "a"), access_mark_of("theirs"));
}

TEST(AccessLists, AFolderGetsItsListInPlace) {
  const Scenario scenario{.local = tree("d d ~mine\nf 1 0 d/a ~f"),
                          .server = tree("d d ~old\nf 1 0 d/a ~f"),
                          .base = agreed("d d ~old\nf 1 0 d/a ~f")};
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan), ElementsAre("set_access d"));
  EXPECT_EQ(mark(settled(scenario).server, "d"), access_mark_of("mine"));
}

TEST(AccessLists, BytesFromHereAndTheListFromThereBothCount) {
  const Scenario scenario{
      .local = tree("f 1 5 a ~old #new"), .server = tree("f 1 0 a ~theirs #old"), .base = agreed("f 1 0 a ~old #old")};
  const auto plan = scenario.plan();
  ASSERT_THAT(lines(plan), ElementsAre("upload a"));
  EXPECT_TRUE(plan.actions[0].keeps_target_access);
  const Scenario end = settled(scenario);
  for (const Tree* side : {&end.local, &end.server}) {
    EXPECT_EQ(mark(*side, "a"), access_mark_of("theirs"));
    EXPECT_EQ(side->find(ProfilePath::literal("a"))->digest, content_digest("new"));
  }
}

TEST(AccessLists, ListsChangedOnBothSidesAreAConflictOfTheirOwn) {
  Scenario scenario{.local = tree("d d ~mine\nf 1 0 a ~mine #x"),
                    .server = tree("d d ~theirs\nf 1 0 a ~theirs #x"),
                    .base = agreed("d d ~old\nf 1 0 a ~old #x"),
                    .policy = &asks()};
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("conflict a", "conflict d", "! conflict a  access_differs, undecided",
                                                  "! conflict d  access_differs, undecided"));
  // No time tells which list is newer, and no file holds two.
  for (const Policy* policy : {&newest_wins(), &keeps_both(), &merges(), &server_wins()}) {
    scenario.policy = policy;
    const Scenario end = settled(scenario);
    EXPECT_EQ(mark(end.local, "a"), access_mark_of("theirs"));
    EXPECT_EQ(mark(end.local, "d"), access_mark_of("theirs"));
  }
  scenario.policy = &local_wins();
  const Scenario end = settled(scenario);
  EXPECT_EQ(mark(end.server, "a"), access_mark_of("mine"));
  EXPECT_EQ(mark(end.server, "d"), access_mark_of("mine"));
}

TEST(AccessLists, WhatNobodyLookedAtIsNoChange) {
  const Scenario unseen{.local = tree("f 1 0 a"), .server = tree("f 1 0 a ~b"), .base = agreed("f 1 0 a ~old")};
  EXPECT_THAT(lines(Scenario{unseen}.plan()), ElementsAre("kept a"));
  const Scenario never{.local = tree("f 1 0 a ~x"), .server = tree("f 1 0 a ~y"), .base = agreed("f 1 0 a")};
  EXPECT_THAT(lines(never.plan()), IsEmpty());
}

TEST(AccessLists, ALookThatFindsNothingOutKeepsWhatTheBaseKnows) {
  const Scenario scenario{.local = tree("f 1 0 a\nf 1 5 b"), .server = tree("f 1 0 a"), .base = agreed("f 1 0 a ~old")};
  const Scenario next = after(scenario, scenario.plan(), Direction::logon);
  EXPECT_EQ(mark(next.base.local, "a"), access_mark_of("old"));
  EXPECT_EQ(mark(next.base.server, "a"), access_mark_of("old"));
}

TEST(AccessLists, TheOldRulesKnowNothingOfLists) {
  for (const Rules rules : {Rules::nt4, Rules::windows2000}) {
    const Scenario scenario{.local = tree("f 1 0 NTUSER.DAT\nf 1 0 a ~mine"),
                            .server = tree("f 1 0 NTUSER.DAT\nf 1 0 a ~old"),
                            .base = agreed("f 1 0 NTUSER.DAT\nf 1 0 a ~old"),
                            .rules = rules};
    EXPECT_THAT(lines(scenario.plan()), IsEmpty());
  }
}

TEST(AccessLists, BothSidesAlwaysComeToAgree) {
  std::mt19937_64 random(7);
  const auto pick = [&](std::initializer_list<const char*> words) { return words.begin()[random() % words.size()]; };
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(round);
    std::string sides[3];
    for (const char* name : {"a", "b", "d/c"}) {
      for (int side = 0; side < 3; ++side) {
        const bool changed = side != 0 && random() % 3 == 0;
        sides[side] += std::string("f 1 ") + (changed ? pick({"1", "2"}) : "0") + ' ' + name + " ~" +
                       pick({"old", "old", "one", "two"}) + " #" + (changed ? pick({"x", "y"}) : "o") + '\n';
      }
    }
    for (int side = 0; side < 3; ++side) sides[side] += std::string("d d ~") + pick({"old", "one", "two"}) + '\n';
    // The base is what both sides agreed on, in their bytes and in their lists.
    const Scenario scenario{.local = tree(sides[1]), .server = tree(sides[2]), .base = agreed(sides[0])};
    const Scenario end = settled(scenario);
    for (const Entry& entry : end.local.entries()) {
      EXPECT_EQ(entry.access_mark, end.server.find(entry.path)->access_mark) << sides[0] << sides[1] << sides[2];
      EXPECT_EQ(entry.digest, end.server.find(entry.path)->digest) << sides[0] << sides[1] << sides[2];
    }
  }
}

}  // namespace
}  // namespace roamsync::testing
