// What a temporary session leaves behind is no profile (event 1511).
#include "session/machines.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::profile;
using testing::read;
using testing::sound_hive;
using testing::tells;

class TemporaryProfile : public testing::SessionTest {
 protected:
  Result<Report> log_on_without_server() {
    b.host.advance(std::chrono::seconds(60));
    const AbsentServer away{.location = "server:", .why = Error(std::make_error_code(std::errc::host_unreachable))};
    return Session(b.host, {*b.local, away, *b.state}).log_on({});
  }
  void work_in_a_temporary_profile() {
    const auto on = log_on_without_server();
    ASSERT_OK(on);
    ASSERT_EQ(on.value().outcome, Outcome::temporary);
    b.put("NTUSER.DAT", sound_hive(u"temporary"));
    b.put("Desktop/a.txt", "temporary");
    b.put("Desktop/note.txt", "a note");
  }
  void expect_the_servers() {
    EXPECT_EQ(read(*b.local, "NTUSER.DAT"), sound_hive(u"first"));
    EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a1");
    EXPECT_EQ(read(*b.local, "Desktop/note.txt"), "a note") << "nothing there that it could replace";
    ASSERT_OK(b.log_off(*server));
    EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"first"));
    EXPECT_EQ(read(*server, "Desktop/a.txt"), "a1");
  }
};

TEST_F(TemporaryProfile, GivesWayToTheServersAtTheNextLogon) {
  a.put("NTUSER.DAT", sound_hive(u"first"));
  a.put("Desktop/a.txt", "a1");
  ASSERT_OK(a.log_off(*server));
  work_in_a_temporary_profile();
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_THAT(off.value().cause->message(), Not(HasSubstr("goes up then")));
  ASSERT_OK(b.log_on(*server));
  expect_the_servers();
  EXPECT_EQ(read(*server, ".roamsync/history/2/NTUSER.DAT"), sound_hive(u"temporary")) << "nothing is lost";
}

TEST_F(TemporaryProfile, IsOneStillWhenTheServerStaysAway) {
  a.put("NTUSER.DAT", sound_hive(u"first"));
  a.put("Desktop/a.txt", "a1");
  ASSERT_OK(a.log_off(*server));
  work_in_a_temporary_profile();
  const auto again = log_on_without_server();
  ASSERT_OK(again);
  EXPECT_EQ(again.value().outcome, Outcome::temporary);
  ASSERT_OK(b.log_on(*server));
  expect_the_servers();
}

TEST_F(TemporaryProfile, GivesWayOnAMachineThatKnewTheProfileToo) {
  share_a_profile();
  b.local->set_content({});
  work_in_a_temporary_profile();
  ASSERT_OK(b.log_on(*server));
  expect_the_servers();
}

TEST_F(TemporaryProfile, BecomesTheProfileWhereThereWasNone) {
  work_in_a_temporary_profile();
  ASSERT_OK(b.log_on(*server));
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"temporary"));
}

}  // namespace
}  // namespace roamsync
