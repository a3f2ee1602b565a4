#include "cli/profiles.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

namespace roamsync::testing {
namespace {

using ::testing::HasSubstr;

using Check = ProfilesTest;

TEST_F(Check, MeasuresWhatTheFolderCanDoAndLeavesNothingBehind) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  const std::string before = names_below("share");
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"});
  EXPECT_EQ(run.exit_code, 0) << run.messages;
  const Json found = run.json();
  EXPECT_EQ(found.at("reachable"), true);
  EXPECT_EQ(found.at("profile_exists"), true);
  EXPECT_EQ(found.at("owner").at("accepted"), true);
  EXPECT_GT(found.at("bytes_available"), 0);
  EXPECT_EQ(found.at("missing"), Json::array());
  EXPECT_EQ(found.at("atomic_replace"), true);
  EXPECT_EQ(found.at("locks_exclude"), true);
  EXPECT_GT(found.at("time_resolution_ns"), 0);
  EXPECT_TRUE(found.at("case_sensitive").is_boolean());
  EXPECT_EQ(found.at("generation"), 1);
  EXPECT_EQ(found.at("publish_interrupted"), false);
  for (const Json& attempt : found.at("attempts")) EXPECT_EQ(attempt.at("ok"), true) << attempt;
  EXPECT_EQ(names_below("share"), before);
}

TEST_F(Check, LooksAtTheFolderAboveBeforeTheFirstLogoff) {
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"});
  EXPECT_EQ(run.exit_code, 0) << run.messages;
  EXPECT_EQ(run.json().at("reachable"), true);
  EXPECT_EQ(run.json().at("profile_exists"), false);
  EXPECT_EQ(names_below("share"), "");
}

TEST_F(Check, SaysThatTheServerIsAway) {
  const auto run = run_command({"check", "--server", path("nowhere/user.V6"), "--json"});
  EXPECT_EQ(run.exit_code, 69);
  EXPECT_EQ(run.json().at("reachable"), false);
  EXPECT_EQ(run.json().at("error").at("code"), "server_unavailable");
}

TEST_F(Check, NamesTheRightThatIsMissing) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run as a user without rights";
  ASSERT_EQ(log_off("a").exit_code, 0);
  give_to_nobody();
  boost::filesystem::permissions(folder / "share/user.V6",
                                 boost::filesystem::owner_read | boost::filesystem::owner_exe);
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"}, {.as_nobody = true});
  EXPECT_EQ(run.exit_code, 77) << run.messages;
  EXPECT_EQ(run.json().at("missing"), Json::array({"ADD_SUBDIRECTORY"}));
  EXPECT_THAT(run.json().at("cure").get<std::string>(), HasSubstr("ADD_SUBDIRECTORY"));
}

TEST_F(Check, NamesAnOwnerThatSessionsWillRefuse) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a folder to another user";
  ASSERT_EQ(log_off("a").exit_code, 0);
  constexpr uid_t stranger = 12345;
  ASSERT_EQ(::chown(path("share/user.V6").c_str(), stranger, stranger), 0);
  boost::filesystem::permissions(folder / "share", boost::filesystem::all_all);
  for (const auto& entry : boost::filesystem::recursive_directory_iterator(folder / "share")) {
    boost::filesystem::permissions(entry.path(), boost::filesystem::all_all);
  }
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"}, {.as_nobody = true});
  EXPECT_EQ(run.exit_code, 77) << run.messages;
  EXPECT_EQ(run.json().at("error").at("code"), "wrong_owner");
}

TEST_F(Check, DoesNotGuessTheRightsOfOthers) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--for", "S-1-5-21-1-2-3-500", "--json"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_FALSE(run.json().contains("effective_access"));
}

}  // namespace
}  // namespace roamsync::testing
