/// @file
/// EventLog: the file of --events, one JSON document a line, each written out as the thing happens.
#pragma once

#include <roamsync/event.hpp>
#include <roamsync/host.hpp>

#include "cli/exit_code.hpp"

#include <fstream>
#include <string>

namespace roamsync::cli {

class EventLog {
 public:
  explicit EventLog(Host& host) : host_(host) {}

  /// Adds to a file that is there.
  Result<void> open(const std::string& file);
  bool is_open() const { return file_.is_open(); }

  void begin(const std::string& command);
  void write(const Event& event);
  void end(ExitCode code);

 private:
  template <class Members>
  void write_line(std::string_view type, const Members& members);

  Host& host_;
  std::ofstream file_;
};

}  // namespace roamsync::cli
