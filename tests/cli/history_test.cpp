#include "cli/profiles.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using History = ProfilesTest;

TEST_F(History, ListsWhatIsKeptAndBringsItBackAsANewGeneration) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  put("a/Desktop/note.txt", "second");
  ASSERT_EQ(log_off("a").exit_code, 0);

  const Json generations =
      run_command({"history", "--server", path("share/user.V6"), "--json"}).json().at("generations");
  ASSERT_EQ(generations.size(), 1U);
  EXPECT_EQ(generations[0].at("generation"), 1);
  ASSERT_EQ(generations[0].at("files").size(), 1U);
  EXPECT_EQ(generations[0].at("files")[0].at("path"), "Desktop/note.txt");

  const auto restore =
      run_command({"restore", "--server", path("share/user.V6"), "--generation", "1", "Desktop\\note.txt", "--json"});
  EXPECT_EQ(restore.exit_code, 0) << restore.messages;
  EXPECT_EQ(restore.json().at("generation"), 3);
  EXPECT_EQ(read("share/user.V6/Desktop/note.txt"), "from a");
}

TEST_F(History, CannotBringBackWhatIsNotKept) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  EXPECT_EQ(run_command({"restore", "--server", path("share/user.V6"), "--generation", "9"}).exit_code, 64);
  EXPECT_EQ(run_command({"restore", "--server", path("share/user.V6"), "--generation", "0"}).exit_code, 64);
  EXPECT_EQ(run_command({"restore", "--server", path("share/user.V6"), "--generation", "1", "../x"}).exit_code, 64);
}

TEST_F(History, NeedsNoRecoveryAfterACleanPublish) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  const auto recover = run_command({"recover", "--server", path("share/user.V6"), "--json"});
  EXPECT_EQ(recover.exit_code, 0) << recover.messages;
  EXPECT_EQ(recover.json().at("outcome"), "nothing_to_do");
}

}  // namespace
}  // namespace roamsync::testing
