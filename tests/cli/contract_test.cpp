// What scripts may rely on whatever the command: options that work everywhere, and how mistakes are answered.
#include "cli/command_run.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

TEST(Contract, VersionAndHelpGoToStandardOutput) {
  const auto version = run_command({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, MatchesRegex("roamsync [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  const auto help = run_command({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("Usage: roamsync COMMAND"));
  EXPECT_THAT(help.messages, IsEmpty());
}

TEST(Contract, EveryCommandHasHelp) {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"holders"}}) {
    SCOPED_TRACE(command.back());
    auto words = command;
    words.push_back("--help");
    const auto run = run_command(words);
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.out, HasSubstr("Usage: roamsync " + command.front()));
  }
}

TEST(Contract, CommonOptionsAreInTheHelpOfEveryCommand) {
  const auto help = run_command({"holders", "--help"}).out;
  for (const char* option :
       {"--json", "--events FILE", "--progress auto|always|never", "--quiet", "--help", "--version"}) {
    EXPECT_THAT(help, HasSubstr(option));
  }
}

TEST(Contract, MistakesOnTheCommandLineExitWith64) {
  EXPECT_EQ(run_command({}).exit_code, 64);
  EXPECT_EQ(run_command({"holders"}).exit_code, 64);
  EXPECT_EQ(run_command({"holders", "file", "--no-such-option"}).exit_code, 64);
  EXPECT_EQ(run_command({"holders", "file", "--progress", "sometimes"}).exit_code, 64);
  const auto unknown = run_command({"lognon"});
  EXPECT_EQ(unknown.exit_code, 64);
  EXPECT_THAT(unknown.out, IsEmpty());
  EXPECT_THAT(unknown.messages, HasSubstr("there is no command 'lognon'"));
}

TEST(Contract, MistakesAreJsonForWhoAskedForJson) {
  const auto run = run_command({"holders", "--json"});
  EXPECT_EQ(run.exit_code, 64);
  const Json error = run.json().at("error");
  EXPECT_EQ(error.at("code"), "usage");
  for (const char* member : {"remedy", "step", "path", "expected", "found", "message"}) {
    EXPECT_TRUE(error.contains(member)) << member;
  }
}

}  // namespace
}  // namespace roamsync::testing
