#include "plan/apply.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const Tree& tree) {
  std::vector<std::string> names;
  for (const Entry& entry : tree.entries()) names.emplace_back(entry.path.text());
  return names;
}

Base base_after(const Scenario& scenario) { return after(scenario, scenario.plan(), Direction::logon).base; }
const Entry& entry(const Tree& tree, const char* path) { return *tree.find(ProfilePath::literal(path)); }

TEST(NextBase, TakesOverWhatWasCopiedWithItsDigest) {
  const Scenario scenario{.local = tree("f 1 5 d/a #x\nf 1 0 k"), .server = tree("f 1 0 k"), .base = agreed("f 1 0 k")};
  const Base base = base_after(scenario);
  EXPECT_THAT(names(base.local), ElementsAre("d", "d/a", "k"));
  EXPECT_THAT(names(base.server), ElementsAre("d", "d/a", "k"));
  EXPECT_EQ(entry(base.server, "d/a").digest, content_digest("x"));
}

TEST(NextBase, LearnsTheDigestFromEitherSide) {
  const Scenario scenario{.local = tree("f 1 0 a"), .server = tree("f 1 0 a #x")};
  EXPECT_EQ(entry(base_after(scenario).local, "a").digest, content_digest("x"));
}

TEST(NextBase, KeepsTheDigestOfWhatNobodyTouched) {
  const Scenario scenario{.local = tree("f 1 0 a"), .server = tree("f 1 0 a"), .base = agreed("f 1 0 a #x")};
  EXPECT_EQ(entry(base_after(scenario).server, "a").digest, content_digest("x"));
}

TEST(NextBase, ForgetsWhatBothSidesDeleted) {
  const Scenario scenario{.local = tree("f 1 0 k"), .server = tree("f 1 0 k"), .base = agreed("f 1 0 a\nf 1 0 k")};
  EXPECT_THAT(names(base_after(scenario).local), ElementsAre("k"));
}

TEST(NextBase, LeavesWhatIsStillToComeAsItWas) {
  const Scenario scenario{.local = tree("f 1 0 changed\nf 1 0 deleted\nf 1 0 k"),
                          .server = tree("f 1 9 changed\nf 1 9 new\nf 1 0 k"),
                          .base = agreed("f 1 0 changed\nf 1 0 deleted\nf 1 0 k")};
  const Base base = base_after(scenario);
  EXPECT_THAT(names(base.server), ElementsAre("changed", "deleted", "k"));
  EXPECT_EQ(entry(base.server, "changed").modified, at_second(0));
}

TEST(NextBase, DecidedConflictIsNotRaisedAgainAndTheOtherDirectionCarriesItOver) {
  Scenario scenario{.local = tree("f 1 8 a #l"),
                    .server = tree("f 1 9 a #s"),
                    .base = agreed("f 1 0 a #o"),
                    .policy = &server_wins()};
  auto plan = scenario.plan();
  EXPECT_THAT(lines(plan), ElementsAre("! conflict a  both_changed, keep_server", "kept a"));
  Scenario next = after(scenario, plan, Direction::logoff);
  EXPECT_EQ(entry(next.base.server, "a").modified.ticks, -1);
  next.policy = &asks();
  EXPECT_THAT(lines(next.plan()), ElementsAre("kept a"));
  next.direction = Direction::logon;
  plan = next.plan();
  EXPECT_THAT(lines(plan), ElementsAre("download a"));
  next = after(next, plan, Direction::logoff);
  EXPECT_THAT(lines(next.plan()), IsEmpty());
}

TEST(NextBase, RefusedFileStaysRefusedWhenEqualTimesAndSizesHideTheDifference) {
  // Without ids and without digests read anew, only the base can tell that these two are not the same.
  Scenario scenario{.local = tree("f 1 9 a #l"),
                    .server = tree("f 1 9 a #s"),
                    .direction = Direction::logon,
                    .policy = &local_wins()};
  const auto plan = scenario.plan();
  Scenario next = after(scenario, plan, Direction::logoff);
  next.local = tree("f 1 9 a");
  next.server = tree("f 1 9 a");
  EXPECT_THAT(lines(next.plan()), ElementsAre("upload a"));
}

TEST(NextBase, RefusedDeletionComesBackAsANewFile) {
  Scenario scenario{.local = tree("f 1 9 a\nf 1 0 k"),
                    .server = tree("f 1 0 k"),
                    .base = agreed("f 1 0 a\nf 1 0 k"),
                    .direction = Direction::logon,
                    .policy = &local_wins()};
  const Scenario next = after(scenario, scenario.plan(), Direction::logoff);
  EXPECT_THAT(lines(next.plan()), ElementsAre("upload a"));
}

