// --rules base: one test a row of the decision tables. L and S are the two sides, B the base. Rows of the table that a plan does
// not decide (an absent server, a slow link, owners, logons refused) belong to the session.
#include "plan/scenario.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* hive = "f 8192 0 NTUSER.DAT #h\n";

Scenario logon(std::string_view local, std::string_view server, Base base = {}) {
  return {.local = tree(local), .server = tree(server), .base = std::move(base), .direction = Direction::logon};
}
Scenario logoff(std::string_view local, std::string_view server, Base base = {}) {
  return {.local = tree(local), .server = tree(server), .base = std::move(base)};
}

// --- logon, the whole profile ---

TEST(BaseLogon, ServerFolderMissingFirstUseKeepsTheLocalProfileForTheLogoff) {
  const auto plan = logon("f 8192 0 NTUSER.DAT\nf 1 0 Desktop/a", "").plan();
  EXPECT_THAT(lines(plan), ElementsAre("kept Desktop/a", "kept NTUSER.DAT"));
  EXPECT_THAT(plan.kept.front().reason, HasSubstr("next logoff"));
}

TEST(BaseLogon, ServerFolderThereHiveMissingDoesNotTakeTheLocalHive) {
  const auto plan =
      logon("f 8192 0 NTUSER.DAT #h\nf 1 0 a #a", "f 1 0 a #a", agreed("f 8192 0 NTUSER.DAT #h\nf 1 0 a #a")).plan();
  EXPECT_THAT(lines(plan), ElementsAre("kept NTUSER.DAT"));
}

TEST(BaseLogoff, ServerWithoutAHiveGetsOneThoughTheBaseHadIt) {
  const auto plan =
      logoff("f 8192 0 NTUSER.DAT #h\nf 1 0 a #a", "f 1 0 a #a", agreed("f 8192 0 NTUSER.DAT #h\nf 1 0 a #a")).plan();
  EXPECT_THAT(lines(plan), ElementsAre("upload NTUSER.DAT"));
}

TEST(BaseLogon, ServerOnlyDownloadsAll) {
  const auto plan = logon("", "f 8192 0 NTUSER.DAT\nd Empty\nf 1 0 Desktop/a").plan();
  EXPECT_THAT(lines(plan), ElementsAre("make_directory Desktop", "make_directory Empty", "download Desktop/a",
                                       "download NTUSER.DAT"));
  EXPECT_EQ(plan.actions[0].reason.c_str(), plan.actions[1].reason.c_str()) << "the same words are held once";
}

TEST(BaseLogon, NoCachedCopyDownloadsAllEvenWithABase) {
  const char* all = "f 8192 0 NTUSER.DAT\nf 1 0 AppData/a";
  // An excluded folder that stayed behind leaves its parent, but no file.
  const auto plan = logon("d AppData", all, agreed(all)).plan();
  EXPECT_THAT(lines(plan), ElementsAre("download AppData/a", "download NTUSER.DAT"));
}

TEST(BaseLogon, HiveMissingHereComesDownEvenWithABase) {
  const char* all = "f 8192 0 NTUSER.DAT\nf 1 0 a";
  EXPECT_THAT(lines(logon("f 1 0 a", all, agreed(all)).plan()), ElementsAre("download NTUSER.DAT"));
}

TEST(BaseLogon, ServerNewerAndLocalUnchangedIsAFastForward) {
  const auto plan = logon("f 8192 0 NTUSER.DAT", "f 8192 9 NTUSER.DAT", agreed("f 8192 0 NTUSER.DAT")).plan();
  EXPECT_THAT(lines(plan), ElementsAre("download NTUSER.DAT"));
  EXPECT_EQ(plan.actions.front().reason.view(), "changed on the server since generation 7, the local one is as it was");
  EXPECT_FALSE(plan.actions.front().loser_to_history);
}

TEST(BaseLogon, LocalNewerAndServerUnchangedKeepsLocalAndNeverAsks) {
  Scenario scenario = logon("f 8192 9 NTUSER.DAT", "f 8192 0 NTUSER.DAT", agreed("f 8192 0 NTUSER.DAT"));
  scenario.policy = &asks();
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("kept NTUSER.DAT"));
  scenario.direction = Direction::logoff;
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("upload NTUSER.DAT"));
}

TEST(BaseLogon, BothHivesChangedAreMergedOrSettledByTimeButNeverKeptTwice) {
  Scenario scenario = logon("f 8192 5 NTUSER.DAT #l", "f 8192 9 NTUSER.DAT #s", agreed(hive));
  scenario.policy = &merges();
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("merge NTUSER.DAT", "! conflict NTUSER.DAT  both_changed, merge"));
  scenario.policy = &keeps_both();
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("download NTUSER.DAT  loser to history", "! conflict NTUSER.DAT  both_changed, keep_server"));
  scenario.policy = &asks();
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("conflict NTUSER.DAT", "! conflict NTUSER.DAT  both_changed, undecided"));
  EXPECT_TRUE(scenario.plan().undecided());
}

