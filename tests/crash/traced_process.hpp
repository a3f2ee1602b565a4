/// @file
/// Runs a program and kills it, with SIGKILL and whole, right before its n-th system call that changes a file. Linux; follows
/// its threads with ptrace.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace roamsync::testing {

struct TracedRun {
  bool refused = false;        ///< this system does not let us trace: nothing was run
  bool killed = false;         ///< false: it came to its end
  int exit_code = -1;          ///< when it came to its end; -1 when a signal ended it
  std::size_t calls = 0;       ///< that would change a file, the fatal one included
  std::string last_call = {};  ///< the one it was killed before
};

/// `kill_at` counts from 1; 0 lets it run. `command[0]` is the program's path.
TracedRun run_traced(const std::vector<std::string>& command, std::size_t kill_at);
/// The program's exit code, or -1; not traced.
int run(const std::vector<std::string>& command);

}  // namespace roamsync::testing
