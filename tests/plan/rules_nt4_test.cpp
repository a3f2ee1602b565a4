// --rules nt4: the hive's last-write time alone decides (KB146192); one test a row of the decision tables.
#include "plan/scenario.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Scenario nt4(Direction direction, std::string_view local, std::string_view server) {
  return {.local = tree(local), .server = tree(server), .direction = direction, .rules = Rules::nt4};
}

TEST(Nt4Logon, ServerHiveMissingIsNoServerProfile) {  // KB Q154120
  const auto plan = nt4(Direction::logon, "f 1 0 NTUSER.DAT", "f 1 9 a").plan();
  EXPECT_THAT(lines(plan), ElementsAre("kept a", "kept NTUSER.DAT"));
}

TEST(Nt4Logon, ServerOnlyDownloadsAll) {
  const auto plan = nt4(Direction::logon, "", "f 1 0 NTUSER.DAT\nf 1 9 Desktop/a").plan();
  EXPECT_THAT(lines(plan), ElementsAre("make_directory Desktop", "download Desktop/a", "download NTUSER.DAT"));
}

TEST(Nt4Logon, ServerNewerDownloadsEverythingAndRemovesNoLeftovers) {  // KB Q185587
  const auto plan = nt4(Direction::logon, "f 1 0 NTUSER.DAT\nf 1 99 newer_here\nf 1 0 left_over\nf 1 0 same",
                        "f 1 5 NTUSER.DAT\nf 1 2 newer_here\nf 1 0 same\nf 1 1 more")
                        .plan();
  EXPECT_THAT(lines(plan),
              ElementsAre("download more", "download newer_here", "download NTUSER.DAT", "kept left_over"));
}

TEST(Nt4Logon, DeletedFilesComeBackFromAnotherMachinesCache) {  // KB Q236073: by design
  Scenario scenario = nt4(Direction::logoff, "f 1 5 NTUSER.DAT\nf 1 0 deleted_elsewhere", "f 1 0 NTUSER.DAT");
  scenario.base = agreed("f 1 0 NTUSER.DAT\nf 1 0 deleted_elsewhere");
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("upload deleted_elsewhere", "upload NTUSER.DAT"));
}

TEST(Nt4Logon, LocalNewerIsPutToThePolicy) {  // KB Q196284
  Scenario scenario = nt4(Direction::logon, "f 1 9 NTUSER.DAT\nf 2 0 a", "f 1 0 NTUSER.DAT\nf 1 0 a");
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("! conflict NTUSER.DAT  local_newer, keep_local", "kept a", "kept NTUSER.DAT"));
  scenario.policy = &server_wins();
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("download a", "download NTUSER.DAT  loser to history",
                                                  "! conflict NTUSER.DAT  local_newer, keep_server"));
  scenario.policy = &asks();
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("conflict NTUSER.DAT", "! conflict NTUSER.DAT  local_newer, undecided", "kept a"));
  scenario.policy = &merges();
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("merge NTUSER.DAT", "! conflict NTUSER.DAT  local_newer, merge", "kept a"));
  scenario.policy = &keeps_both();
  EXPECT_EQ(scenario.plan().conflicts.front().choice, Choice::keep_local) << "a profile has one hive";
}

TEST(Nt4Logon, EqualTimesCopyNothingWhateverTheOtherFilesSay) {  // "times match", KB Q154120
  EXPECT_THAT(lines(nt4(Direction::logon, "f 1 5 NTUSER.DAT\nf 1 0 a", "f 1 5 NTUSER.DAT\nf 1 9 a").plan()),
              ElementsAre("kept a"));
  EXPECT_THAT(lines(nt4(Direction::logon, "f 1 5 NTUSER.DAT", "f 1 5 NTUSER.DAT").plan()), IsEmpty());
}

TEST(Nt4Logon, EqualTimesWithDifferentHivesAreAConflict) {
  EXPECT_THAT(lines(nt4(Direction::logon, "f 1 5 NTUSER.DAT\nf 1 0 a", "f 2 5 NTUSER.DAT\nf 1 9 a").plan()),
              ElementsAre("download a", "download NTUSER.DAT  loser to history",
                          "! conflict NTUSER.DAT  same_time_differs, keep_server"));
}

TEST(Nt4Logon, TimesWithinTheResolutionAreEqual) {
  Scenario scenario = nt4(Direction::logon, "f 1 5 NTUSER.DAT", "f 1 6 NTUSER.DAT");
  EXPECT_EQ(scenario.plan().count(Verb::download), 1u);
  scenario.time_resolution = std::chrono::seconds(2);
  EXPECT_TRUE(scenario.plan().empty());
}

TEST(Nt4Logoff, LocalNewerUploadsEverythingAndDeletesNothing) {
  const auto plan =
      nt4(Direction::logoff, "f 1 9 NTUSER.DAT\nf 1 0 a\nf 1 1 d/b", "f 1 5 NTUSER.DAT\nf 1 99 a\nf 1 0 gone").plan();
  EXPECT_THAT(lines(plan), ElementsAre("make_directory d", "upload a", "upload d/b", "upload NTUSER.DAT", "kept gone"));
}

TEST(Nt4Logoff, ServerNewerIsLeftAlone) {
  EXPECT_THAT(lines(nt4(Direction::logoff, "f 1 1 NTUSER.DAT\nf 1 9 a", "f 1 5 NTUSER.DAT\nf 1 0 a").plan()),
              ElementsAre("kept a", "kept NTUSER.DAT"));
}

TEST(Nt4Logoff, LocalHiveMissingUploadsNothing) {
  EXPECT_THAT(lines(nt4(Direction::logoff, "f 1 9 a", "f 1 5 NTUSER.DAT").plan()),
              ElementsAre("kept a", "kept NTUSER.DAT"));
}

TEST(Nt4, FileAndFolderOfOneNameAreLeftAlone) {  // KB Q185198: "another file exists"
  const auto plan = nt4(Direction::logoff, "f 1 9 NTUSER.DAT\nf 1 0 x/a", "f 1 0 NTUSER.DAT\nf 1 0 x").plan();
  EXPECT_THAT(lines(plan), ElementsAre("upload NTUSER.DAT", "! obstructed x", "! obstructed x/a"));
}

TEST(Nt4, MandatoryHiveIsTheOneThatCounts) {  // .man is tested first, KB Q154120
  const auto plan = nt4(Direction::logon, "f 1 5 NTUSER.DAT", "f 1 9 NTUSER.MAN\nf 2 0 NTUSER.DAT").plan();
  EXPECT_THAT(lines(plan), ElementsAre("download NTUSER.DAT", "download NTUSER.MAN"));
}

}  // namespace
}  // namespace roamsync::testing