TEST(BaseLogon, HiveThatOnlyOneSideHasIsNeverMerged) {
  Scenario scenario = logon("f 1 0 a", "f 8192 9 NTUSER.DAT #s\nf 1 0 a", agreed("f 8192 0 NTUSER.DAT #h\nf 1 0 a"));
  scenario.policy = &merges();
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("download NTUSER.DAT"));
}

TEST(BaseLogon, EqualTimesAndEqualBytesCopyNothing) { EXPECT_THAT(lines(logon(hive, hive).plan()), IsEmpty()); }

TEST(BaseLogon, EqualTimesWithDifferentSizeOrDigestAreAConflict) {
  EXPECT_THAT(lines(logon("f 10 5 a #x", "f 10 5 a #y").plan()),
              ElementsAre("download a  loser to history", "! conflict a  same_time_differs, keep_server"));
  EXPECT_THAT(lines(logon("f 10 5 a", "f 11 5 a").plan()),
              ElementsAre("download a  loser to history", "! conflict a  same_time_differs, keep_server"));
}

TEST(BaseLogon, ClocksThatDifferDoNotMatterWhereTheBytesAreTheSame) {
  EXPECT_THAT(lines(logon("f 10 500 a #x", "f 10 5 a #x").plan()), IsEmpty());
  // Both touched, both to the same.
  EXPECT_THAT(lines(logon("f 10 500 a #x", "f 10 5 a #x", agreed("f 10 1 a #o")).plan()), IsEmpty());
}

TEST(BaseLogon, CoarseStampsAreEqualWithinTheResolution) {
  Scenario scenario = logon("f 10 5 a", "f 10 6 a");
  EXPECT_THAT(scenario.plan().conflicts.size(), 1u);
  scenario.time_resolution = std::chrono::seconds(2);
  EXPECT_THAT(lines(scenario.plan()), IsEmpty());
}

TEST(BaseLogon, MandatoryProfileComesDownAndTheServerWinsWithoutABase) {
  Scenario scenario = logon("f 8192 9 NTUSER.MAN #l\nf 1 9 a #l", "f 8192 0 NTUSER.MAN #s\nf 1 0 a #s");
  scenario.policy = &server_wins();
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("download a  loser to history", "download NTUSER.MAN  loser to history",
                          "! conflict a  no_base, keep_server", "! conflict NTUSER.MAN  no_base, keep_server"));
}

TEST(BaseLogon, MandatoryHiveThatBecameAnOrdinaryOneIsDeletedHere) {
  const auto plan = logon("f 8192 0 NTUSER.MAN", "f 8192 0 NTUSER.DAT", agreed("f 8192 0 NTUSER.MAN")).plan();
  EXPECT_THAT(lines(plan), ElementsAre("download NTUSER.DAT", "delete NTUSER.MAN"));
}

// --- per file, read for logoff ---

TEST(BaseLogoff, OnlyHereWithoutABaseIsUploaded) {
  EXPECT_THAT(lines(logoff("f 1 0 a\nf 1 0 k", "f 1 0 k", agreed("f 1 0 k")).plan()), ElementsAre("upload a"));
}

TEST(BaseLogoff, DeletedOnTheServerAndUnchangedHereWaitsForTheLogonThatDeletesIt) {
  Scenario scenario = logoff("f 1 0 a\nf 1 0 k", "f 1 0 k", agreed("f 1 0 a\nf 1 0 k"));
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("kept a"));
  scenario.direction = Direction::logon;
  EXPECT_THAT(lines(scenario.plan()), ElementsAre("delete a"));
}

TEST(BaseLogoff, DeletedOnTheServerButChangedHereIsAConflictAndTheFileStays) {
  const auto plan = logoff("f 1 9 a\nf 1 0 k", "f 1 0 k", agreed("f 1 0 a\nf 1 0 k")).plan();
  EXPECT_THAT(lines(plan), ElementsAre("upload a", "! conflict a  changed_here_deleted_there, keep_local"));
}

TEST(BaseLogoff, NewOnTheServerIsKept) {
  EXPECT_THAT(lines(logoff("f 1 0 k", "f 1 0 a\nf 1 0 k", agreed("f 1 0 k")).plan()), ElementsAre("kept a"));
}

