// A state folder that takes nothing any more: what is published is published, and says so.
#include "session/machines.hpp"

#include "support/small_faults.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::Full;
using ::testing::HasSubstr;
using testing::read;
using testing::SessionTest;

TEST_F(SessionTest, ALogoffThatIsPublishedIsNoFailureForWantOfRoomForTheBase) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  Full state(*b.state);
  const auto off = Session(b.host, {*b.local, server.get(), state}).log_off({});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced);
  EXPECT_EQ(off.value().generation, 2U);
  std::string told;
  for (const Notice& notice : off.value().notices) told += notice.text + '\n';
  EXPECT_THAT(told, HasSubstr("could not note"));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");

  const auto again = b.log_off(*server);
  ASSERT_OK(again);
  EXPECT_EQ(again.value().outcome, Outcome::nothing_to_do);
  EXPECT_TRUE(again.value().conflicts.empty());
}

TEST_F(SessionTest, ALogonWhoseDecisionCannotBeKeptFails) {
  share_a_profile();
  Full state(*b.state);
  EXPECT_FALSE(Session(b.host, {*b.local, server.get(), state}).log_on({.read_only = true}));
}

TEST_F(SessionTest, TheLocalCopyStaysWhereTheBaseCannotBeKept) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  Full state(*b.state);
  const auto off = Session(b.host, {*b.local, server.get(), state}).log_off({.delete_cache = true});
  ASSERT_OK(off);
  std::vector<std::string> told;
  for (const Notice& notice : off.value().notices) told.push_back(notice.text);
  EXPECT_THAT(told,
              ::testing::Contains(::testing::ContainsRegex("^the local copy .* is not deleted, for the same reason$")));
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a2");
}

}  // namespace
}  // namespace roamsync
