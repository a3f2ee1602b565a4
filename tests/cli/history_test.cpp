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
  const auto unknown = run_command({"restore", "--server", path("share/user.V6"), "--generation", "9", "--json"});
  EXPECT_EQ(unknown.exit_code, 64);
  EXPECT_EQ(unknown.json().at("error").at("code"), "usage");
  EXPECT_THAT(unknown.messages, ::testing::HasSubstr("expected generation 9 in the history (kept: none)"));
  EXPECT_EQ(run_command({"restore", "--server", path("share/user.V6"), "--generation", "0"}).exit_code, 64);
  EXPECT_EQ(run_command({"restore", "--server", path("share/user.V6"), "--generation", "1", "../x"}).exit_code, 64);
}

TEST_F(History, IsNotRecoveredThroughALink) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  boost::filesystem::create_symlink("/etc/passwd", folder / "share/user.V6/.roamsync/intent");
  const auto recover = run_command({"recover", "--server", path("share/user.V6"), "--json"});
  EXPECT_EQ(recover.exit_code, 65) << recover.out;
  EXPECT_EQ(recover.json().at("error").at("code"), "unsafe_path");
  EXPECT_TRUE(boost::filesystem::is_symlink(folder / "share/user.V6/.roamsync/intent"));
}

TEST_F(History, NeedsNoRecoveryAfterACleanPublish) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  const auto recover = run_command({"recover", "--server", path("share/user.V6"), "--json"});
  EXPECT_EQ(recover.exit_code, 0) << recover.messages;
  EXPECT_EQ(recover.json().at("outcome"), "nothing_to_do");
}

}  // namespace
}  // namespace roamsync::testing
