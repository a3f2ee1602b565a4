#include "session/machines.hpp"

#include "session/server_side.hpp"
#include "support/small_faults.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::dirty_hive;
using testing::disk;
using testing::ForwardingStore;
using ::testing::HasSubstr;
using testing::profile;
using testing::read;
using testing::SessionTest;
using testing::sound_hive;
using testing::tells;

AbsentServer unreachable(const std::string& location = "server:") {
  return {.location = location, .why = Error(std::make_error_code(std::errc::host_unreachable))};
}

// KB Q172647: after a failed download the reverse overwrote good server copies.
TEST_F(SessionTest, AfterAFailedLogonNothingIsUploadedUntilALogonSucceeds) {
  share_a_profile();
  const auto on = Session(b.host, {*b.local, unreachable(), *b.state}).log_on({});
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::used_local);
  EXPECT_EQ(on.value().cause->code(), Errc::server_unavailable);
  EXPECT_TRUE(tells(on.value(), event_id::server_copy_not_found));
  EXPECT_TRUE(tells(on.value(), event_id::roaming_unavailable));

  b.put("Desktop/a.txt", "made without the server");
  const auto before = disk(*server);
  for (int i = 0; i < 2; ++i) {  // sticky
    const auto off = b.log_off(*server);
    ASSERT_OK(off);
    EXPECT_EQ(off.value().outcome, Outcome::refused);
    EXPECT_EQ(off.value().cause->code(), Errc::upload_forbidden);
  }
  EXPECT_TRUE(disk(*server) == before);

  ASSERT_OK(b.log_on(*server));
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "made without the server") << "and what was changed meanwhile is not lost";
}

TEST_F(SessionTest, ADownloadThatFailsHalfWayLeavesTheLocalCopyAndForbidsUploads) {
  share_a_profile();
  a.put("Desktop/a.txt", "a2");
  a.put("Desktop/b.txt", "b2");
  ASSERT_OK(a.log_off(*server));
  const std::string before = profile(*b.local);
  testing::UnreadableFile broken(*server, "Desktop/b.txt", std::errc::connection_reset);
  const auto on = b.log_on(broken);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::used_local);
  EXPECT_EQ(profile(*b.local), before);
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
}

TEST_F(SessionTest, NoServerAndNoCacheIsATemporaryProfile) {
  const auto on = Session(b.host, {*b.local, unreachable(), *b.state}).log_on({});
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::temporary);
  EXPECT_TRUE(tells(on.value(), event_id::temporary_profile));
  b.put("NTUSER.DAT", sound_hive(u"temporary"));
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_EQ(profile(*server), "");
}

TEST_F(SessionTest, LogoffWithoutTheServerKeepsTheChangesForTheNext) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  const auto off = Session(b.host, {*b.local, unreachable(), *b.state}).log_off({});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::used_local);
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
}

TEST(SuperMandatory, IsToldByTheFoldersName) {
  for (const char* name : {"/srv/alice.man", "/srv/alice.MAN", "/srv/alice.man.V6", "\\\\s\\p\\alice.man.v2\\"}) {
    EXPECT_TRUE(is_super_mandatory(name)) << name;
  }
  for (const char* name : {"/srv/alice", "/srv/alice.V6", "/srv/man", "/srv/alice.man.Vx", "/srv.man/alice"}) {
    EXPECT_FALSE(is_super_mandatory(name)) << name;
  }
}

TEST_F(SessionTest, SuperMandatoryWithoutItsServerRefusesTheLogon) {
  b.put("NTUSER.DAT", sound_hive(u"cached"));
  const auto on = Session(b.host, {*b.local, unreachable("/srv/alice.man.V6"), *b.state}).log_on({});
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::refused);
  EXPECT_EQ(on.value().cause->code(), Errc::mandatory_unavailable);
  EXPECT_TRUE(tells(on.value(), event_id::super_mandatory_refused));
}

