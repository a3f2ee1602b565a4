// A hive that was left open goes to the other side only as its logs make it whole.
#include "machines.hpp"

#include <roamsync/hive_check.hpp>
#include <roamsync/hive_replay.hpp>

#include <gmock/gmock.h>

#include "support/log_builder.hpp"

namespace roamsync {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

class DirtyHiveTest : public SessionTest {
 protected:
  static Bytes hive(const std::u16string& who) {
    return build_hive(
        {.root = {.name = u"ROOT", .subkeys = {{.name = u"Software", .values = {text_value(u"Who", who)}}}}});
  }
  // Left open in write 7, with the log that ends it: what was in the file, and what it becomes.
  static void leave_open(Machine& machine, const std::u16string& from, const std::u16string& to) {
    const Bytes before = hive(from);
    const Bytes log = entry_log(before, {entry_between(before, hive(to), 7)});
    machine.put("NTUSER.DAT", text_of_bytes(left_open(before, 7)));
    machine.put("NTUSER.DAT.LOG1", text_of_bytes(log));
    machine.put("NTUSER.DAT.LOG2", "");
  }
  static Verdict verdict_on(MemoryStore& store) {
    const std::string bytes = testing::read(store, "NTUSER.DAT");
    return check_hive(std::as_bytes(std::span(bytes)));
  }
  static std::string bins_of(const std::string& bytes) { return bytes.substr(4096); }
  static std::string bins_on(MemoryStore& store) { return bins_of(testing::read(store, "NTUSER.DAT")); }
};

TEST_F(DirtyHiveTest, LogoffPublishesWhatTheLogsMakeOfIt) {
  share_a_profile();
  leave_open(b, u"old", u"new");
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(Outcome::synced, off.value().outcome);
  EXPECT_EQ(HiveState::clean, verdict_on(*server).state) << verdict_on(*server);
  EXPECT_EQ(bins_of(text_of_bytes(hive(u"new"))), bins_on(*server));
  EXPECT_THAT(profile(*server), Not(HasSubstr("LOG"))) << "the logs are in the hive now";
  ASSERT_OK(a.log_on(*server));
  EXPECT_EQ(HiveState::clean, verdict_on(*a.local).state);
  EXPECT_EQ(bins_on(*server), bins_on(*a.local));
}

TEST_F(DirtyHiveTest, LogonBringsDownWhatTheServersLogsMakeOfIt) {
  share_a_profile();
  const Bytes before = hive(u"old");
  server->put_file(ProfilePath::literal("NTUSER.DAT"), text_of_bytes(left_open(before, 7)), b.host.now());
  server->put_file(ProfilePath::literal("NTUSER.DAT.LOG1"),
                   text_of_bytes(entry_log(before, {entry_between(before, hive(u"new"), 7)})), b.host.now());
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(Outcome::synced, on.value().outcome);
  EXPECT_EQ(HiveState::clean, verdict_on(*b.local).state) << verdict_on(*b.local);
  EXPECT_EQ(bins_of(text_of_bytes(hive(u"new"))), bins_on(*b.local));
}

TEST_F(DirtyHiveTest, LogsThatDoNotFitChangeNothing) {
  share_a_profile();
  leave_open(b, u"old", u"new");
  const Bytes other = hive(u"other");
  b.put("NTUSER.DAT.LOG1", text_of_bytes(entry_log(other, {entry_between(other, hive(u"new"), 3)})));
  const auto before = profile(*server);
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(Outcome::refused, off.value().outcome);
  EXPECT_EQ(Errc::hive_dirty, off.value().cause->code());
  EXPECT_EQ(before, profile(*server));
}

// A hive that comes down never meets the logs of the one it replaces.
TEST_F(DirtyHiveTest, OldLogsGoWithTheirHive) {
  share_a_profile();
  b.put("NTUSER.DAT.LOG1", text_of_bytes(entry_log(hive(u"x"), {entry_between(hive(u"x"), hive(u"y"), 1)})));
  a.put("NTUSER.DAT", text_of_bytes(hive(u"from a")));
  ASSERT_OK(a.log_off(*server));
  ASSERT_OK(b.log_on(*server));
  EXPECT_EQ(bins_on(*server), bins_on(*b.local));
  EXPECT_THAT(profile(*b.local), Not(HasSubstr("LOG")));
}

}  // namespace
}  // namespace roamsync
