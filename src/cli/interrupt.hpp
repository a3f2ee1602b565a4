/// @file
/// Interrupt: the request to stop that a person or the system sends to the command (SIGINT, SIGTERM).
#pragma once

#include <memory>
#include <stop_token>

namespace roamsync::cli {

/// Keeps SIGINT and SIGTERM waiting until an Interrupt is made, which then takes them. The very first thing in main: before, a
/// signal ends the program as it ends any other.
void hold_interrupts();

/// From its making on, the first signal requests a stop, which ends the work at the next safe place; the second ends the
/// program where it stands, which is as safe as a power cut: the next run recovers. Make one, first of all in main, before any
/// other thread is there.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace roamsync::cli
