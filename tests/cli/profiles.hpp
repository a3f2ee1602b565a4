/// @file
/// Two machines and a server as folders, and the command that keeps them in step.
#pragma once

#include "cli/command_run.hpp"
#include "support/hive_builder.hpp"

#include <string>
#include <vector>

namespace roamsync::testing {

inline std::string sound_hive(const std::u16string& who) {
  const Bytes bytes = build_hive({.root = {.name = u"ROOT", .values = {text_value(u"Who", who)}}});
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ProfilesTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    put("a/NTUSER.DAT", sound_hive(u"first"));
    put("a/Desktop/note.txt", "from a");
    put("a/Documents/letter.txt", "dear b");
    boost::filesystem::create_directories(folder / "share");
  }

  /// `command` on machine `machine` with its own folders, and JSON asked for.
  std::vector<std::string> words(std::vector<std::string> command, const std::string& machine,
                                 const std::vector<std::string>& more = {}) const {
    for (const auto& word : {std::string("--local"), path(machine), std::string("--server"), path("share/user.V6"),
                             std::string("--state"), path("state-" + machine), std::string("--json")}) {
      command.push_back(word);
    }
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }
  CommandRun log_on(const std::string& machine, const std::vector<std::string>& more = {}) const {
    return run_command(words({"logon"}, machine, more));
  }
  CommandRun log_off(const std::string& machine, const std::vector<std::string>& more = {}) const {
    return run_command(words({"logoff"}, machine, more));
  }
  /// Machine a publishes its profile, machine b fetches it.
  void share_profile() const {
    ASSERT_EQ(log_off("a").exit_code, 0);
    ASSERT_EQ(log_on("b").exit_code, 0);
  }
};

}  // namespace roamsync::testing
