#include "cli/exit_code.hpp"

#include "cli/usage_error.hpp"

namespace roamsync::cli {
namespace {

ExitCode of_sync_code(Errc code) {
  switch (code) {
    case Errc::decision_needed:
    case Errc::too_many_deletions: return decision_needed;

    case Errc::not_supported: return usage;

    case Errc::hive_dirty:
    case Errc::hive_corrupt:
    case Errc::hive_missing:
    case Errc::other_profile:
    case Errc::record_damaged:
    case Errc::record_too_new:
    case Errc::unsafe_path:
    case Errc::bad_name:
    case Errc::bad_descriptor: return data_error;

    case Errc::server_unavailable:
    case Errc::server_emptied:
    case Errc::upload_forbidden:
    case Errc::mandatory_unavailable: return server_unavailable;

    case Errc::over_quota:
    case Errc::no_space: return no_room;

    case Errc::copy_mismatch: return io_error;

    case Errc::hive_in_use:
    case Errc::source_changed:
    case Errc::target_changed:
    case Errc::generation_moved:
    case Errc::publish_running:
    case Errc::timed_out: return try_again;

    case Errc::wrong_owner:
    case Errc::right_missing:
    case Errc::share_lacks_write_dac: return no_permission;

    case Errc::cancelled: return interrupted;
  }
  return io_error;
}

ExitCode of_system_code(const std::error_code& code) {
  if (code == Remedy::free_space) return no_room;
  if (code == Remedy::ask_an_administrator) return no_permission;
  if (is_out_of_reach(code)) return server_unavailable;
  if (code == Remedy::retry_later) return try_again;
  return io_error;
}

}  // namespace

ExitCode exit_code_of(const Error& error) {
  if (is_usage_error(error)) return usage;
  if (error.code().category() == sync_category()) return of_sync_code(static_cast<Errc>(error.code().value()));
  return of_system_code(error.code());
}

ExitCode exit_code_of(const Report& report) {
  if (report.outcome == Outcome::synced || report.outcome == Outcome::nothing_to_do) return done;
  // A slow link has no error behind it: the server is there and is not used.
  return report.cause ? exit_code_of(*report.cause) : server_unavailable;
}

}  // namespace roamsync::cli
