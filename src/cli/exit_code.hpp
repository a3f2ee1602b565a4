/// @file
/// Exit codes: what scripts may rely on, those of sysexits.h where one fits.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/session.hpp>

namespace roamsync::cli {

enum ExitCode : int {
  done = 0,
  differs = 1,              ///< `hive check`: dirty; `hive diff`: they differ
  decision_needed = 2,      ///< a conflict is open and nobody is there to settle it
  usage = 64,               ///< EX_USAGE
  data_error = 65,          ///< EX_DATAERR: a hive or a record is corrupt
  server_unavailable = 69,  ///< EX_UNAVAILABLE: nothing was uploaded
  no_room = 73,             ///< EX_CANTCREAT: no space, or over quota
  io_error = 74,            ///< EX_IOERR
  try_again = 75,           ///< EX_TEMPFAIL: hive held, another publish running, timed out
  no_permission = 77,       ///< EX_NOPERM: no permission, wrong owner, a right missing
  interrupted = 130,        ///< SIGINT, SIGTERM
};

ExitCode exit_code_of(const Error& error);
/// 0 when the profile is in step; else what stood in the way.
ExitCode exit_code_of(const Report& report);

}  // namespace roamsync::cli
