/// @file
/// ProgressLine: the one line on a terminal that says what is being done and how far it has come.
#pragma once

#include <roamsync/event.hpp>

#include <iosfwd>
#include <string>

namespace roamsync::cli {

class ProgressLine {
 public:
  explicit ProgressLine(std::ostream& out) : out_(out) {}

  void show(bool shown) noexcept { is_shown_ = shown; }
  void update(const Event& event);
  /// Makes the line free for something else.
  void erase();

 private:
  std::ostream& out_;
  bool is_shown_ = false;
  bool is_drawn_ = false;
  std::string step_;
};

}  // namespace roamsync::cli
