/// @file
/// Context: what every command of roamsync is given, and what it leaves behind when the command line has been read.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/event.hpp>
#include <roamsync/host.hpp>

#include "cli/exit_code.hpp"
#include "cli/output.hpp"

#include <functional>
#include <stop_token>
#include <string>

namespace roamsync::cli {

enum class ProgressWhen { automatic, always, never };

struct CommonOptions {
  bool json = false;
  bool quiet = false;
  std::string events_file;
  ProgressWhen progress = ProgressWhen::automatic;
};

/// Does the work of one command. An error is printed and turned into an exit code by the caller.
using Command = std::function<Result<ExitCode>()>;

struct Context {
  Host& host;
  Output& output;
  std::stop_token stop;
  EventSink on_event;  ///< give it to the library: progress, notices and --events come from it
  CommonOptions common = {};
  Command command = {};  ///< set while the command line is read; runs once all of it has been
};

}  // namespace roamsync::cli
