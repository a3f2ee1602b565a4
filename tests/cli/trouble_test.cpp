// What stands in the way of a session, and the exit code that says so.
#include "cli/profiles.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

namespace roamsync::testing {
namespace {

using ::testing::HasSubstr;

using Trouble = ProfilesTest;

TEST_F(Trouble, AServerThatIsAwayMeansTheLocalCopyAndNoUpload) {
  share_profile();
  boost::filesystem::rename(folder / "share", folder / "away");
  const auto on = log_on("b");
  EXPECT_EQ(on.exit_code, 69);
  EXPECT_EQ(on.json().at("outcome"), "used_local");
  EXPECT_EQ(on.json().at("error").at("code"), "server_unavailable");

  boost::filesystem::rename(folder / "away", folder / "share");
  put("b/Desktop/note.txt", "from b");
  const auto off = log_off("b");
  EXPECT_EQ(off.exit_code, 69);
  EXPECT_EQ(off.json().at("outcome"), "refused");
  EXPECT_EQ(read("share/user.V6/Desktop/note.txt"), "from a");
}

TEST_F(Trouble, WithoutServerAndLocalCopyTheProfileIsTemporary) {
  const auto on = run_command(
      {"logon", "--local", path("b"), "--server", path("nowhere/user.V6"), "--state", path("state"), "--json"});
  EXPECT_EQ(on.exit_code, 69);
  EXPECT_EQ(on.json().at("outcome"), "temporary");
}

TEST_F(Trouble, AProfileFolderThatVanishedIsNotMadeAnew) {
  share_profile();
  boost::filesystem::rename(folder / "share/user.V6", folder / "share/elsewhere");
  put("a/Desktop/note.txt", "changed");
  EXPECT_EQ(log_off("a").exit_code, 69);
  EXPECT_FALSE(boost::filesystem::exists(path("share/user.V6")));
}

TEST_F(Trouble, ACorruptHiveIsNotPublished) {
  share_profile();
  std::string hive = sound_hive(u"second");
  hive.resize(hive.size() - 4096);
  put("a/NTUSER.DAT", hive);
  const auto off = log_off("a");
  EXPECT_EQ(off.exit_code, 65);
  EXPECT_EQ(off.json().at("error").at("code"), "hive_corrupt");
  EXPECT_EQ(read("share/user.V6/NTUSER.DAT"), sound_hive(u"first"));
}

TEST_F(Trouble, AHiveThatIsHeldSaysTryAgainAndByWhom) {
  const int held = ::open(path("a/NTUSER.DAT").c_str(), O_RDWR | O_CLOEXEC);
  const auto off = log_off("a", {"--process-terminate-timeout", "0"});
  EXPECT_EQ(off.exit_code, 75) << off.messages;
  const Json hive = off.json().at("hive");
  EXPECT_EQ(hive.at("unload"), "failed");
  ASSERT_EQ(hive.at("holders").size(), 1U);
  EXPECT_EQ(hive.at("holders")[0].at("pid"), ::getpid());

  const auto again = log_off("a", {"--process-terminate-timeout", "0", "--at-timeout", "snapshot"});
  ::close(held);
  EXPECT_EQ(again.exit_code, 0) << again.messages;
  EXPECT_EQ(again.json().at("hive").at("unload"), "snapshot");
}

TEST_F(Trouble, AProfileOverItsLimitIsNotUploaded) {
  put("a/Documents/large.bin", std::string(3 << 20, 'x'));
  const auto off = log_off("a", {"--max-size", "2048"});
  EXPECT_EQ(off.exit_code, 73);
  EXPECT_EQ(off.json().at("error").at("code"), "over_quota");
}

TEST_F(Trouble, AStrangersServerFolderIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a folder to another user";
  share_profile();
  ASSERT_EQ(::chown(path("share/user.V6").c_str(), nobody, nobody), 0);
  const auto on = log_on("a");
  EXPECT_EQ(on.exit_code, 77);
  EXPECT_EQ(on.json().at("outcome"), "refused");
  EXPECT_EQ(on.json().at("error").at("code"), "wrong_owner");
  EXPECT_EQ(log_on("a", {"--no-owner-check"}).exit_code, 0);
}

TEST_F(Trouble, DeletingMostOfAProfileNeedsADecision) {
  for (int i = 0; i < 30; ++i) put("a/Documents/" + std::to_string(i), "x");
  ASSERT_EQ(log_off("a").exit_code, 0);
  remove("a/Documents");
  const auto off = log_off("a");
  EXPECT_EQ(off.exit_code, 2);
  EXPECT_EQ(off.json().at("error").at("code"), "too_many_deletions");
  EXPECT_EQ(log_off("a", {"--max-deletions", "100"}).exit_code, 0);
}

TEST_F(Trouble, ADamagedStateRecordIsToldAndDoesNotStopTheWork) {
  share_profile();
  for (const auto& entry : boost::filesystem::directory_iterator(folder / "state-a")) {
    if (boost::filesystem::is_regular_file(entry)) put("state-a/" + entry.path().filename().string(), "rubbish");
  }
  const auto on = log_on("a");
  EXPECT_EQ(on.exit_code, 0) << on.messages;
  EXPECT_THAT(on.messages, HasSubstr("damaged"));
}

TEST_F(Trouble, AServerOnlyCommandSaysThatTheServerIsAway) {
  for (const char* command : {"recover", "history"}) {
    SCOPED_TRACE(command);
    const auto run = run_command({command, "--server", path("nowhere/user.V6"), "--json"});
    EXPECT_EQ(run.exit_code, 69);
    EXPECT_EQ(run.json().at("error").at("code"), "server_unavailable");
  }
}

}  // namespace
}  // namespace roamsync::testing
