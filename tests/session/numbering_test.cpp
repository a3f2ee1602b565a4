// A generation's number is given once, whatever became of the head: the history is kept by number.
#include "session/machines.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::read;

class Numbering : public testing::SessionTest {
 protected:
  /// Generations 1 to 4 of one file, in the history the first three.
  void SetUp() override {
    share_a_profile();
    for (const char* text : {"v2", "v3", "v4"}) {
      a.put("Desktop/a.txt", text);
      ASSERT_OK(a.log_off(*server));
    }
    ASSERT_EQ(read(*server, ".roamsync/history/1/Desktop/a.txt"), "a1");
  }
  /// Another program's and the user's change, decided for the server's.
  Result<Report> lose_a_conflict() {
    a.host.advance(std::chrono::seconds(10));
    server->put_file(ProfilePath::literal("Desktop/a.txt"), "theirs", a.host.now());
    a.put("Desktop/a.txt", "mine");
    return a.log_off(*server, {.policy = &server_wins()});
  }
};

TEST_F(Numbering, ADamagedHeadCostsTheHistoryNothing) {
  server->put_file(ProfilePath::literal(".roamsync/head"), "");
  const auto off = lose_a_conflict();
  ASSERT_OK(off);
  EXPECT_GT(off.value().generation, 4U);
  EXPECT_EQ(read(*server, ".roamsync/history/1/Desktop/a.txt"), "a1");
  EXPECT_EQ(read(*server, ".roamsync/history/2/Desktop/a.txt"), "v2");
  EXPECT_EQ(read(*server, ".roamsync/history/3/Desktop/a.txt"), "v3");
  EXPECT_EQ(read(*server, ".roamsync/history/5/Desktop/a.txt"), "mine");
}

TEST_F(Numbering, AMachineThatKnowsNothingCountsOnFromTheHistory) {
  ASSERT_OK(server->remove_file(ProfilePath::literal(".roamsync/head")));
  testing::Machine fresh("FRESH");
  ASSERT_OK(fresh.log_on(*server));
  fresh.put("Desktop/a.txt", "v5");
  const auto off = fresh.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().generation, 5U);
  EXPECT_EQ(read(*server, ".roamsync/history/1/Desktop/a.txt"), "a1");
  EXPECT_EQ(read(*server, ".roamsync/history/4/Desktop/a.txt"), "v4");
}

TEST_F(Numbering, ARestoreCountsOnFromTheHistory) {
  ASSERT_OK(server->remove_file(ProfilePath::literal(".roamsync/head")));
  const auto restored = restore_generation(a.host, *server, 1, ProfilePath::literal("Desktop/a.txt"), {});
  ASSERT_OK(restored);
  EXPECT_EQ(restored.value().generation, 5U);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a1");
}

TEST_F(Numbering, WhatLayThereWithoutAHeadIsKeptLikeAnythingThatIsReplaced) {
  auto stock = make_memory_store({.location = "stock:"});
  stock->put_file(ProfilePath::literal("Desktop/a.txt"), "a stock workstation's", a.host.now());
  testing::Machine fresh("FRESH");
  fresh.host.advance(std::chrono::hours(1));
  fresh.put("Desktop/a.txt", "newer");
  const auto off = fresh.log_off(*stock);
  ASSERT_OK(off);
  EXPECT_EQ(read(*stock, "Desktop/a.txt"), "newer");
  EXPECT_EQ(read(*stock, ".roamsync/history/1/Desktop/a.txt"), "a stock workstation's");
  EXPECT_EQ(off.value().generation, 2U);
}

TEST_F(Numbering, HeadRecordsAreNoFilesOfTheHistory) {
  for (int i = 0; i < 3; ++i) ASSERT_OK(lose_a_conflict());
  const auto history = list_history(*server);
  ASSERT_OK(history);
  for (const HistoryGeneration& generation : history.value()) {
    for (const Entry& file : generation.files) EXPECT_FALSE(file.path.name().starts_with(".head")) << file.path;
  }
}

}  // namespace
}  // namespace roamsync