TEST_F(SessionTest, AMandatoryProfileComesDownAndNeverGoesUp) {
  server->put_file(ProfilePath::literal("NTUSER.MAN"), sound_hive(u"mandatory"), a.host.now());
  server->put_file(ProfilePath::literal("Desktop/a.txt"), "a1", a.host.now());
  ASSERT_OK(b.log_on(*server));
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a1");
  b.put("Desktop/a.txt", "changed by the user");
  const std::string before = profile(*server);
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::nothing_to_do);
  EXPECT_EQ(profile(*server), before);
  ASSERT_OK(b.log_on(*server));
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a1") << "a mandatory profile is what the server has";
}

TEST_F(SessionTest, ReadOnlyIsDecidedAtLogonAndSticks) {
  share_a_profile();
  ASSERT_OK(b.log_on(*server, {.read_only = true}));
  b.put("Desktop/a.txt", "a2");
  const auto before = disk(*server);
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::nothing_to_do);
  EXPECT_TRUE(disk(*server) == before);
}

TEST_F(SessionTest, ADirtyHiveIsNeverPublished) {
  share_a_profile();
  b.put("NTUSER.DAT", dirty_hive());
  b.put("Desktop/a.txt", "a2");
  const auto before = profile(*server);
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_EQ(off.value().cause->code(), Errc::hive_dirty);
  EXPECT_EQ(profile(*server), before) << "all or nothing";
}

TEST_F(SessionTest, ACorruptServerHiveIsNeverLoadedOverAGoodOne) {
  share_a_profile();
  server->put_file(ProfilePath::literal("NTUSER.DAT"), sound_hive(u"torn").substr(0, 5000), b.host.now());
  const std::string before = profile(*b.local);
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::used_local);
  EXPECT_EQ(on.value().cause->code(), Errc::hive_corrupt);
  EXPECT_THAT(on.value().cause->message(), HasSubstr("offset"));
  EXPECT_EQ(profile(*b.local), before);
}

TEST_F(SessionTest, AServerHiveThatWasTakenAwayIsNoDeletion) {
  share_a_profile();
  ASSERT_OK(server->remove_file(ProfilePath::literal("NTUSER.DAT")));
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::used_local);
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), sound_hive(u"first"));
}

TEST_F(SessionTest, ALocalHiveThatWasTakenAwayIsNoDeletion) {
  share_a_profile();
  b.remove("NTUSER.DAT");
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"first"));
}

TEST_F(SessionTest, AnEmptiedServerIsNotEverythingDeleted) {
  share_a_profile();
  const std::string before = profile(*b.local);
  const auto empty = testing::Machine("EMPTY");
  const auto on = b.log_on(*empty.local);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::used_local);
  EXPECT_EQ(on.value().cause->code(), Errc::server_emptied);
  EXPECT_EQ(profile(*b.local), before);
  const auto off = a.log_off(*empty.local);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().cause->code(), Errc::server_emptied);
  EXPECT_EQ(profile(*empty.local), "");
}

TEST_F(SessionTest, AnEmptiedLocalProfileIsNotEverythingDeleted) {
  share_a_profile();
  b.local->set_content({});
  const std::string before = profile(*server);
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_EQ(off.value().cause->code(), Errc::too_many_deletions);
  EXPECT_EQ(profile(*server), before);
  ASSERT_OK(b.log_on(*server)) << "at logon it is a machine without a cached copy";
  EXPECT_EQ(profile(*b.local), before);
}

TEST_F(SessionTest, TheDeletionGuardStopsAWipe) {
  a.put("NTUSER.DAT", sound_hive(u"alice"));
  for (int i = 0; i < 40; ++i) a.put(("Documents/" + std::to_string(i) + ".txt").c_str(), "x");
  ASSERT_OK(a.log_off(*server));
  for (int i = 0; i < 30; ++i) a.remove(("Documents/" + std::to_string(i) + ".txt").c_str());
  const auto off = a.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().cause->code(), Errc::too_many_deletions);
  ASSERT_OK(a.log_off(*server, {.deletion_guard = {.percent_max = 100}}));
  EXPECT_EQ(read(*server, "Documents/1.txt"), "<none>");
  EXPECT_EQ(read(*server, "Documents/39.txt"), "x");
}

