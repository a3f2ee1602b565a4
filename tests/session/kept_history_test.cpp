#include "session/machines.hpp"

#include "support/crash_store.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::Contains;
using testing::CrashStore;
using testing::read;
using testing::SessionTest;
using testing::sound_hive;

class KeptHistory : public SessionTest {
 protected:
  /// Every content the history holds of one path, on that disk.
  static std::vector<std::string> kept_of(const MemoryStore::Content& disk, const std::string& path) {
    std::vector<std::string> contents;
    for (const auto& [place, node] : disk) {
      const std::string_view text = place.text();
      if (text.starts_with(".roamsync/history/") && text.ends_with('/' + path)) {
        contents.push_back(testing::text_of_bytes(node.bytes));
      }
    }
    return contents;
  }

  /// Machine A has published its version of a file, B has another one.
  void change_on_both() {
    share_a_profile();
    a.put("Desktop/a.txt", "a of A");
    ASSERT_OK(a.log_off(*server));
    b.put("Desktop/a.txt", "a of B");
  }
};

TEST_F(KeptHistory, WhatAStockWorkstationLeftOnTheServerIsKeptWhenItLosesAConflict) {
  server->put_file(ProfilePath::literal("NTUSER.DAT"), sound_hive(u"stock"), FileTime{10});
  server->put_file(ProfilePath::literal("Desktop/a.txt"), "of the stock workstation", FileTime{20});
  a.put("NTUSER.DAT", sound_hive(u"A"));
  a.put("Desktop/a.txt", "of A");
  const auto up = a.log_off(*server, {.policy = &local_wins()});
  ASSERT_OK(up);
  ASSERT_EQ(up.value().outcome, Outcome::synced) << up.value();
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "of A");
  EXPECT_THAT(kept_of(server->content(), "Desktop/a.txt"), Contains("of the stock workstation"));
  EXPECT_THAT(kept_of(server->content(), "NTUSER.DAT"), Contains(sound_hive(u"stock")));
}

TEST_F(KeptHistory, ADamagedHeadCostsNothingThatWasKeptBefore) {
  for (const bool at_logon : {true, false}) {
    change_on_both();
    server->put_file(ProfilePath::literal(".roamsync/head"), "garbage");
    const auto settled =
        at_logon ? b.log_on(*server, {.policy = &server_wins()}) : b.log_off(*server, {.policy = &server_wins()});
    ASSERT_OK(settled);
    EXPECT_THAT(kept_of(server->content(), "Desktop/a.txt"), Contains("a1"));
    EXPECT_THAT(kept_of(server->content(), "Desktop/a.txt"), Contains("a of B"));
    for (auto* store : {server.get(), a.local.get(), a.state.get(), b.local.get(), b.state.get()}) {
      store->set_content({});
    }
  }
}

TEST_F(KeptHistory, ARestoreWithoutAHeadKeepsWhatItReplaces) {
  share_a_profile();
  a.put("Desktop/a.txt", "a2");
  ASSERT_OK(a.log_off(*server));
  server->put_file(ProfilePath::literal(".roamsync/head"), "garbage");
  ASSERT_OK(restore_generation(a.host, *server, 1, ProfilePath::literal("Desktop/a.txt"), {}));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a1");
  EXPECT_THAT(kept_of(server->content(), "Desktop/a.txt"), Contains("a2"));
}

TEST_F(KeptHistory, LosersSurviveAPowerCutOnceTheCallHasReturned) {
  for (const bool at_logon : {true, false}) {
    change_on_both();
    CrashStore disk(server->content());
    const SessionOptions options{.policy = &server_wins(), .lanes = 1};
    ASSERT_OK(at_logon ? b.log_on(disk, options) : b.log_off(disk, options));
    for (const MemoryStore::Content& left : disk.disks_after(disk.operations(), 64, 1)) {
      ASSERT_THAT(kept_of(left, "Desktop/a.txt"), Contains("a of B")) << (at_logon ? "logon" : "logoff");
    }
    for (auto* store : {server.get(), a.local.get(), a.state.get(), b.local.get(), b.state.get()}) {
      store->set_content({});
    }
  }
}

// A process that died had made the folder of the generation and not flushed its name; its successor finds it there.
TEST_F(KeptHistory, SurvivesAPowerCutInFoldersThatADeadProcessMade) {
  share_a_profile();
  CrashStore disk(server->content());
  for (const char* folder : {".roamsync/history", ".roamsync/history/1", ".roamsync/history/1/Desktop"}) {
    ASSERT_OK(disk.make_directory(ProfilePath::literal(folder), 0));
  }
  a.put("Desktop/a.txt", "a2");
  ASSERT_OK(a.log_off(disk, {.lanes = 1}));
  for (const MemoryStore::Content& left : disk.disks_after(disk.operations(), 64, 1)) {
    ASSERT_THAT(kept_of(left, "Desktop/a.txt"), Contains("a1"));
  }
}

TEST_F(KeptHistory, LosersOfACallThatDiedAreNoPartOfTheNextGeneration) {
  share_a_profile();
  server->put_file(ProfilePath::literal(".roamsync/history/2/Desktop/a.txt"), "never published");
  a.put("Desktop/a.txt", "a2");
  const auto off = a.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().generation, 3U) << "2 is a number that was taken";
  EXPECT_THAT(kept_of(server->content(), "Desktop/a.txt"), Contains("a1"));
}

TEST_F(KeptHistory, AFileThatADeadCallKeptMakesRoomForAFolder) {
  a.put("Desktop/notes/monday.txt", "m1");
  share_a_profile();
  server->put_file(ProfilePath::literal(".roamsync/history/1/Desktop/notes"), "notes were a file");
  a.put("Desktop/notes/monday.txt", "m2");
  const auto up = a.log_off(*server);
  ASSERT_OK(up);
  EXPECT_EQ(up.value().outcome, Outcome::synced) << up.value();
  EXPECT_THAT(kept_of(server->content(), "monday.txt"), Contains("m1"));
  EXPECT_THAT(kept_of(server->content(), "notes (2)"), Contains("notes were a file"));
}

TEST_F(KeptHistory, HeadRecordsAndHalfCopiesAreNoFilesOfTheProfile) {
  share_a_profile();
  a.remove("Desktop/a.txt");
  ASSERT_OK(a.log_off(*server));
  b.put("Desktop/a.txt", "a of B");
  ASSERT_OK(b.log_off(*server, {.policy = &server_wins()}));
  EXPECT_THAT(kept_of(server->content(), "Desktop/a.txt"), Contains("a of B"));
  const ProfilePath half = ProfilePath::literal(".roamsync/history/1/copy-1.roamsync.tmp");
  server->put_file(half, "half a cop");
  const auto history = list_history(*server);
  ASSERT_OK(server->remove_file(half));
  ASSERT_OK(history);
  EXPECT_EQ(history.value().back().generation, 1U);
  for (const HistoryGeneration& generation : history.value()) {
    for (const Entry& file : generation.files) {
      EXPECT_FALSE(file.path.text().starts_with(".head")) << file.path;
      EXPECT_FALSE(file.path.text().ends_with(".roamsync.tmp")) << file.path;
    }
  }
}

}  // namespace
}  // namespace roamsync
