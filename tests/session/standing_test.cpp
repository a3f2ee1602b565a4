// A base is worth nothing against a server that is not where it was left: put back from a backup, not mounted, or another profile.
#include "session/machines.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::HasSubstr;
using testing::Machine;
using testing::profile;
using testing::read;
using testing::sound_hive;
using Content = MemoryStore::Content;

class Standing : public testing::SessionTest {
 protected:
  /// Machine A is in step with generation 2; `older_` is the server as it was at generation 1.
  void SetUp() override {
    share_a_profile();
    older_ = server->content();
    a.put("Desktop/a.txt", "a2");
    a.put("Desktop/new.txt", "n1");
    ASSERT_OK(a.log_off(*server));
  }
  void erase_from_server(const std::string& below) {
    ASSERT_OK(remove_tree(*server, ProfilePath::parse(below).value()));
  }
  std::string text_of(const Report& report) {
    std::string text;
    for (const Notice& notice : report.notices) text += notice.text + '\n';
    return text;
  }

  Content older_;
};

TEST_F(Standing, ABackupPutBackDestroysNoWorkAtLogon) {
  server->set_content(older_);
  const auto on = a.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(read(*a.local, "Desktop/a.txt"), "a2");
  EXPECT_EQ(read(*a.local, "Desktop/new.txt"), "n1");
  EXPECT_THAT(text_of(on.value()), HasSubstr("server: holds generation 1, expected generation 2"));
  ASSERT_EQ(on.value().conflicts.size(), 1U);
  const auto off = a.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced);
  EXPECT_EQ(off.value().generation, 2U) << "counted on from the backup, by another transaction";
  EXPECT_EQ(profile(*server), profile(*a.local));
  EXPECT_EQ(read(*server, ".roamsync/history/1/Desktop/a.txt"), "a1") << "the loser";
}

TEST_F(Standing, StatusTellsThatTheBaseDoesNotCount) {
  const auto notices_of_status = [&] {
    const auto status = Session(a.host, {*a.local, server.get(), *a.state}).status({});
    EXPECT_OK(status);
    std::vector<std::string> texts;
    for (const Notice& notice : status.value().notices) texts.push_back(notice.text);
    return texts;
  };
  EXPECT_THAT(notices_of_status(), ::testing::IsEmpty());
  server->set_content(older_);
  EXPECT_THAT(notices_of_status(), ::testing::ElementsAre(HasSubstr("holds generation 1, expected generation 2")));
  server->set_content({});
  EXPECT_THAT(notices_of_status(), ::testing::ElementsAre(HasSubstr("holds nothing of it now")));
}

TEST_F(Standing, ABackupPutBackDestroysNoWorkAtLogoff) {
  a.put("Documents/own.txt", "only in the backup");
  ASSERT_OK(a.log_off(*server));
  const auto newer = server->content();
  a.remove("Documents/own.txt");
  ASSERT_OK(a.log_off(*server));
  server->set_content(newer);
  a.put("Desktop/a.txt", "a3");
  const auto off = a.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a3");
  EXPECT_EQ(read(*server, "Documents/own.txt"), "only in the backup") << "not taken for deleted here";
}

TEST_F(Standing, TheServersCopyOfABackupWinsWhereThatIsWanted) {
  server->set_content(older_);
  const auto on = a.log_on(*server, {.policy = &server_wins()});
  ASSERT_OK(on);
  EXPECT_EQ(read(*a.local, "Desktop/a.txt"), "a1");
  EXPECT_EQ(read(*server, ".roamsync/history/3/Desktop/a.txt"), "a2") << "and the loser is kept";
}

TEST_F(Standing, ABackupOfAPastThatTookAnotherWayIsNoAncestor) {
  server->set_content(older_);
  a.put("Desktop/a.txt", "a3");
  b.put("Desktop/b.txt", "b2");
  ASSERT_OK(b.log_off(*server));  // generation 2 again, of another transaction
  ASSERT_OK(a.log_on(*server));
  EXPECT_EQ(read(*a.local, "Desktop/new.txt"), "n1");
  EXPECT_EQ(read(*a.local, "Desktop/a.txt"), "a3");
  EXPECT_EQ(read(*a.local, "Desktop/b.txt"), "b2");
}

TEST_F(Standing, Windows2000DeletesNothingForABackup) {
  ASSERT_OK(a.log_on(*server, {.rules = Rules::windows2000}));
  ASSERT_OK(a.log_off(*server, {.rules = Rules::windows2000}));
  server->set_content(older_);
  ASSERT_OK(a.log_on(*server, {.rules = Rules::windows2000}));
  EXPECT_EQ(read(*a.local, "Desktop/new.txt"), "n1");
}

TEST_F(Standing, AMachineThatWasAwayForSomeGenerationsStaysInStep) {
  for (int i = 0; i < 5; ++i) {
    a.put("Desktop/a.txt", "version " + std::to_string(i));
    ASSERT_OK(a.log_off(*server));
  }
  a.remove("Desktop/b.txt");
  ASSERT_OK(a.log_off(*server));
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_TRUE(on.value().conflicts.empty());
  EXPECT_EQ(profile(*b.local), profile(*server));
}

