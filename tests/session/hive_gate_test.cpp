#include "session/machines.hpp"

#include "support/named_store.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using namespace std::chrono_literals;
using testing::disk;
using ::testing::HasSubstr;
using testing::NamedStore;
using testing::read;
using testing::sound_hive;
using testing::tells;

class HiveGateTest : public testing::SessionTest {
 protected:
  HiveGateTest() : named_(*b.local) {}

  void SetUp() override {
    share_a_profile();
    b.put("NTUSER.DAT", sound_hive(u"second"));
  }
  void hold(std::optional<std::chrono::nanoseconds> for_so_long, bool listens = true) {
    b.host.add_holder({.holder = {.pid = 77, .name = "spoolsv", .what = "NTUSER.DAT open for writing"},
                       .lets_go_at = for_so_long ? std::optional(b.host.monotonic() + *for_so_long) : std::nullopt,
                       .ends_when_asked_after = listens ? std::optional(1000ms) : std::nullopt});
  }
  Report log_off(const SessionOptions& options) {
    auto report = Session(b.host, {named_, server.get(), *b.state}).log_off(options);
    EXPECT_OK(report);
    return report ? std::move(report).value() : Report();
  }

  NamedStore named_;
};

TEST_F(HiveGateTest, NobodyHoldsIt) {
  const Report report = log_off({});
  EXPECT_EQ(report.unload, HiveUnload::unloaded);
  EXPECT_EQ(report.outcome, Outcome::synced);
  EXPECT_TRUE(b.host.waits.empty());
}

// KB Q234606: wait for the user's processes, ProcessTerminateTimeout, by default 10 s.
TEST_F(HiveGateTest, AHolderThatGoesInTimeIsWaitedFor) {
  hold(4s);
  const auto begun = b.host.monotonic();
  const Report report = log_off({});
  EXPECT_EQ(report.unload, HiveUnload::waited);
  EXPECT_EQ(report.outcome, Outcome::synced);
  ASSERT_EQ(report.holders.size(), 1U);
  EXPECT_EQ(report.holders[0].name, "spoolsv");
  EXPECT_EQ(b.host.monotonic() - begun, 4s);
}

TEST_F(HiveGateTest, GivingUpNamesTheHolderAndHarmsNothing) {
  hold(std::nullopt);
  const auto before = disk(*server);
  const auto begun = b.host.monotonic();
  const Report report = log_off({});
  EXPECT_EQ(b.host.monotonic() - begun, 10s);
  EXPECT_EQ(report.unload, HiveUnload::failed);
  EXPECT_EQ(report.outcome, Outcome::refused);
  EXPECT_EQ(report.cause->code(), Errc::hive_in_use);
  EXPECT_THAT(report.cause->message(), HasSubstr("spoolsv (pid 77): NTUSER.DAT open for writing"));
  EXPECT_TRUE(disk(*server) == before);
  EXPECT_TRUE(b.host.ended.empty());
}

TEST_F(HiveGateTest, ATimeoutOfZeroDoesNotWait) {
  hold(1s);
  const Report report = log_off({.process_terminate_timeout = 0ms});
  EXPECT_EQ(report.unload, HiveUnload::failed);
  EXPECT_TRUE(b.host.waits.empty());
}

TEST_F(HiveGateTest, ATimeoutOfMinusOneWaitsForEver) {
  hold(std::chrono::hours(5));
  EXPECT_EQ(log_off({.process_terminate_timeout = wait_for_ever}).unload, HiveUnload::waited);
}

// KB837115: UPHClean's way, by asking the process.
TEST_F(HiveGateTest, ReleaseAsksTheHolderToEnd) {
  hold(std::nullopt);
  const Report report = log_off({.at_timeout = AtTimeout::release_holders});
  EXPECT_EQ(report.unload, HiveUnload::released);
  EXPECT_EQ(report.outcome, Outcome::synced);
  ASSERT_EQ(b.host.ended.size(), 1U);
  EXPECT_EQ(b.host.ended[0].second, EndProcess::ask);
  EXPECT_TRUE(tells(report, event_id::hive_released));
}

TEST_F(HiveGateTest, AHolderThatDoesNotListenIsReleasedByForceOnly) {
  hold(std::nullopt, false);
  EXPECT_EQ(log_off({.at_timeout = AtTimeout::release_holders}).unload, HiveUnload::failed);
  EXPECT_EQ(log_off({.at_timeout = AtTimeout::force}).unload, HiveUnload::forced);
  EXPECT_EQ(b.host.ended.back().second, EndProcess::kill);
}

TEST_F(HiveGateTest, TheCallerItselfIsNeverEnded) {
  b.host.add_holder({.holder = {.pid = 4242, .name = "agent", .what = "NTUSER.DAT open", .is_caller = true}});
  log_off({.at_timeout = AtTimeout::force});
  EXPECT_TRUE(b.host.ended.empty());
}

