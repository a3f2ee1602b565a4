/// @file
/// Transaction logs: brings a hive that was left open back to a clean state.
///
/// Two formats exist: `DIRT` logs (to Windows 8) hold one set of dirty sectors, all or nothing; `HvLE` logs (from 8.1) hold
/// numbered entries that may be spread over two files. Which format a log has does not follow from the hive's version.
///
/// A log is used only when it is this hive's and whole: its own checksum right, its two numbers equal, and for `DIRT` its
/// time that of the hive. Entries are used from the hive's secondary number on, as long as each carries the number after the
/// one before and both hashes hold. Nothing past the first doubt is applied. What comes out is judged as a tree by
/// `check_hive` before it is called recovered; the hive given is never changed.
///
/// Not guaranteed: that a recovered hive is what Windows itself would leave, byte for byte; its tree is the same.
/// Threads: pure functions. Source: the public regf specification, "Format of transaction log files".
#pragma once

#include <roamsync/hive_check.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace roamsync {

enum class ReplayOutcome {
  not_needed,  ///< the hive is closed; logs beside it are stale, whatever they hold
  recovered,   ///< logs were applied and the result is clean
  refused,     ///< no log can be used: the hive stays as dirty as it was
  unsound,     ///< logs were applied, but the result breaks a rule of the format: do not use it
};

/// `not_needed`, `recovered`, `refused` or `unsound`.
std::string_view outcome_name(ReplayOutcome outcome) noexcept;

enum class LogFormat { none, sectors, entries };  ///< nothing used, `DIRT`, `HvLE`

/// What became of one of the logs given.
struct LogUse {
  bool used = false;
  std::uint32_t entries = 0;  ///< applied
  std::uint32_t pages = 0;    ///< applied: sectors of 512 bytes of a `DIRT` log, page references of entries
  std::string why = {};       ///< why it was not used, or where reading it stopped
};

struct Replay {
  ReplayOutcome outcome = ReplayOutcome::refused;
  LogFormat format = LogFormat::none;
  bool header_from_log = false;      ///< the hive's own header was damaged
  std::uint32_t sequence = 0;        ///< both numbers of the recovered hive
  std::vector<LogUse> logs = {};     ///< one for each log, in the order given
  Verdict verdict = {};              ///< on `file`; on the hive given when there is no file
  std::vector<std::byte> file = {};  ///< the recovered hive; only there when logs were applied

  /// One line for a log.
  std::string message() const;
};

std::ostream& operator<<(std::ostream& out, const Replay& replay);

/// Applies `logs` (.LOG, .LOG1, .LOG2, in any order; empty ones do no harm) to `primary`. Memory: one copy of the hive, grown
/// by no more than the logs hold.
Replay replay_hive(std::span<const std::byte> primary, std::span<const std::span<const std::byte>> logs);

}  // namespace roamsync
