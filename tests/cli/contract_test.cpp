// What scripts may rely on whatever the command: options that work everywhere, and how mistakes are answered.
#include "cli/command_run.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

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

struct Documented {
  std::vector<std::string> command;
  std::vector<std::string> options;
};

const std::vector<std::string> session_options{"--local DIR",
                                               "--server URL",
                                               "--state DIR",
                                               "--rules base|nt4|windows2000",
                                               "--on-conflict newest|local|server|keep-both|merge|ask",
                                               "--exclude GLOB",
                                               "--include GLOB",
                                               "--max-size KIB",
                                               "--read-only",
                                               "--delete-cache",
                                               "--verify full|written|none",
                                               "--lanes N",
                                               "--process-terminate-timeout MS",
                                               "--at-timeout give-up|snapshot|release|force",
                                               "--no-owner-check",
                                               "--slow-link-kbps N",
                                               "--slow-link-ms N",
                                               "--on-slow-link local|wait",
                                               "--password-file FILE"};

const std::vector<Documented> documented{
    {{"logon"}, session_options},
    {{"logoff"}, session_options},
    {{"preview", "logon"}, session_options},
    {{"preview", "logoff"}, session_options},
    {{"recover"}, {"--server URL", "--password-file FILE"}},
    {{"check"}, {"--server URL", "--for SID", "--password-file FILE"}},
    {{"status"}, {"--local DIR", "--server URL"}},
    {{"holders"}, {"FILE"}},
    {{"history"}, {"--server URL", "--password-file FILE"}},
    {{"restore"}, {"--server URL", "--generation N", "PATH"}},
    {{"hive", "check"}, {"FILE", "--log FILE"}},
    {{"hive", "info"}, {"FILE"}},
    {{"hive", "export"}, {"FILE", "KEY"}},
    {{"hive", "replay"}, {"FILE", "--log FILE", "-o, --output FILE"}},
    {{"hive", "diff"}, {"OLD", "NEW"}},
    {{"hive", "merge"},
     {"--base FILE", "--local FILE", "--server FILE", "-o, --output FILE", "--prefer newest|local|server"}},
    {{"acl", "show"}, {"--sddl TEXT", "--descriptor HEX"}},
    {{"acl", "explain"}, {"--sddl TEXT", "--share-sddl TEXT", "--want RIGHTS"}}};

// The page a person reads first, beside --help.
TEST(Contract, TheManPageHasEveryCommandAndEveryOption) {
  std::ifstream file(ROAMSYNC_MAN_PAGE);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(page.empty()) << ROAMSYNC_MAN_PAGE;
  for (const auto& [command, options] : documented) {
    std::string name;
    for (const std::string& word : command) name += (name.empty() ? "" : " ") + word;
    EXPECT_THAT(page, HasSubstr(".It Cm " + name)) << name;
    auto words = command;
    words.push_back("--help");
    std::istringstream lines(run_command(words).out);
    for (std::string line; std::getline(lines, line);) {
      const auto at = line.find("--");
      if (line.rfind("  -", 0) != 0 || at == std::string::npos) continue;
      const std::string option = line.substr(at + 2, line.find(' ', at) - at - 2);
      EXPECT_THAT(page, HasSubstr("Fl -" + option)) << name << ": " << option;
    }
  }
}

TEST(Contract, EveryCommandHasItsDocumentedOptionsAndTheCommonOnes) {
  for (const auto& [command, options] : documented) {
    auto words = command;
    words.push_back("--help");
    const auto run = run_command(words);
    const std::string name = command.size() == 1 ? command[0] : command[0] + ' ' + command[1];
    SCOPED_TRACE(name);
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.out, HasSubstr("Usage: roamsync " + name + ' '));
    for (const std::string& option : options) EXPECT_THAT(run.out, HasSubstr(option));
    for (const char* option :
         {"--json", "--events FILE", "--progress auto|always|never", "--quiet", "--help", "--version"}) {
      EXPECT_THAT(run.out, HasSubstr(option));
    }
  }
}

TEST(Contract, HelpFitsATerminalOf80Columns) {
  for (const auto& [command, options] : documented) {
    auto words = command;
    words.push_back("--help");
    std::istringstream lines(run_command(words).out);
    for (std::string line; std::getline(lines, line);) {
      const auto columns = std::count_if(line.begin(), line.end(), [](char byte) { return (byte & 0xC0) != 0x80; });
      EXPECT_LE(columns, 80) << line;
    }
  }
}

TEST(Contract, DefaultsAreThoseThatAreDocumented) {
  const auto help = run_command({"logoff", "--help"}).out;
  for (const char* text : {"[10000]", "[give-up]", "[newest]", "[base]", "[full]"}) EXPECT_THAT(help, HasSubstr(text));
}

TEST(Contract, NumbersOutOfRangeAreMistakes) {
  const std::vector<std::string> places{"logoff",    "--local", "nowhere/a", "--server",
                                        "nowhere/b", "--state", "nowhere/c"};
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--lanes", "0"},
                                             {"--lanes", "many"},
                                             {"--process-terminate-timeout", "-2"},
                                             {"--max-size", "-1"},
                                             {"--slow-link-ms", "-1"},
                                             {"--slow-link-kbps", "-1"},
                                             {"--rules", "windows95"},
                                             {"--verify", "perhaps"},
                                             {"--exclude", "../other"}}) {
    auto words = places;
    words.insert(words.end(), wrong.begin(), wrong.end());
    EXPECT_EQ(run_command(words).exit_code, 64) << wrong[0] << ' ' << wrong[1];
  }
  auto words = places;
  words.insert(words.end(), {"--process-terminate-timeout", "-1"});
  EXPECT_NE(run_command(words).exit_code, 64) << "for ever is a time";
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
  EXPECT_THAT(run_command({"preview", "lognon"}).messages, HasSubstr("there is no command 'lognon'"));
  EXPECT_THAT(run_command({"preview"}).messages, HasSubstr("a command is missing"));
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