// An agent may have the hive open itself, and does not have to wait for itself.
TEST_F(HiveGateTest, TheCallerItselfIsNamedAndIsInNobodysWay) {
  b.host.add_holder({.holder = {.pid = 4242, .name = "agent", .what = "NTUSER.DAT open", .is_caller = true}});
  for (const auto timeout : {0ms, 10'000ms}) {
    for (const AtTimeout then : {AtTimeout::give_up, AtTimeout::force}) {
      b.put("NTUSER.DAT", sound_hive(u"again"));
      const Report report = log_off({.process_terminate_timeout = timeout, .at_timeout = then});
      EXPECT_EQ(report.outcome, Outcome::synced);
      EXPECT_EQ(report.unload, HiveUnload::unloaded);
      EXPECT_FALSE(tells(report, event_id::hive_released));
      ASSERT_EQ(report.holders.size(), 1U);
      EXPECT_TRUE(report.holders[0].is_caller);
    }
  }
  EXPECT_TRUE(b.host.waits.empty());
}

TEST_F(HiveGateTest, ALogonThatWaitsForItsHiveKeepsNobodyFromTheServer) {
  a.put("NTUSER.DAT", sound_hive(u"third"));
  ASSERT_OK(a.log_off(*server));
  hold(60s);
  std::optional<Outcome> meanwhile;
  const EventSink sink = [&](const Event& event) {
    const auto* begun = std::get_if<Step>(&event);
    if (begun == nullptr || begun->name != "wait for the hive" || meanwhile) return;
    a.put("NTUSER.DAT", sound_hive(u"fourth"));
    const auto off = a.log_off(*server, {.lock_patience = 0ms});
    ASSERT_OK(off);
    meanwhile = off.value().outcome;
  };
  const auto report =
      Session(b.host, {named_, server.get(), *b.state})
          .log_on({.policy = &server_wins(), .process_terminate_timeout = wait_for_ever, .on_event = sink});
  ASSERT_OK(report);
  EXPECT_EQ(meanwhile, Outcome::synced);
  EXPECT_EQ(report.value().outcome, Outcome::synced);
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), sound_hive(u"fourth")) << "what was published meanwhile";
}

// XP's way, event 1517: the contents are saved while in use.
TEST_F(HiveGateTest, ASnapshotIsTakenOfAHiveThatIsAtRest) {
  hold(std::nullopt);
  const Report report = log_off({.at_timeout = AtTimeout::snapshot});
  EXPECT_EQ(report.unload, HiveUnload::snapshot);
  EXPECT_EQ(report.outcome, Outcome::synced);
  EXPECT_TRUE(tells(report, event_id::saved_while_in_use));
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"second"));
}

// A snapshot saves a hive that is held; it cannot replace one: its holder would go on writing into a file without a name.
TEST_F(HiveGateTest, ASnapshotReplacesNoHeldHiveAtLogon) {
  a.put("NTUSER.DAT", sound_hive(u"third"));
  ASSERT_OK(a.log_off(*server));
  hold(std::nullopt);
  const auto report = Session(b.host, {named_, server.get(), *b.state})
                          .log_on({.policy = &server_wins(), .at_timeout = AtTimeout::snapshot});
  ASSERT_OK(report);
  EXPECT_EQ(report.value().outcome, Outcome::refused);
  EXPECT_EQ(report.value().unload, HiveUnload::failed);
  EXPECT_EQ(report.value().cause->code(), Errc::hive_in_use);
  EXPECT_THAT(report.value().cause->context().cure, HasSubstr("log on again"));
  EXPECT_FALSE(tells(report.value(), event_id::saved_while_in_use));
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), sound_hive(u"second"));
}

TEST_F(HiveGateTest, ASnapshotOfAHiveThatIsNeverAtRestHasFailed) {
  hold(std::nullopt);
  b.put("NTUSER.DAT", testing::dirty_hive());
  const auto before = disk(*server);
  const Report report = log_off({.at_timeout = AtTimeout::snapshot});
  EXPECT_EQ(report.outcome, Outcome::refused);
  EXPECT_EQ(report.unload, HiveUnload::failed);
  EXPECT_FALSE(tells(report, event_id::saved_while_in_use)) << "nothing was saved";
  EXPECT_TRUE(disk(*server) == before);
}

TEST_F(HiveGateTest, NobodyIsWaitedForWhoCannotBeEnded) {
  b.host.add_holder({.holder = {.pid = 0, .name = "?", .what = "NTUSER.DAT open"}});
  const auto begun = b.host.monotonic();
  const Report report = log_off({.process_terminate_timeout = 0ms, .at_timeout = AtTimeout::force});
  EXPECT_EQ(report.unload, HiveUnload::failed);
  EXPECT_EQ(b.host.monotonic() - begun, 0ms);
}

TEST_F(HiveGateTest, ASnapshotWaitsForTheWriterToFinish) {
  hold(std::nullopt);
  // Open in the middle of a write at first; at rest from the third look on.
  class Busy : public NamedStore {
   public:
    Busy(MemoryStore& inner, testing::SimHost& host) : NamedStore(inner), memory_(inner), host_(host) {}
    Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override {
      if (is_hive(path) && looks_++ < 3) {
        memory_.put_file(path, looks_ < 3 ? testing::dirty_hive() : sound_hive(u"at rest"), host_.now());
      }
      return NamedStore::open(path);
    }

   private:
    MemoryStore& memory_;
    testing::SimHost& host_;
    int looks_ = 0;
  } busy(*b.local, b.host);
  const auto report = Session(b.host, {busy, server.get(), *b.state}).log_off({.at_timeout = AtTimeout::snapshot});
  ASSERT_OK(report);
  EXPECT_EQ(report.value().outcome, Outcome::synced) << report.value();
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"at rest"));
}

}  // namespace
}  // namespace roamsync
