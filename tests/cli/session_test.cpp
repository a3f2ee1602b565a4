#include "cli/profiles.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Sessions = ProfilesTest;

TEST_F(Sessions, CarryAProfileFromMachineToMachine) {
  const auto off = log_off("a");
  EXPECT_EQ(off.exit_code, 0) << off.messages;
  const Json published = off.json();
  EXPECT_EQ(published.at("outcome"), "synced");
  EXPECT_EQ(published.at("generation"), 1);
  EXPECT_EQ(published.at("uploaded"), 3);
  EXPECT_EQ(published.at("hive").at("choice"), "local");

  const auto on = log_on("b");
  EXPECT_EQ(on.exit_code, 0) << on.messages;
  EXPECT_EQ(on.json().at("outcome"), "synced");
  EXPECT_EQ(on.json().at("downloaded"), 3);
  EXPECT_EQ(on.json().at("hive").at("choice"), "server");
  EXPECT_EQ(read("b/NTUSER.DAT"), read("a/NTUSER.DAT"));
  EXPECT_EQ(read("b/Desktop/note.txt"), "from a");

  EXPECT_EQ(log_off("b").json().at("outcome"), "nothing_to_do");
  EXPECT_EQ(log_on("a").json().at("outcome"), "nothing_to_do");
}

TEST_F(Sessions, ReportEveryMemberScriptsMayUse) {
  const Json report = log_off("a").json();
  for (const char* number : {"generation", "uploaded", "downloaded", "deleted", "kept", "seconds"}) {
    EXPECT_TRUE(report.at(number).is_number()) << number;
  }
  for (const char* number : {"read", "written", "verified"}) {
    EXPECT_GT(report.at("bytes").at(number), 0) << number;
  }
  EXPECT_TRUE(report.at("outcome").is_string());
  EXPECT_TRUE(report.at("hive").at("unload").is_string());
  for (const char* list : {"conflicts", "events"}) EXPECT_TRUE(report.at(list).is_array()) << list;
  EXPECT_TRUE(report.at("hive").at("holders").is_array());
}

TEST_F(Sessions, PreviewTellsWhatWouldBeDoneInOrderAndWritesNothing) {
  const std::string before = names_below(".");
  const auto run = run_command(words({"preview", "logoff"}, "a"));
  EXPECT_EQ(run.exit_code, 0) << run.messages;
  std::vector<std::string> paths;
  const Json preview = run.json();
  for (const Json& action : preview.at("actions")) {
    paths.push_back(action.at("path"));
    EXPECT_FALSE(action.at("action").get<std::string>().empty());
    EXPECT_FALSE(action.at("reason").get<std::string>().empty());
  }
  EXPECT_THAT(paths, ElementsAre("Desktop", "Documents", "Desktop/note.txt", "Documents/letter.txt", "NTUSER.DAT"));
  EXPECT_EQ(run_command(words({"preview", "logon"}, "b")).json().at("actions"), Json::array());
  EXPECT_EQ(names_below("."), before);
}

TEST_F(Sessions, StatusTellsWhatDiffersOnEachSide) {
  share_profile();
  put("b/Desktop/new.txt", "from b");
  put("a/Desktop/note.txt", "a again");
  ASSERT_EQ(log_off("a").exit_code, 0);
  const Json status = run_command(words({"status"}, "b")).json();
  EXPECT_EQ(status.at("generation"), 2);
  EXPECT_EQ(status.at("base"), 1);
  EXPECT_THAT(status.at("changed_here").get<std::vector<std::string>>(), ElementsAre("Desktop/new.txt"));
  EXPECT_THAT(status.at("changed_on_server").get<std::vector<std::string>>(), ElementsAre("Desktop/note.txt"));
  EXPECT_EQ(status.at("last").at("operation"), "logon");
  EXPECT_EQ(status.at("last").at("outcome"), "synced");
}

TEST_F(Sessions, KeepWhatIsExcludedWhereItIs) {
  put("a/Desktop/huge.iso", "not to roam");
  ASSERT_EQ(log_off("a", {"--exclude", "*.iso", "--exclude", "Documents"}).exit_code, 0);
  EXPECT_FALSE(boost::filesystem::exists(path("share/user.V6/Desktop/huge.iso")));
  EXPECT_FALSE(boost::filesystem::exists(path("share/user.V6/Documents")));
  EXPECT_EQ(read("share/user.V6/Desktop/note.txt"), "from a");
}

TEST_F(Sessions, RemoveTheLocalCopyOnlyWhenAsked) {
  ASSERT_EQ(log_off("a", {"--delete-cache"}).exit_code, 0);
  EXPECT_FALSE(boost::filesystem::exists(path("a/NTUSER.DAT")));
  EXPECT_EQ(read("share/user.V6/Documents/letter.txt"), "dear b");
}

TEST_F(Sessions, UploadNothingWhenReadOnly) {
  share_profile();
  put("b/Desktop/note.txt", "from b");
  const auto off = log_off("b", {"--read-only"});
  EXPECT_EQ(off.exit_code, 0);
  EXPECT_EQ(off.json().at("uploaded"), 0);
  EXPECT_EQ(read("share/user.V6/Desktop/note.txt"), "from a");
}

