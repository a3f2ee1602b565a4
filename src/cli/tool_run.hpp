/// @file
/// Runs a tool of another package, such as Samba's testparm, and reads what it prints.
#pragma once

#include <roamsync/error.hpp>

#include <string>
#include <vector>

namespace roamsync::cli {

struct ToolRun {
  int exit_code = -1;  ///< -1: a signal ended it
  std::string out;     ///< standard output; its messages are not kept
};

/// Fails with the system's own code when the tool, which is looked for in PATH, cannot be started.
Result<ToolRun> run_tool(std::vector<std::string> words);

}  // namespace roamsync::cli
