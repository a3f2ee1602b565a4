/// @file
/// One process as /proc shows it. The folder is held open, so what is read is of this process even when its number has
/// been given to another meanwhile: then reads fail.
#pragma once

#include <roamsync/error.hpp>

#include "host/descriptor_posix.hpp"

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace roamsync {

class Process {
 public:
  /// Nothing when there is no such process.
  static std::optional<Process> open(pid_t pid);

  pid_t pid() const noexcept { return pid_; }
  pid_t parent() const noexcept { return parent_; }
  /// In clock ticks since boot: with the pid it names a process for good.
  std::uint64_t started() const noexcept { return started_; }
  bool is_kernel_thread() const noexcept { return is_kernel_thread_; }
  /// /proc/PID
  int folder() const noexcept { return folder_.get(); }

  /// The program's file name; of a process that may not be looked into the name the kernel shows to everybody.
  std::string name() const;
  std::string read(const char* file) const;

 private:
  Process() = default;
  pid_t pid_ = 0;
  pid_t parent_ = 0;
  std::uint64_t started_ = 0;
  bool is_kernel_thread_ = false;
  Descriptor folder_;
};

/// A handle that becomes readable when the process ends; empty, with errno, when there is none to be had.
Descriptor open_process_handle(pid_t pid);
/// Signals exactly the process of the handle; false, with errno, when that fails.
bool send_signal(const Descriptor& process_handle, int signal);

Result<std::vector<pid_t>> all_processes();

/// This process, its parent, and so on up to the first.
std::vector<pid_t> caller_and_ancestors();

/// Calls `visit` with the number of each entry of a folder of /proc; false when the folder may not be read.
bool for_each_number(int folder, const char* path, const std::function<void(int)>& visit);

}  // namespace roamsync
