// A server that goes away in the middle is away, whatever the system calls it.
#include "session/machines.hpp"

#include "support/fault_store.hpp"

#include <gmock/gmock.h>

#include <cerrno>

namespace roamsync {
namespace {

using testing::profile;
using testing::tells;

class Outage : public testing::SessionTest, public ::testing::WithParamInterface<int> {
 protected:
  /// One session with the n-th operation and all after it failing; false when it came through before.
  bool fails_at(std::size_t operation, Direction direction, testing::Machine& machine) {
    testing::FaultStore cut(*server);
    cut.arm(
        {.operation = operation, .code = std::error_code(GetParam(), std::system_category()), .and_all_after = true});
    const auto report = direction == Direction::logon ? machine.log_on(cut) : machine.log_off(cut);
    EXPECT_OK(report);
    if (!report || report.value().outcome == Outcome::synced || report.value().outcome == Outcome::nothing_to_do) {
      return false;
    }
    EXPECT_EQ(report.value().outcome, Outcome::used_local) << operation << ' ' << report.value();
    EXPECT_EQ(report.value().cause->code(), Errc::server_unavailable) << operation << ' ' << report.value();
    EXPECT_EQ(report.value().cause->context().cause.value(), GetParam());
    EXPECT_TRUE(tells(report.value(), event_id::server_copy_not_found)) << operation;
    return true;
  }
};

TEST_P(Outage, IsOneWhereverTheLogonIs) {
  share_a_profile();
  a.put("Desktop/a.txt", "a2");
  ASSERT_OK(a.log_off(*server));
  std::size_t operation = 1;
  while (fails_at(operation, Direction::logon, b)) ++operation;
  EXPECT_GT(operation, 3U);
}

TEST_P(Outage, IsOneWhereverTheLogoffIs) {
  share_a_profile();
  b.put("Desktop/a.txt", "b2");
  std::size_t operation = 1;
  while (fails_at(operation, Direction::logoff, b)) ++operation;
  EXPECT_GT(operation, 3U);
  ASSERT_OK(b.log_off(*server));
  ASSERT_OK(a.log_on(*server));
  EXPECT_EQ(profile(*a.local), profile(*server));
}

INSTANTIATE_TEST_SUITE_P(Codes, Outage, ::testing::Values(ESTALE, EHOSTDOWN, ETIMEDOUT, EHOSTUNREACH, ENETDOWN));

// Event 1519: without it the administrator takes it for any other roaming profile.
TEST_F(Outage, OfAMandatoryProfileSaysSo) {
  server->put_file(ProfilePath::literal("NTUSER.MAN"), testing::sound_hive(u"mandatory"), a.host.now());
  ASSERT_OK(b.log_on(*server));
  const AbsentServer away{.location = "server:", .why = Error(std::make_error_code(std::errc::host_unreachable))};
  for (int i = 0; i < 2; ++i) {
    const auto on = Session(b.host, {*b.local, away, *b.state}).log_on({});
    ASSERT_OK(on);
    EXPECT_EQ(on.value().outcome, Outcome::used_local);
    EXPECT_TRUE(tells(on.value(), event_id::mandatory_missing));
    EXPECT_FALSE(tells(on.value(), event_id::server_copy_not_found));
  }
}

}  // namespace
}  // namespace roamsync
