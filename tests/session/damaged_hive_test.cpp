// A local hive that no longer loads is no dead end while the server has a sound one.
#include "session/machines.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::HasSubstr;
using testing::read;
using testing::sound_hive;
using testing::tells;

class DamagedHive : public testing::SessionTest, public ::testing::WithParamInterface<Rules> {};

TEST_P(DamagedHive, GivesWayToTheServersAtLogon) {
  share_a_profile();
  const SessionOptions options{.rules = GetParam(), .policy = &asks()};
  const std::string torn = sound_hive(u"torn").substr(0, 5000);
  b.put("NTUSER.DAT", torn);
  const auto off = b.log_off(*server, options);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().cause->code(), Errc::hive_corrupt);
  EXPECT_THAT(off.value().cause->message(), HasSubstr("cure: log on again"));

  Session session(b.host, {*b.local, server.get(), *b.state});
  const auto seen = session.preview(Direction::logon, options);
  ASSERT_OK(seen);
  ASSERT_EQ(seen.value().plan.actions.size(), 1U);
  EXPECT_EQ(seen.value().plan.actions[0].verb, Verb::download);

  const auto on = b.log_on(*server, options);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::synced) << on.value();
  EXPECT_TRUE(tells(on.value(), event_id::last_good_used));
  EXPECT_EQ(on.value().hive, HiveChoice::server);
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), sound_hive(u"first"));
  EXPECT_EQ(read(*server, ".roamsync/history/2/NTUSER.DAT"), torn) << "kept aside";
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"first"));
  b.put("NTUSER.DAT", sound_hive(u"second"));
  ASSERT_OK(b.log_off(*server, options));
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"second"));
}

INSTANTIATE_TEST_SUITE_P(AllRules, DamagedHive, ::testing::Values(Rules::base, Rules::nt4, Rules::windows2000));

TEST_F(DamagedHive, ThatNeverWasInStepGivesWayToo) {
  share_a_profile();
  b.state->set_content({});
  b.put("NTUSER.DAT", sound_hive(u"torn").substr(0, 5000));
  ASSERT_OK(b.log_on(*server));
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), sound_hive(u"first"));
}

TEST_F(DamagedHive, OnBothSidesIsLeftAlone) {
  share_a_profile();
  const std::string torn = sound_hive(u"torn").substr(0, 5000);
  b.put("NTUSER.DAT", torn);
  server->put_file(ProfilePath::literal("NTUSER.DAT"), sound_hive(u"also torn").substr(0, 6000), b.host.now());
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::used_local);
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), torn);
}

TEST_F(DamagedHive, LeftOpenIsNotDamaged) {
  share_a_profile();
  b.put("NTUSER.DAT", testing::dirty_hive());
  ASSERT_OK(b.log_on(*server));
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), testing::dirty_hive());
}

}  // namespace
}  // namespace roamsync
