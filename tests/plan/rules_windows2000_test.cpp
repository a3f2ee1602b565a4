// --rules windows2000: each file by its own time, the load time T tells new from deleted (cc961679); one test a row.
#include "plan/scenario.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Scenario windows2000(Direction direction, std::string_view local, std::string_view server,
                     std::optional<int> loaded = 50) {
  Scenario scenario{.local = tree(local), .server = tree(server), .direction = direction, .rules = Rules::windows2000};
  if (loaded) scenario.load_time = at_second(*loaded);
  return scenario;
}
Scenario logoff_2000(std::string_view local, std::string_view server, std::optional<int> loaded = 50) {
  return windows2000(Direction::logoff, local, server, loaded);
}
Scenario logon_2000(std::string_view local, std::string_view server, std::optional<int> loaded = 50) {
  return windows2000(Direction::logon, local, server, loaded);
}

TEST(Windows2000Logoff, OnlyHereIsUploaded) {
  EXPECT_THAT(lines(logoff_2000("f 1 0 a\nf 1 0 k", "f 1 0 k").plan()), ElementsAre("upload a"));
}

TEST(Windows2000Logoff, OnlyOnTheServerAndYoungerThanTheLoadCameFromAnotherComputer) {
  EXPECT_THAT(lines(logoff_2000("f 1 0 k", "f 1 51 a\nf 1 0 k").plan()), ElementsAre("kept a"));
}

TEST(Windows2000Logoff, OnlyOnTheServerAndNotYoungerThanTheLoadWasDeletedHere) {
  EXPECT_THAT(lines(logoff_2000("f 1 0 k", "f 1 50 a\nf 1 0 k").plan()), ElementsAre("delete a"));
  EXPECT_THAT(lines(logoff_2000("f 1 0 k", "f 1 49 a\nf 1 0 k").plan()), ElementsAre("delete a"));
}

TEST(Windows2000Logoff, NothingIsDeletedWithoutALoadTime) {
  EXPECT_THAT(lines(logoff_2000("f 1 0 k", "f 1 1 a\nf 1 0 k", std::nullopt).plan()), ElementsAre("kept a"));
}

TEST(Windows2000Logoff, NewerHereOverwrites) {
  EXPECT_THAT(lines(logoff_2000("f 1 9 a", "f 1 8 a").plan()), ElementsAre("upload a"));
}

TEST(Windows2000Logoff, NewerOnTheServerIsLeft) {  // event 1007
  const auto plan = logoff_2000("f 1 8 a", "f 1 9 a").plan();
  EXPECT_THAT(lines(plan), ElementsAre("kept a"));
  EXPECT_EQ(plan.kept.front().reason, "older here than the file it would overwrite");
  EXPECT_TRUE(plan.kept.front().is_older);
}

TEST(Windows2000Logoff, EqualTimesAreLeftButNotTakenForEqualWhenTheyDiffer) {
  EXPECT_THAT(lines(logoff_2000("f 1 9 a", "f 1 9 a").plan()), IsEmpty());
  EXPECT_THAT(lines(logoff_2000("f 1 9 a", "f 2 9 a").plan()),
              ElementsAre("! conflict a  same_time_differs, keep_server", "kept a"));
  EXPECT_THAT(lines(logoff_2000("f 1 9 a #x", "f 1 9 a #y").plan()),
              ElementsAre("! conflict a  same_time_differs, keep_server", "kept a"));
}

TEST(Windows2000Logoff, SameBytesAreLeftWhateverTheTimes) {
  EXPECT_THAT(lines(logoff_2000("f 1 9 a #x", "f 1 8 a #x").plan()), IsEmpty());
}

TEST(Windows2000Logoff, TheHiveIsOneFileAndLast) {
  EXPECT_THAT(lines(logoff_2000("f 1 9 NTUSER.DAT\nf 1 1 z", "f 1 8 NTUSER.DAT").plan()),
              ElementsAre("upload z", "upload NTUSER.DAT"));
  EXPECT_THAT(lines(logoff_2000("f 1 1 z", "f 1 8 NTUSER.DAT\nf 1 1 z").plan()), ElementsAre("kept NTUSER.DAT"))
      << "never taken for deleted";
}

TEST(Windows2000Logoff, FolderGoesWhenThePlanEmptiesItNotWhenItWasEmpty) {
  EXPECT_THAT(lines(logoff_2000("f 1 0 k", "f 1 1 d/e/a\nd empty\nf 1 0 k").plan()),
              ElementsAre("delete d/e/a", "delete d/e", "delete d"));
  EXPECT_THAT(lines(logoff_2000("f 1 0 k", "f 1 1 d/a\nf 1 99 d/new\nf 1 0 k").plan()),
              ElementsAre("delete d/a", "kept d/new"));
}

TEST(Windows2000Logoff, EmptySideHasNotDeletedEverything) {
  EXPECT_THAT(lines(logoff_2000("", "f 1 1 a").plan()), ElementsAre("kept a"));
}

TEST(Windows2000Logon, ServerOnlyDownloadsAll) {
  EXPECT_THAT(lines(logon_2000("", "f 1 0 NTUSER.DAT\nf 1 0 d/a").plan()),
              ElementsAre("make_directory d", "download d/a", "download NTUSER.DAT"));
}

TEST(Windows2000Logon, NewerOnTheServerComesDownPerFile) {
  EXPECT_THAT(lines(logon_2000("f 1 9 a\nf 1 1 b\nf 1 5 NTUSER.DAT", "f 1 1 a\nf 1 9 b\nf 1 6 NTUSER.DAT").plan()),
              ElementsAre("download b", "download NTUSER.DAT", "kept a"));
}

TEST(Windows2000Logon, EqualTimesCopyNothing) {
  EXPECT_THAT(lines(logon_2000("f 1 9 a", "f 1 9 a").plan()), IsEmpty());
}

TEST(Windows2000Logon, DeletedElsewhereSinceTheLastSessionIsDeletedHere) {
  EXPECT_THAT(lines(logon_2000("f 1 49 old\nf 1 51 made_offline\nf 1 0 k", "f 1 0 k").plan()),
              ElementsAre("delete old", "kept made_offline"));
}

TEST(Windows2000, WhatABaseDoesNotKnowWasNeverDeleted) {
  for (const Direction direction : {Direction::logon, Direction::logoff}) {
    const bool up = direction == Direction::logoff;
    const std::string_view with = "f 1 0 k\nf 1 1 known\nf 1 1 other\nf 1 1 unknown";
    Scenario scenario = windows2000(direction, up ? "f 1 0 k" : with, up ? with : "f 1 0 k");
    scenario.base = {.local = tree("f 1 0 k\nf 1 1 known\nf 2 1 other"),
                     .server = tree("f 1 0 k\nf 1 1 known\nf 2 1 other")};
    EXPECT_THAT(lines(scenario.plan()), ElementsAre("delete known", "kept other", "kept unknown"));
  }
}

TEST(Windows2000, FileAndFolderOfOneNameAreAConflict) {
  Scenario scenario = logoff_2000("f 1 0 x/a", "f 1 0 x");
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("make_directory x  loser to history", "upload x/a",
                                                  "! conflict x  kind_differs, keep_local"));
  scenario.policy = &server_wins();
  EXPECT_EQ(scenario.plan().actions.size(), 0u);
}

}  // namespace
}  // namespace roamsync::testing
