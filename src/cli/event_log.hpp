/// @file
/// EventLog: the file of --events, one JSON document a line, each written out as the thing happens.
#pragma once

#include <roamsync/event.hpp>
#include <roamsync/host.hpp>

#include "cli/exit_code.hpp"

#include <fstream>
#include <string>
#include <system_error>

namespace roamsync::cli {

class EventLog {
 public:
  explicit EventLog(Host& host) : host_(host) {}

  /// Adds to a file that is there.
  Result<void> open(const std::string& file);
  bool is_open() const { return file_.is_open(); }
  /// False once the file did not take a line; failure() then says so.
  bool is_whole() const { return !failed_; }
  Error failure() const;

  void begin(const std::string& command);
  void write(const Event& event);
  void end(ExitCode code);

 private:
  template <class Members>
  void write_line(std::string_view type, const Members& members);

  Host& host_;
  std::ofstream file_;
  std::string name_;
  std::error_code failed_;
};

}  // namespace roamsync::cli
