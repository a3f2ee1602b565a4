/// @file
/// Host: the rest of the machine: the clock, names, waiting, who holds the hive open, and making them let go.
///
/// `main` makes one and passes it down; nothing in the library asks the system for the time, a name or randomness behind
/// its back, so a run under a simulated host repeats exactly.
///
/// Threads: all calls may be made from several threads.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/time.hpp>

#include <boost/filesystem/path.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace roamsync {

/// A process that has one of the files open or mapped.
struct Holder {
  /// 0: the system says that somebody has the file open, and nobody this user may look into does. Such a holder can be
  /// waited for, not ended.
  std::int64_t pid = 0;
  std::string name = {};  ///< the program's name
  std::string what = {};  ///< "NTUSER.DAT open for writing (descriptor 7), mapped into memory"
  /// Tells this process from a later one with the same pid (its start time in the system's own unit).
  std::uint64_t started = 0;
  bool is_caller = false;  ///< this very process: named, never touched

  friend bool operator==(const Holder&, const Holder&) = default;
};

struct HolderReport {
  std::vector<Holder> holders;         ///< sorted by pid; one line a process and file
  std::uint64_t unseen_processes = 0;  ///< processes this user may not look into: the list may lack some
};

enum class EndProcess {
  ask,   ///< SIGTERM: it may save its work and close
  kill,  ///< SIGKILL
};

class Host {
 public:
  virtual ~Host() = default;

  virtual FileTime now() = 0;
  /// For measuring and for budgets: never goes back, unlike now().
  virtual std::chrono::nanoseconds monotonic() = 0;
  virtual std::uint64_t random() = 0;
  /// Sleeps so long; Errc::cancelled as soon as `stop` is requested.
  virtual Result<void> pause(std::chrono::milliseconds time, std::stop_token stop) = 0;
  virtual std::string machine_name() = 0;
  virtual std::string user_name() = 0;
  virtual std::int64_t process_id() = 0;

  /// Who holds any of `files` open, through any name of them. A file that does not exist has no holders; a symbolic link is
  /// Errc::unsafe_path. Says nothing of other machines that have a file on a share open.
  /// Quick when nobody does: where the system can grant an exclusive lease on the file, no process list is walked.
  virtual Result<HolderReport> holders(std::span<const boost::filesystem::path> files) = 0;

  /// Waits until nobody but this process holds any of `files`, and returns at once when the last one lets go (the system wakes us; no
  /// polling where it can). `patience`: 0 looks once; max() waits for ever. The report is of those that remain, without
  /// this process: no holders means released.
  /// Errc::cancelled when `stop` is requested.
  virtual Result<HolderReport> wait_until_released(std::span<const boost::filesystem::path> files,
                                                   std::chrono::milliseconds patience, std::stop_token stop) = 0;

  /// Ends a process that `holders` named. Refuses this process and its parents (Errc::not_supported); a process that is
  /// gone already is success. Checked against `Holder::started`, so a reused pid is never hit.
  virtual Result<void> end_process(const Holder& holder, EndProcess how) = 0;
};

/// The machine this runs on. One object serves the whole program.
std::unique_ptr<Host> make_system_host();

}  // namespace roamsync
