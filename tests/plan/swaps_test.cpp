// A folder on one side, a file of the same name on the other.
#include "plan/scenario.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;

Scenario swap(std::string_view local, std::string_view server, std::string_view base,
              Direction direction = Direction::logoff) {
  const std::string keep = "\nf 1 0 k";
  return {.local = tree(std::string(local) + keep),
          .server = tree(std::string(server) + keep),
          .base = agreed(std::string(base) + keep),
          .direction = direction};
}

TEST(Swap, FolderThatBecameAFileReplacesTheUnchangedFolder) {
  const Scenario scenario = swap("f 1 5 x", "f 1 0 x/a\nf 1 0 x/d/b", "f 1 0 x/a\nf 1 0 x/d/b");
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan), ElementsAre("upload x", "delete x/d/b", "delete x/d", "delete x/a"));
  EXPECT_TRUE(plan.actions.front().target->is_directory());
}

TEST(Swap, FileThatBecameAFolderReplacesTheUnchangedFile) {
  const Scenario scenario = swap("f 1 5 x/a", "f 1 0 x", "f 1 0 x");
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan), ElementsAre("make_directory x", "upload x/a"));
  EXPECT_TRUE(plan.actions.front().target->is_file());
}

TEST(Swap, ChangeOnTheTargetAloneIsKept) {
  EXPECT_THAT(lines(swap("f 1 0 x", "f 1 5 x/a", "f 1 0 x").plan()), ElementsAre("kept x"));
  EXPECT_THAT(lines(swap("f 1 0 x/a", "f 1 5 x", "f 1 0 x/a").plan()), ElementsAre("kept x", "kept x/a"));
}

TEST(Swap, SomethingNewInTheFolderMakesItAConflictAndTheFolderIsKept) {
  EXPECT_THAT(lines(swap("f 1 5 x", "f 1 0 x/a\nf 1 9 x/new", "f 1 0 x/a").plan()),
              ElementsAre("! conflict x  kind_differs, keep_server", "kept x"));
  EXPECT_THAT(lines(swap("f 1 0 x/a\nf 1 9 x/new", "f 1 5 x", "f 1 0 x/a").plan()),
              ElementsAre("make_directory x  loser to history", "upload x/a", "upload x/new",
                          "! conflict x  kind_differs, keep_local"));
}

TEST(Swap, FileThatWinsSendsTheFoldersFilesToHistory) {
  Scenario scenario = swap("f 1 5 x", "f 1 0 x/a\nf 1 9 x/new", "f 1 0 x/a");
  scenario.policy = &local_wins();
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan), ElementsAre("upload x  loser to history", "delete x/new  loser to history",
                                       "delete x/a  loser to history", "! conflict x  kind_differs, keep_local"));
  EXPECT_EQ(plan.deleted_files(), 2u);
}

TEST(Swap, FolderThatLosesNamesItsChangedFilesAsLosers) {
  Scenario scenario = swap("f 1 0 x/a\nf 1 9 x/new", "f 1 5 x", "f 1 0 x/a");
  scenario.policy = &server_wins();
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan),
              ElementsAre("! conflict x  kind_differs, keep_server", "! conflict x/new  kind_differs, keep_server",
                          "kept x", "kept x/a", "kept x/new"));
  EXPECT_EQ(plan.conflicts.front().loser, nullptr);
  EXPECT_EQ(plan.conflicts.back().loser, plan.scenario->local.find(ProfilePath::literal("x/new")));
}

TEST(Swap, KeepingBothGivesTheFolderTheName) {
  Scenario scenario = swap("f 1 5 x", "f 1 9 x/new", "f 1 0 gone");
  scenario.policy = &keeps_both();
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("keep_both x  and x (PC7 2026-11-21 09.00.00)", "! conflict x  kind_differs, keep_both"));
  scenario = swap("f 1 9 x/new", "f 1 5 x", "f 1 0 gone", Direction::logon);
  scenario.policy = &keeps_both();
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("download x (server 2026-11-21 09.00.00)  from x", "! conflict x  kind_differs, keep_both"));
}

TEST(Swap, FileOfTheTargetThatMeetsAFolderGoesToHistoryWhenBothAreWanted) {
  Scenario scenario = swap("f 1 9 x/new", "f 1 5 x", "f 1 0 gone");
  scenario.policy = &keeps_both();
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("make_directory x  loser to history", "upload x/new",
                                                  "! conflict x  kind_differs, keep_local"));
}

TEST(Swap, UndecidedIsOneOpenConflictForTheNameAndAllBelow) {
  Scenario scenario = swap("f 1 9 x/new", "f 1 5 x", "f 1 0 gone");
  scenario.policy = &asks();
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("conflict x", "! conflict x  kind_differs, undecided"));
}

TEST(Swap, FolderHoldingAnObstacleIsNeverReplacedByAFile) {
  Scenario scenario = swap("f 1 5 x", "f 1 0 x/a", "f 1 0 x/a");
  scenario.server_obstacles = {"X/link"};
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("! obstructed x"));
}

TEST(Swap, HiveAndFolderNeverReplaceEachOther) {
  EXPECT_THAT(lines(swap("f 1 5 NTUSER.DAT", "f 1 0 NTUSER.DAT/a", "f 1 0 NTUSER.DAT/a").plan()),
              ElementsAre("! obstructed NTUSER.DAT"));
  EXPECT_THAT(lines(swap("f 1 5 NTUSER.DAT/a", "f 1 0 NTUSER.DAT", "f 1 0 NTUSER.DAT").plan()),
              ElementsAre("! obstructed NTUSER.DAT", "! obstructed NTUSER.DAT/a"));
}

TEST(Swap, FolderInPlaceOfAFileThatTheOtherSideDeletedIsNoConflict) {
  EXPECT_THAT(lines(swap("f 1 5 x/a", "", "f 1 0 x").plan()), ElementsAre("make_directory x", "upload x/a"));
  EXPECT_THAT(lines(swap("", "f 1 5 x/a", "f 1 0 x").plan()), ElementsAre("kept x/a"));
}

}  // namespace
}  // namespace roamsync::testing