TEST_F(SessionTest, ARefusalSaysTheGenerationAndTheConflicts) {
  share_a_profile();
  a.put("Desktop/a.txt", "a of A");
  ASSERT_OK(a.log_off(*server));
  b.put("Desktop/a.txt", "b of B");
  for (const bool off : {false, true}) {
    const SessionOptions options{.policy = &asks()};
    const auto report = off ? b.log_off(*server, options) : b.log_on(*server, options);
    ASSERT_OK(report);
    EXPECT_EQ(report.value().cause->code(), Errc::decision_needed);
    EXPECT_EQ(report.value().generation, 2U);
    ASSERT_EQ(report.value().conflicts.size(), 1U);
    EXPECT_EQ(report.value().conflicts[0].path.text(), "Desktop/a.txt");
    EXPECT_THAT(report.value().conflicts[0].reason, HasSubstr("since generation 1")) << "the base's";
  }
}

TEST_F(SessionTest, AFailedLogonTellsItsEventOnce) {
  share_a_profile();
  ASSERT_OK(server->remove_file(ProfilePath::literal("NTUSER.DAT")));
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().cause->code(), Errc::hive_missing);
  EXPECT_THAT(on.value().cause->message(), HasSubstr("generation 1"));
  EXPECT_EQ(std::ranges::count(on.value().notices, event_id::roaming_unavailable, &Notice::id), 1);
}