TEST_F(Standing, AnotherProfileIsRefusedBothWays) {
  Machine other("OTHER");
  auto elsewhere = make_memory_store({.location = "elsewhere:"});
  other.put("NTUSER.DAT", sound_hive(u"bob"));
  other.put("Desktop/a.txt", "bob's");
  ASSERT_OK(other.log_off(*elsewhere));
  const auto there = profile(*elsewhere);
  const auto here = profile(*a.local);
  for (const bool off : {false, true}) {
    const auto report = off ? a.log_off(*elsewhere) : a.log_on(*elsewhere);
    ASSERT_OK(report);
    EXPECT_EQ(report.value().outcome, Outcome::refused);
    ASSERT_TRUE(report.value().cause.has_value());
    EXPECT_EQ(report.value().cause->code(), Errc::other_profile);
    EXPECT_THAT(report.value().cause->message(), HasSubstr("--state"));
  }
  EXPECT_EQ(profile(*elsewhere), there);
  EXPECT_EQ(profile(*a.local), here);
  a.put("Desktop/a.txt", "a3");
  ASSERT_OK(a.log_off(*server)) << "nothing was decided about the session";
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a3");
}

// An empty mount point with a marker in it.
TEST_F(Standing, StraysInAnUnmountedFolderAreNoProfile) {
  a.put("Desktop/a.txt", "work");
  auto mount_point = make_memory_store({.location = "server:"});
  mount_point->put_file(ProfilePath::literal("NOT-MOUNTED"), "");
  const auto here = profile(*a.local);
  const auto off = a.log_off(*mount_point);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::used_local);
  EXPECT_EQ(off.value().cause->code(), Errc::server_emptied);
  EXPECT_EQ(profile(*mount_point), "NOT-MOUNTED=\n");
  const auto on = a.log_on(*mount_point);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::used_local);
  EXPECT_EQ(profile(*a.local), here);

  ASSERT_OK(a.log_on(*server));
  EXPECT_EQ(read(*a.local, "Desktop/a.txt"), "work");
  ASSERT_OK(a.log_off(*server));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "work");
}

TEST_F(Standing, StraysAreNoProfileOfOneWithoutAHiveEither) {
  Machine c("MACHINE-C");
  auto share = make_memory_store({.location = "share:"});
  c.put("Documents/x.txt", "x");
  ASSERT_OK(c.log_off(*share));
  share->set_content({});
  share->put_file(ProfilePath::literal("NOT-MOUNTED"), "");
  const auto on = c.log_on(*share);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().cause->code(), Errc::server_emptied);
  EXPECT_EQ(read(*c.local, "Documents/x.txt"), "x");
}

TEST_F(Standing, WithoutItsRecordsAProfileThatIsAsItWasGoesOn) {
  erase_from_server(".roamsync");
  a.remove("Desktop/b.txt");
  const auto off = a.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().generation, 3U);
  EXPECT_EQ(read(*server, "Desktop/b.txt"), "<none>");
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_TRUE(on.value().conflicts.empty()) << "the new head knows the generation of B";
  EXPECT_EQ(profile(*b.local), profile(*server));
}

TEST_F(Standing, AHeadThatIsGoneIsMadeAnewThoughNothingChanged) {
  for (const char* damage : {"", "garbage"}) {
    server->put_file(ProfilePath::literal(".roamsync/head"), damage);
    ASSERT_OK(a.log_off(*server));
    EXPECT_THAT(read(*server, ".roamsync/head"), HasSubstr("RSHEAD"));
  }
}

TEST_F(Standing, WithoutItsRecordsAProfileThatChangedIsComparedByContent) {
  erase_from_server(".roamsync");
  server->put_file(ProfilePath::literal("Desktop/a.txt"), "older",
                   FileTime{a.host.now().ticks - 3600 * FileTime::ticks_per_second});
  erase_from_server("Desktop/new.txt");
  const auto on = a.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(read(*a.local, "Desktop/a.txt"), "a2");
  EXPECT_EQ(read(*a.local, "Desktop/new.txt"), "n1");
  EXPECT_THAT(text_of(on.value()), HasSubstr("lost the record"));
}

TEST_F(Standing, WithRecordsMadeAnewByAFreshMachineTheProfileIsTheSameStill) {
  erase_from_server(".roamsync");
  Machine fresh("FRESH");
  ASSERT_OK(fresh.log_on(*server));
  fresh.put("Desktop/fresh.txt", "f1");
  ASSERT_OK(fresh.log_off(*server));
  a.put("Desktop/a.txt", "a3");
  const auto off = a.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced) << off.value();
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a3");
  EXPECT_EQ(read(*server, "Desktop/fresh.txt"), "f1");
}

}  // namespace
}  // namespace roamsync