TEST(BaseLogoff, DeletedHereAndUnchangedOnTheServerIsDeletedThere) {
  const auto plan = logoff("f 1 0 k", "f 1 0 a\nf 1 0 k", agreed("f 1 0 a\nf 1 0 k")).plan();
  EXPECT_THAT(lines(plan), ElementsAre("delete a"));
  EXPECT_EQ(plan.deleted_files(), 1u);
  EXPECT_EQ(plan.target_files, 2u);
}

TEST(BaseLogoff, DeletedHereButChangedOnTheServerIsAConflictAndTheFileStays) {
  const auto plan = logoff("f 1 0 k", "f 1 9 a\nf 1 0 k", agreed("f 1 0 a\nf 1 0 k")).plan();
  EXPECT_THAT(lines(plan), ElementsAre("! conflict a  deleted_here_changed_there, keep_server", "kept a"));
}

TEST(BaseLogoff, DeletionThatWinsSendsTheServersFileToHistory) {
  Scenario scenario = logoff("f 1 0 k", "f 1 9 a\nf 1 0 k", agreed("f 1 0 a\nf 1 0 k"));
  scenario.policy = &local_wins();
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan),
              ElementsAre("delete a  loser to history", "! conflict a  deleted_here_changed_there, keep_local"));
  EXPECT_EQ(plan.conflicts.front().loser, plan.scenario->server.find(ProfilePath::literal("a")));
  EXPECT_TRUE(plan.conflicts.front().loser_replaced);
}

TEST(BaseLogoff, NeverDeletesWithoutABase) {
  EXPECT_THAT(lines(logoff("f 1 0 k", "f 1 0 old\nf 1 0 k").plan()), ElementsAre("kept old"));
}

TEST(BaseLogoff, LocalNewerOverAnUnchangedServerOverwrites) {
  EXPECT_THAT(lines(logoff("f 2 9 a", "f 1 0 a", agreed("f 1 0 a")).plan()), ElementsAre("upload a"));
  // Older works as well: a restored file is a change.
  EXPECT_THAT(lines(logoff("f 2 -9 a", "f 1 0 a", agreed("f 1 0 a")).plan()), ElementsAre("upload a"));
}

TEST(BaseLogoff, BothChangedIsAConflict) {
  Scenario scenario = logoff("f 2 9 a", "f 3 8 a", agreed("f 1 0 a"));
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("upload a  loser to history", "! conflict a  both_changed, keep_local"));
  scenario.policy = &keeps_both();
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("keep_both a  and a (PC7 2026-11-21 09.00.00)", "! conflict a  both_changed, keep_both"));
  scenario.direction = Direction::logon;
  EXPECT_THAT(lines(scenario.plan()),
              ElementsAre("keep_both a  and a (PC7 2026-11-21 09.00.00)", "! conflict a  both_changed, keep_both"));
}

TEST(BaseLogoff, LoserThatStaysHereIsNamedForTheHistory) {
  Scenario scenario = logoff("f 2 8 a", "f 3 9 a", agreed("f 1 0 a"));
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan), ElementsAre("! conflict a  both_changed, keep_server", "kept a"));
  EXPECT_EQ(plan.conflicts.front().loser, plan.scenario->local.find(ProfilePath::literal("a")));
  EXPECT_FALSE(plan.conflicts.front().loser_replaced);
}

TEST(BaseLogoff, ServerNewerOverAnUnchangedLocalIsLeft) {
  EXPECT_THAT(lines(logoff("f 1 0 a", "f 1 9 a", agreed("f 1 0 a")).plan()), ElementsAre("kept a"));
}

TEST(BaseLogoff, ExcludedThingsAreNeverTakenForDeletedWhenTheFilterChanged) {
  // Since the base the filter came to exclude b: it is in neither tree.
  EXPECT_THAT(lines(logoff("f 1 0 a", "f 1 0 a", agreed("f 1 0 a\nf 1 0 b")).plan()), IsEmpty());
}

TEST(BaseLogoff, TouchedButIdenticalIsNoChange) {
  EXPECT_THAT(lines(logoff("f 1 9 a #x", "f 1 0 a", agreed("f 1 0 a #x")).plan()), IsEmpty());
  EXPECT_THAT(lines(logoff("", "f 1 9 a #x", agreed("f 1 0 a #x")).plan()), ElementsAre("kept a"));
  EXPECT_THAT(lines(logoff("f 1 0 k", "f 1 9 a #x\nf 1 0 k", agreed("f 1 0 a #x\nf 1 0 k")).plan()),
              ElementsAre("delete a"));
}