TEST(NextBase, DeletionThatWasChosenIsCarriedOverLater) {
  Scenario scenario{.local = tree("f 1 9 a\nf 1 0 k"),
                    .server = tree("f 1 0 k"),
                    .base = agreed("f 1 0 a\nf 1 0 k"),
                    .policy = &server_wins()};
  const Scenario next = after(scenario, scenario.plan(), Direction::logon);
  EXPECT_THAT(lines(next.plan()), ElementsAre("delete a"));
}

TEST(NextBase, KeptBothOnTheServerComesDownAtTheNextLogon) {
  Scenario scenario{
      .local = tree("f 1 8 a #l"), .server = tree("f 1 9 a #s"), .base = agreed("f 1 0 a #o"), .policy = &keeps_both()};
  const Scenario next = after(scenario, scenario.plan(), Direction::logon);
  EXPECT_THAT(lines(next.plan()), ElementsAre("download a", "download a (PC7 2026-11-21 09.00.00)"));
}

TEST(NextBase, MergedHiveComesDownAtTheNextLogon) {
  Scenario scenario{.local = tree("f 1 8 NTUSER.DAT #l"),
                    .server = tree("f 1 9 NTUSER.DAT #s"),
                    .base = agreed("f 1 0 NTUSER.DAT #o"),
                    .policy = &merges()};
  Scenario next = after(scenario, scenario.plan(), Direction::logon);
  EXPECT_THAT(lines(next.plan()), ElementsAre("download NTUSER.DAT"));
}

// A folder of the base that has a time is not listed when it has that time again (see ScanOptions::known).
TEST(NextBase, AFolderHasATimeWhereTheBaseHasAllThatTheScanFoundInIt) {
  const auto timed = [](Tree tree) {
    for (Entry& entry : tree.entries_for_update()) {
      if (entry.is_directory()) entry.modified = {.ticks = 7};
    }
    return tree;
  };
  const std::string shared = "f 1 0 Lost/a\nf 1 0 Same/a\nf 1 0 Same/deep/b\nf 1 0 Spelled/A\nf 1 0 Kept/a";
  Scenario scenario{.local = timed(tree(shared + "\nf 1 0 Lost/b\nf 1 0 Kept/here")),
                    .server = tree(shared + "\nf 1 0 Lost/new"),
                    .base = agreed(shared + "\nf 1 0 Lost/b")};
  const Plan plan = scenario.plan();
  Tree server_after = scenario.server;
  server_after.put(*scenario.local.find(ProfilePath::literal("Kept/here")));
  scenario.local.put({.path = ProfilePath::literal("Spelled/a"), .size = 1});
  const Base next = next_base(scenario.input(), plan, timed(tree(shared + "\nf 1 0 Lost/b")), server_after);
  std::vector<std::string> whole;
  for (const Entry& entry : next.local.entries()) {
    if (entry.is_directory() && entry.modified.ticks != 0) whole.emplace_back(entry.path.text());
  }
  EXPECT_THAT(whole, ElementsAre("Lost", "Same", "Same/deep")) << "what the server lost is still here";
}

TEST(NextBase, SourceThatChangedWhileItWasCopiedCountsAsChanged) {
  const Scenario scenario{.local = tree("f 1 5 a #x"), .server = tree("f 1 0 a #o"), .base = agreed("f 1 0 a #o")};
  const auto plan = scenario.plan();
  Scenario next = scenario;
  next.local = tree("f 1 7 a #z");
  next.server = tree("f 1 5 a #x");
  next.base = next_base(scenario.input(), plan, next.local, next.server);
  EXPECT_THAT(lines(next.plan()), ElementsAre("upload a"));
}

TEST(NextBase, SwapThatWasRefusedIsOneThatTheOtherDirectionFinishes) {
  Scenario scenario{.local = tree("f 1 5 x\nf 1 0 k"),
                    .server = tree("f 1 9 x/new\nf 1 0 x/a\nf 1 0 k"),
                    .base = agreed("f 1 0 x/a\nf 1 0 k")};
  const auto plan = scenario.plan();
  EXPECT_THAT(lines(plan), ElementsAre("! conflict x  kind_differs, keep_server", "kept x"));
  Scenario next = after(scenario, plan, Direction::logoff);
  next.policy = &asks();
  EXPECT_TRUE(next.plan().empty());
  next.direction = Direction::logon;
  EXPECT_THAT(lines(next.plan()), ElementsAre("make_directory x", "download x/a", "download x/new"));
}

}  // namespace
}  // namespace roamsync::testing
