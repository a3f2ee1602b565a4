/// @file
/// Runs the built command as a child process, the way a script does, and keeps what came of it.
#pragma once

#include <gtest/gtest.h>
#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace roamsync::testing {

using Json = nlohmann::json;

struct CommandRun {
  int exit_code = -1;  ///< 128 + signal when a signal ended it
  std::string out;
  std::string messages;  ///< standard error

  /// Standard output as one JSON document; a failed expectation and null when it is none.
  Json json() const;
};

struct CommandSetting {
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::string input = {};
  bool on_terminal = false;  ///< standard input and standard error are a terminal
  bool as_nobody = false;    ///< as a user without rights; needs root
  /// Called once the command runs, with its process number.
  std::function<void(int)> meanwhile = {};
};

/// The user without rights.
inline constexpr unsigned nobody = 65534;

CommandRun run_command(const std::vector<std::string>& words, const CommandSetting& setting = {});

/// A folder of its own for one test, gone afterwards.
class CommandTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// Writes a file below the folder, with its parents.
  boost::filesystem::path put(const std::string& path, std::string_view bytes) const;
  std::string read(const std::string& path) const;
  /// The folder's content below `path`: one name a line, sorted.
  std::string names_below(const std::string& path) const;
  std::string path(const std::string& below) const { return (folder / below).string(); }
  void remove(const std::string& path) const { boost::filesystem::remove_all(folder / path); }
  /// Everything below the folder goes to the user without rights.
  void give_to_nobody() const;

  boost::filesystem::path folder;
};

}  // namespace roamsync::testing