class Conflicts : public ProfilesTest {
 protected:
  void SetUp() override {
    ProfilesTest::SetUp();
    share_profile();
    put("a/Desktop/note.txt", "changed on a");
    ASSERT_EQ(log_off("a").exit_code, 0);
    put("b/Desktop/note.txt", "changed on b as well");
  }
  std::string on_server() const { return read("share/user.V6/Desktop/note.txt"); }
};

TEST_F(Conflicts, GoAsTheOptionSaysAndAreListed) {
  const auto off = log_off("b", {"--on-conflict", "local"});
  EXPECT_EQ(off.exit_code, 0) << off.messages;
  const Json conflicts = off.json().at("conflicts");
  ASSERT_EQ(conflicts.size(), 1U);
  EXPECT_EQ(conflicts[0].at("path"), "Desktop/note.txt");
  EXPECT_FALSE(conflicts[0].at("choice").get<std::string>().empty());
  EXPECT_FALSE(conflicts[0].at("reason").get<std::string>().empty());
  EXPECT_EQ(on_server(), "changed on b as well");
}

TEST_F(Conflicts, NeedADecisionWhenNobodyCanBeAsked) {
  const auto off = log_off("b", {"--on-conflict", "ask"});
  EXPECT_EQ(off.exit_code, 2);
  EXPECT_EQ(off.json().at("error").at("code"), "decision_needed");
  EXPECT_EQ(on_server(), "changed on a");
}

TEST_F(Conflicts, ArePutToThePersonAtTheTerminal) {
  const auto off =
      run_command(words({"logoff"}, "b", {"--on-conflict", "ask"}), {.input = "what?\nl\n", .on_terminal = true});
  EXPECT_EQ(off.exit_code, 0) << off.messages;
  EXPECT_THAT(off.messages, HasSubstr("Desktop/note.txt: changed on both sides"));
  EXPECT_THAT(off.messages, HasSubstr("Keep [l]ocal, [s]erver or [b]oth?"));
  EXPECT_EQ(off.json().at("conflicts").size(), 1U) << "standard output stays one JSON document";
  EXPECT_EQ(on_server(), "changed on b as well");
}

using Messages = ProfilesTest;

TEST_F(Messages, AreFewInAPipe) {
  const auto off = log_off("a");
  EXPECT_THAT(off.messages, Not(HasSubstr("\r")));
}

TEST_F(Messages, ShowProgressOnATerminal) {
  const auto off = run_command(words({"logoff"}, "a"), {.on_terminal = true});
  EXPECT_THAT(off.messages, HasSubstr("stage: 3 of 3 files"));
}

TEST_F(Messages, ShowNoProgressWhereThatIsNotWanted) {
  const auto off = run_command(words({"logoff"}, "a", {"--progress", "never"}), {.on_terminal = true});
  EXPECT_THAT(off.messages, Not(HasSubstr("files")));
}

TEST_F(Messages, AreNoneWhenQuietAndAllIsWell) {
  auto quiet = words({"logoff"}, "a", {"--quiet"});
  std::erase(quiet, "--json");
  const auto off = run_command(quiet);
  EXPECT_EQ(off.exit_code, 0);
  EXPECT_THAT(off.out, IsEmpty());
  EXPECT_THAT(off.messages, IsEmpty());
}

TEST_F(Messages, GoToTheEventFileLineByLine) {
  ASSERT_EQ(log_off("a", {"--events", path("events")}).exit_code, 0);
  std::istringstream lines(read("events"));
  std::vector<Json> events;
  for (std::string line; std::getline(lines, line);) {
    events.push_back(Json::parse(line, nullptr, false));
    ASSERT_FALSE(events.back().is_discarded()) << line;
    EXPECT_TRUE(events.back().at("time").is_string());
  }
  ASSERT_GE(events.size(), 4U);
  EXPECT_EQ(events.front().at("type"), "begin");
  EXPECT_EQ(events.front().at("command"), "logoff");
  EXPECT_EQ(events.back().at("type"), "end");
  EXPECT_EQ(events.back().at("exit_code"), 0);
}

TEST_F(Messages, ThatCannotBeWrittenStopTheCommandBeforeItBegins) {
  const auto off = log_off("a", {"--events", path("no such folder/events")});
  EXPECT_EQ(off.exit_code, 74);
  EXPECT_EQ(off.json().at("error").at("code"), "ENOENT");
  EXPECT_FALSE(boost::filesystem::exists(path("share/user.V6")));

  const auto full = log_off("a", {"--events", "/dev/full"});
  EXPECT_EQ(full.exit_code, 73);
  EXPECT_EQ(full.json().at("error").at("code"), "ENOSPC");
  EXPECT_FALSE(boost::filesystem::exists(path("share/user.V6")));
}

// A name is not to move the cursor, nor to pass for a line of the report.
TEST_F(Messages, ShowNamesWithControlCharactersEscaped) {
  put("a/Desktop/evil\n  uploaded    all\x1b[2J", "x");
  const auto off =
      run_command({"logoff", "--local", path("a"), "--server", path("share/user.V6"), "--state", path("state-a")});
  EXPECT_EQ(off.exit_code, 0) << off.messages;
  for (const std::string& text : {off.out, off.messages}) {
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
    EXPECT_THAT(text, HasSubstr("Desktop/evil\\n  uploaded    all\\x1b[2J"));
  }
  EXPECT_EQ(log_off("a").json().at("unusable")[0].at("path"), "Desktop/evil\n  uploaded    all\x1b[2J");
}

}  // namespace
}  // namespace roamsync::testing
