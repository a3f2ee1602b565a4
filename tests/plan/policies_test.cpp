#include "plan/scenario.hpp"

#include <gtest/gtest.h>

namespace roamsync::testing {
namespace {

Choice newest(const char* local, const char* server) {
  const Tree here = tree(local);
  const Tree there = tree(server);
  const Triple triple{here.empty() ? nullptr : &here.entries()[0], there.empty() ? nullptr : &there.entries()[0],
                      nullptr, nullptr};
  return newest_wins().choose(triple, ConflictKind::both_changed);
}

TEST(NewestWins, TakesTheLaterTimeAndTheServersWhenEqual) {
  EXPECT_EQ(newest("f 1 9 a", "f 1 8 a"), Choice::keep_local);
  EXPECT_EQ(newest("f 1 8 a", "f 1 9 a"), Choice::keep_server);
  EXPECT_EQ(newest("f 1 9 a", "f 2 9 a"), Choice::keep_server);
}

TEST(NewestWins, TakesAFileBeforeADeletionAndAFolderBeforeAFile) {
  EXPECT_EQ(newest("f 1 0 a", ""), Choice::keep_local);
  EXPECT_EQ(newest("", "f 1 0 a"), Choice::keep_server);
  EXPECT_EQ(newest("d a", "f 1 9 a"), Choice::keep_local);
  EXPECT_EQ(newest("f 1 9 a", "d a"), Choice::keep_server);
}

TEST(FixedPolicies, AnswerAlwaysTheSame) {
  const Triple triple{};
  EXPECT_EQ(local_wins().choose(triple, ConflictKind::no_base), Choice::keep_local);
  EXPECT_EQ(server_wins().choose(triple, ConflictKind::no_base), Choice::keep_server);
  EXPECT_EQ(keeps_both().choose(triple, ConflictKind::no_base), Choice::keep_both);
  EXPECT_EQ(merges().choose(triple, ConflictKind::no_base), Choice::merge);
  EXPECT_EQ(asks().choose(triple, ConflictKind::no_base), Choice::undecided);
}

TEST(KeepBoth, OfAFileThatOneSideDeletedKeepsTheFile) {
  const Scenario scenario{.local = tree("f 1 9 a\nf 1 0 k"),
                          .server = tree("f 1 9 b\nf 1 0 k"),
                          .base = agreed("f 1 0 a\nf 1 0 b\nf 1 0 k"),
                          .policy = &keeps_both()};
  const auto plan = scenario.plan();
  EXPECT_EQ(plan.conflicts.at(0).choice, Choice::keep_local);
  EXPECT_EQ(plan.conflicts.at(1).choice, Choice::keep_server);
}

}  // namespace
}  // namespace roamsync::testing
