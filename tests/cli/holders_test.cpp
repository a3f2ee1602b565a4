#include "cli/command_run.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

namespace roamsync::testing {
namespace {

using ::testing::HasSubstr;

using HoldersCommand = CommandTest;

TEST_F(HoldersCommand, ListsPidNameAndWhatForTheHiveAndItsLogs) {
  const auto hive = put("NTUSER.DAT", "regf");
  const auto log = put("NTUSER.DAT.LOG1", "log");
  const int hive_descriptor = ::open(hive.c_str(), O_RDWR | O_CLOEXEC);
  const int log_descriptor = ::open(log.c_str(), O_RDONLY | O_CLOEXEC);
  const auto run = run_command({"holders", hive.string(), "--json"});
  ::close(hive_descriptor);
  ::close(log_descriptor);
  EXPECT_EQ(run.exit_code, 0);
  const Json holders = run.json();
  ASSERT_EQ(holders.size(), 2U);
  for (const Json& holder : holders) {
    EXPECT_EQ(holder.at("pid"), ::getpid());
    EXPECT_EQ(holder.at("name"), "cli_test");
  }
  EXPECT_THAT(holders[0].at("what").get<std::string>(), HasSubstr("NTUSER.DAT open for writing"));
  EXPECT_THAT(holders[1].at("what").get<std::string>(), HasSubstr("NTUSER.DAT.LOG1 open for reading"));
}

TEST_F(HoldersCommand, GivesAnEmptyListWhenNobodyHoldsTheHive) {
  const auto hive = put("NTUSER.DAT", "regf");
  EXPECT_EQ(run_command({"--json", "holders", hive.string()}).json(), Json::array());
  EXPECT_THAT(run_command({"holders", hive.string()}).out, HasSubstr("Nobody has "));
}

TEST_F(HoldersCommand, TellsOfAFileThatIsNotThere) {
  const auto run = run_command({"holders", path("NTUSER.DAT"), "--json"});
  EXPECT_EQ(run.exit_code, 74);
  const Json error = run.json().at("error");
  EXPECT_EQ(error.at("code"), "ENOENT");
  EXPECT_EQ(error.at("path"), path("NTUSER.DAT"));
}

}  // namespace
}  // namespace roamsync::testing