TEST(BaseLogoff, ChangedBytesUnderTheSameStampAreAChangeWhereDigestsShowIt) {
  EXPECT_THAT(lines(logoff("f 1 0 a #y", "f 1 0 a", agreed("f 1 0 a #x")).plan()), ElementsAre("upload a"));
}

TEST(BaseLogoff, AnotherIdIsAChangeUnlessTheDigestIsTheSame) {
  EXPECT_THAT(lines(logoff("f 1 0 a @2", "f 1 0 a", agreed("f 1 0 a @1")).plan()), ElementsAre("upload a"));
  EXPECT_THAT(lines(logoff("f 1 0 a @2 #x", "f 1 0 a", agreed("f 1 0 a @1 #x")).plan()), IsEmpty());
}

TEST(BaseLogoff, EmptySideHasNotDeletedEverything) {
  const char* all = "f 1 0 a\nf 1 0 Desktop/b";
  EXPECT_THAT(lines(logoff("", all, agreed(all)).plan()), ElementsAre("kept a", "kept Desktop/b"));
  EXPECT_THAT(lines(logon(all, "", agreed(all)).plan()), ElementsAre("kept a", "kept Desktop/b"));
  EXPECT_THAT(lines(logoff(all, "", agreed(all)).plan()),
              ElementsAre("make_directory Desktop", "upload a", "upload Desktop/b"));
}

// --- names ---

TEST(BaseLogoff, CaseOnlyRenameIsNoChangeAndTheServersSpellingStays) {
  EXPECT_THAT(lines(logoff("f 1 0 Docs/NOTES.txt", "f 1 0 docs/notes.TXT", agreed("f 1 0 Docs/notes.txt")).plan()),
              IsEmpty());
}

TEST(BaseLogoff, TargetsSpellingOfFoldersAndFilesIsUsed) {
  const auto plan = logoff("f 2 9 DOCS/Notes.txt\nf 1 0 DOCS/Sub/New.txt", "f 1 0 docs/notes.TXT\nd docs/sub",
                           agreed("f 1 0 docs/notes.TXT\nd docs/sub"))
                        .plan();
  EXPECT_THAT(lines(plan), ElementsAre("upload docs/notes.TXT  from DOCS/Notes.txt",
                                       "upload docs/sub/New.txt  from DOCS/Sub/New.txt"));
}

// --- folders ---

TEST(BaseLogoff, FoldersAreMadeOutermostFirstAndDeletedInnermostFirstAndTheHiveComesLast) {
  const auto plan = logoff("f 2 9 NTUSER.DAT\nf 1 0 new/deep/a\nf 1 0 z", "f 1 0 NTUSER.DAT\nf 1 0 old/deep/a\nf 1 0 z",
                           agreed("f 1 0 NTUSER.DAT\nf 1 0 old/deep/a\nf 1 0 z"))
                        .plan();
  EXPECT_THAT(lines(plan), ElementsAre("make_directory new", "make_directory new/deep", "upload new/deep/a",
                                       "delete old/deep/a", "delete old/deep", "delete old", "upload NTUSER.DAT"));
}

TEST(BaseLogoff, FolderDeletedHereStaysWhileSomethingNewIsInItThere) {
  const auto plan = logoff("f 1 0 k", "f 1 0 d/a\nf 1 0 d/new\nf 1 0 k", agreed("f 1 0 d/a\nf 1 0 k")).plan();
  EXPECT_THAT(lines(plan), ElementsAre("delete d/a", "kept d/new"));
}

TEST(BaseLogoff, FolderDeletedThereComesBackForWhatIsNewInItHere) {
  const auto plan = logoff("f 1 0 d/a\nf 1 0 d/new\nf 1 0 k", "f 1 0 k", agreed("f 1 0 d/a\nf 1 0 k")).plan();
  EXPECT_THAT(lines(plan), ElementsAre("make_directory d", "upload d/new", "kept d/a"));
}

// --- decisions ---

TEST(BaseLogoff, DecisionsAreAskedBeforeThePolicy) {
  const Scenario scenario = logoff("f 2 9 a\nf 2 9 b", "f 3 8 a\nf 3 8 b", agreed("f 1 0 a\nf 1 0 b"));
  const auto input = scenario.input();
  const Plan plan = make_plan(input, asks(), [](const Triple& triple, ConflictKind) -> std::optional<Choice> {
    if (triple.path().text() == "a") return Choice::keep_local;
    return std::nullopt;
  });
  EXPECT_THAT(lines(plan),
              ElementsAre("upload a  loser to history", "conflict b", "! conflict a  both_changed, keep_local",
                          "! conflict b  both_changed, undecided"));
  EXPECT_EQ(plan.count(Verb::conflict), 1u);
}

}  // namespace
}  // namespace roamsync::testing
