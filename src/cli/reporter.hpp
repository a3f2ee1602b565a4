/// @file
/// Reporter: where the events of a run go: the progress line, the notices on standard error, the file of --events.
///
/// Threads: events may come from a lane; what else is printed comes from the main thread while no call is running.
#pragma once

#include <roamsync/event.hpp>

#include "cli/context.hpp"
#include "cli/event_log.hpp"
#include "cli/progress_line.hpp"

#include <mutex>
#include <string>

namespace roamsync::cli {

class Reporter {
 public:
  Reporter(Host& host, Output& output);

  /// Fails when the file of --events cannot be written.
  Result<void> begin(const std::string& command, const CommonOptions& options);
  void handle(const Event& event);
  /// The exit code after all: a lost line of the log is an error of output, should nothing worse have happened.
  ExitCode end(ExitCode code);

 private:
  Output& output_;
  std::mutex mutex_;
  EventLog log_;
  ProgressLine line_;
};

}  // namespace roamsync::cli
