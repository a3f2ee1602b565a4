#include "cli/profiles.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

namespace roamsync::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using PlacesOnTheCommandLine = ProfilesTest;

TEST_F(PlacesOnTheCommandLine, AreNotTheSameNorOneInTheOther) {
  const auto log_off_to = [&](const std::string& server, const std::string& state) {
    return run_command({"logoff", "--local", path("a"), "--server", server, "--state", state}).exit_code;
  };
  boost::filesystem::create_symlink(path("a"), folder / "link");
  EXPECT_EQ(log_off_to(path("a"), path("state")), 64);
  EXPECT_EQ(log_off_to(path("link"), path("state")), 64);
  EXPECT_EQ(log_off_to(path("a/backup"), path("state")), 64);
  EXPECT_EQ(log_off_to(path("share/user.V6"), path("a/state")), 64);
  EXPECT_EQ(log_off_to(path("share/user.V6"), path("share/user.V6/state")), 64);
  EXPECT_EQ(log_off_to(folder.string(), path("state")), 64);
  EXPECT_EQ(log_off_to(path("share/user.V6"), path("state")), 0);
}

TEST_F(PlacesOnTheCommandLine, MayNotBeUrlsThatNobodyHereSpeaks) {
  const auto run = run_command({"logon", "--local", path("a"), "--server", "smb://alice@server/profiles/alice.V6",
                                "--state", path("state"), "--json"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_EQ(run.json().at("error").at("code"), "not_supported");
  EXPECT_THAT(run.messages, HasSubstr("no SMB client"));
  EXPECT_EQ(run_command({"history", "--server", "ftp://server/profiles"}).exit_code, 64);
  EXPECT_EQ(run_command({"history", "--server", ""}).exit_code, 64);
}

TEST_F(PlacesOnTheCommandLine, MayNotHoldAPasswordAndDoNotRepeatIt) {
  const auto run = run_command({"history", "--server", "smb://alice:opensesame@server/share", "--json"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.out + run.messages, Not(HasSubstr("opensesame")));
  EXPECT_THAT(run.messages, HasSubstr("ROAMSYNC_PASSWORD"));
}

TEST_F(PlacesOnTheCommandLine, HaveAStateFolderOfTheirOwnThatNobodyElseMayRead) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run as a user whose home is a folder of the test";
  give_to_nobody();
  const auto run = run_command({"logoff", "--local", path("a"), "--server", path("share/user.V6")},
                               {.environment = {{"XDG_STATE_HOME", path("home/state")}}, .as_nobody = true});
  EXPECT_EQ(run.exit_code, 0) << run.messages;
  std::vector<boost::filesystem::path> states;
  for (const auto& entry : boost::filesystem::directory_iterator(folder / "home/state/roamsync"))
    states.push_back(entry);
  ASSERT_EQ(states.size(), 1U);
  EXPECT_THAT(states[0].filename().string(), StartsWith("a-"));
  EXPECT_EQ(boost::filesystem::status(states[0]).permissions(), boost::filesystem::owner_all);
  EXPECT_EQ(boost::filesystem::status(folder / "home").permissions(), boost::filesystem::owner_all);
}

TEST_F(PlacesOnTheCommandLine, NeedALocalProfileToLogOff) {
  const auto run = run_command(
      {"logoff", "--local", path("absent"), "--server", path("share/user.V6"), "--state", path("state"), "--json"});
  EXPECT_EQ(run.exit_code, 74);
  EXPECT_EQ(run.json().at("error").at("code"), "ENOENT");
  EXPECT_FALSE(boost::filesystem::exists(path("absent")));
  EXPECT_FALSE(boost::filesystem::exists(path("state")));
}

TEST_F(PlacesOnTheCommandLine, MayBeRelativeToTheCurrentFolder) {
  const auto here = boost::filesystem::current_path();
  boost::filesystem::current_path(folder);
  const auto run = run_command({"logoff", "--local", "a/", "--server", "share/user.V6/", "--state", "state"});
  boost::filesystem::current_path(here);
  EXPECT_EQ(run.exit_code, 0) << run.messages;
  EXPECT_EQ(read("share/user.V6/Desktop/note.txt"), "from a");
}

}  // namespace
}  // namespace roamsync::testing
