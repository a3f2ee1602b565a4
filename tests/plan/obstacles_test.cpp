// Links and unusable names: what lies on one side and is no part of its tree.
#include "plan/obstacles.hpp"

#include "plan/scenario.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Obstacle, LinkOnTheTargetHidesAllThatWouldStandBelowIt) {
  Scenario scenario{
      .local = tree("f 1 0 Desktop/a.txt\nf 1 0 ok"), .server = tree("f 1 0 k"), .server_obstacles = {"desktop"}};
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan), ElementsAre("upload ok", "! obstructed Desktop", "! obstructed Desktop/a.txt", "kept k"));
  EXPECT_THAT(plan.kept.front().reason, HasSubstr("\"desktop\" stands in the way on the server"));
}

TEST(Obstacle, FolderThatHoldsOneIsNotRemoved) {
  Scenario scenario{.local = tree("f 1 0 k"),
                    .server = tree("f 1 0 d/e/a\nf 1 0 k"),
                    .base = agreed("f 1 0 d/e/a\nf 1 0 k"),
                    .server_obstacles = {"d/we:rd"}};
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("delete d/e/a", "delete d/e"));
}

TEST(Obstacle, WhatOneHidesOnTheSourceIsNotTakenForDeleted) {
  Scenario scenario{.local = tree("f 1 0 k"),
                    .server = tree("f 1 0 d/a\nf 1 0 f\nf 1 0 k"),
                    .base = agreed("f 1 0 d/a\nf 1 0 f\nf 1 0 k"),
                    .local_obstacles = {"D", "F"}};
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("kept d/a", "kept f"));
}

TEST(Obstacle, CaseTwinOfAnEntryDoesNotKeepThatEntryFromRoaming) {
  Scenario scenario{
      .local = tree("f 2 9 A"), .server = tree("f 1 0 A"), .base = agreed("f 1 0 A"), .local_obstacles = {"a"}};
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("upload A"));
  scenario.local_obstacles = {};
  scenario.server_obstacles = {"a"};
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("upload A"));
}

TEST(Obstacle, OneOnTheSourceThatTheTargetDoesNotKnowChangesNothing) {
  Scenario scenario{.local = tree("f 1 0 k"), .server = tree("f 1 0 k"), .local_obstacles = {"link", "\xff\xfe"}};
  EXPECT_THAT(lines(scenario.plan()), IsEmpty());
}

TEST(Obstacle, SecondNamesAvoidThem) {
  Scenario scenario{.local = tree("f 2 9 a"),
                    .server = tree("f 3 8 a\nf 1 0 a (PC7 2026-11-21 09.00.00 2)"),
                    .base = agreed("f 1 0 a"),
                    .policy = &keeps_both(),
                    .server_obstacles = {"A (pc7 2026-11-21 09.00.00)"}};
  EXPECT_EQ(scenario.plan().actions.front().other_path->text(), "a (PC7 2026-11-21 09.00.00 3)");
}

TEST(Obstacles, AreFoundAtAPathAboveItAndBelowIt) {
  const std::vector<std::string> paths{"Ä/b", "x:y/z"};
  const Obstacles obstacles(paths, Tree());
  EXPECT_NE(obstacles.covering(ProfilePath::literal("ä/B")), nullptr);
  EXPECT_NE(obstacles.covering(ProfilePath::literal("ä/b/c/d")), nullptr);
  EXPECT_EQ(obstacles.covering(ProfilePath::literal("ä")), nullptr);
  EXPECT_EQ(obstacles.covering(ProfilePath::literal("ä/bc")), nullptr);
  EXPECT_TRUE(obstacles.any_below(ProfilePath::literal("ä")));
  EXPECT_FALSE(obstacles.any_below(ProfilePath::literal("ä/b")));
  EXPECT_TRUE(obstacles.contains(ProfilePath::literal("ä/b")));
}

}  // namespace
}  // namespace roamsync::testing