TEST_F(SessionTest, OverQuotaNothingIsUploaded) {
  share_a_profile();
  b.put("big.bin", std::string(100'000, 'x'));
  const auto before = profile(*server);
  const auto off = b.log_off(*server, {.profile_size_max = 50'000});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_EQ(off.value().cause->code(), Errc::over_quota);
  EXPECT_EQ(profile(*server), before);
}

TEST_F(SessionTest, AFullServerIsToldBeforeAndLeftAsItWas) {
  server = make_memory_store({.capacity = 600'000, .location = "server:"});
  share_a_profile();
  b.put("big.bin", std::string(700'000, 'x'));
  const auto before = profile(*server);
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_EQ(off.value().cause->code(), Remedy::free_space);
  EXPECT_EQ(profile(*server), before);
}

// Event 1526, KB327462.
TEST_F(SessionTest, TheWrongOwnerStopsBothWays) {
  share_a_profile();
  server->set_owner({.name = "mallory"});
  b.put("Desktop/a.txt", "a2");
  const auto before = disk(*server);
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_EQ(off.value().cause->code(), Errc::wrong_owner);
  EXPECT_THAT(off.value().cause->message(), HasSubstr("mallory"));
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().cause->code(), Errc::wrong_owner);
  EXPECT_TRUE(tells(on.value(), event_id::wrong_owner));
  EXPECT_TRUE(tells(off.value(), event_id::wrong_owner));
  for (const Direction direction : {Direction::logon, Direction::logoff}) {
    const auto preview = Session(b.host, {*b.local, server.get(), *b.state}).preview(direction, {});
    ASSERT_OK(preview);
    EXPECT_EQ(preview.value().outcome, Outcome::refused);
    EXPECT_EQ(preview.value().cause->code(), Errc::wrong_owner);
  }
  EXPECT_TRUE(disk(*server) == before);
  server->set_owner({.name = "root", .is_administrator = true});
  ASSERT_OK(b.log_on(*server));
  server->set_owner({.name = "mallory"});
  ASSERT_OK(b.log_off(*server, {.check_owner = false}));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
}

TEST_F(SessionTest, ASlowLinkUsesTheLocalCopyUnlessToldToWait) {
  share_a_profile();
  a.put("Desktop/a.txt", "a2");
  ASSERT_OK(a.log_off(*server));
  class Slow : public ForwardingStore {
   public:
    Slow(Store& inner, testing::SimHost& host) : ForwardingStore(inner), host_(host) {}
    Result<std::optional<Entry>> stat(const ProfilePath& path) override {
      host_.advance(std::chrono::milliseconds(300));
      return ForwardingStore::stat(path);
    }

   private:
    testing::SimHost& host_;
  } slow(*server, b.host);
  const auto on = b.log_on(slow);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::used_local);
  EXPECT_TRUE(tells(on.value(), event_id::slow_link));
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a1");
  const auto waited = b.log_on(slow, {.slow_link = {.then = OnSlowLink::wait}});
  ASSERT_OK(waited);
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a2");
}

TEST_F(SessionTest, ASlowLinkWithoutACachedCopyIsWaitedFor) {
  share_a_profile();
  testing::Machine fresh("FRESH");
  const auto on =
      fresh.log_on(*server, {.slow_link = {.kilobits_per_second_min = 0, .latency_max = std::chrono::milliseconds(1)}});
  ASSERT_OK(on);
  EXPECT_EQ(profile(*fresh.local), profile(*server));
}

TEST_F(SessionTest, AFolderWhereTheHiveBelongsIsToldAndNothingIsMadeOfIt) {
  share_a_profile();
  ASSERT_OK(b.local->remove_file(ProfilePath::literal("NTUSER.DAT")));
  b.put("NTUSER.DAT/x", "x");
  b.put("Desktop/a.txt", "a2");
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced);
  ASSERT_EQ(off.value().unusable.size(), 1U);
  EXPECT_EQ(off.value().unusable[0].path, "NTUSER.DAT");
  EXPECT_THAT(off.value().unusable[0].found, HasSubstr("a folder where the registry hive belongs"));
  EXPECT_EQ(read(*server, "NTUSER.DAT"), testing::sound_hive(u"first"));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
}

// KB Q154120: .MAN is tried first. KB Q185587: the ending that nobody sees.
TEST_F(SessionTest, HivesThatAreNotMeantAreTold) {
  share_a_profile();
  b.put("NTUSER.DAT.MAN", "x");
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  std::string told;
  for (const Notice& notice : off.value().notices) told += notice.text + '\n';
  EXPECT_THAT(told, HasSubstr("NTUSER.DAT.MAN is no hive to Windows"));
  server->put_file(ProfilePath::literal("NTUSER.MAN"), testing::sound_hive(u"mandatory"));
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  told.clear();
  for (const Notice& notice : on.value().notices) told += notice.text + '\n';
  EXPECT_THAT(told, HasSubstr("server: holds NTUSER.MAN and NTUSER.DAT"));
}

// KB Q261130: the cached copy was deleted although the upload had failed.
TEST_F(SessionTest, TheCacheIsDeletedOnlyAfterAPublish) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  const SessionOptions options{.delete_cache = true};
  const auto failed = Session(b.host, {*b.local, unreachable(), *b.state}).log_off(options);
  ASSERT_OK(failed);
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a2");
  ASSERT_OK(b.log_off(*server, options));
  EXPECT_EQ(profile(*b.local), "");
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(profile(*b.local), profile(*server));
}

TEST_F(SessionTest, ACancelledLogoffChangesNothing) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  const auto before = profile(*server);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FAILS(b.log_off(*server, {.stop = stop.get_token()}), Errc::cancelled);
  EXPECT_EQ(profile(*server), before);
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
}

TEST_F(SessionTest, AnotherPublishRunningIsTryAgainLater) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  const auto lock = server->lock(ProfilePath::literal(".roamsync/lock"), LockMode::exclusive, "carol on WS9", {});
  ASSERT_OK(lock);
  const auto off = b.log_off(*server, {.lock_patience = std::chrono::milliseconds(10)});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().cause->code(), Errc::publish_running);
  EXPECT_THAT(off.value().cause->message(), HasSubstr("carol on WS9"));
}

}  // namespace
}  // namespace roamsync
