/// @file
/// Workspace: what one call of a session works with, and the report it fills in on the way.
#pragma once

#include <roamsync/session.hpp>

#include "session/records.hpp"

#include <memory>
#include <string>

namespace roamsync {

class Workspace {
 public:
  Workspace(Host& host, Store& local, Store& state, const SessionOptions& options);

  Host& host;
  Store& local;
  Store& state;
  const SessionOptions& options;
  Report report;

  /// Tells the sink that a step begins; an error that ends the session from now on and names no step is given this one.
  /// `name` is static.
  void step(std::string_view name);
  void notice(int id, Level level, std::string text);
  /// To the sink, and a notice into the report: what a transaction tells on the way. One call at a time.
  void tell(const Event& event);
  /// The report with this outcome, its cause told as a notice of Windows' number `id`, with what usually helps where it
  /// knows no cure of its own.
  Report end(Outcome outcome, int id, Error cause);
  Report end(Outcome outcome);
  /// "alice on WS1, process 233, since 2026-…": what others read who wait for the lock.
  std::string holder_text();
  /// A short unique name for a transaction; leftovers.hpp knows its shape.
  std::string new_transaction();
  /// The head record of a generation that this call makes.
  HeadRecord new_head(const GenerationId& id, Lineage lineage, Tree tree);

 private:
  std::chrono::nanoseconds begun_;
  std::string_view step_;  // begun last
};

/// The server's profile folder, as an administrator would type it.
std::string location_of(const Endpoints& endpoints);

/// The state folder's session record, loaded; the folder is locked against a second session of this machine until destroyed.
struct MachineState {
  std::unique_ptr<StoreLock> lock;
  SessionRecord session;
};

/// Locks and loads. A damaged record is told; nothing may be uploaded then until a logon has succeeded.
Result<MachineState> load_state(Workspace& work, bool locked);
/// Writes the session record when it differs from what was loaded; durable when what was decided in it changed.
Result<void> save_session(Workspace& work, const SessionRecord& before, const SessionRecord& now);

/// At the end of a call that decided nothing about the session: what cannot be saved is told in the report.
void keep_session(Workspace& work, const SessionRecord& before, const SessionRecord& now, Report& report);

/// The base record as it is saved. Tells nothing, so that any thread may call it.
Result<BaseRecord> read_saved_base(Store& state);
/// A damaged one is told and taken for missing: the next sync then compares contents instead.
Result<BaseRecord> base_or_none(Workspace& work, Result<BaseRecord> base);
/// Both in one.
Result<BaseRecord> load_base(Workspace& work);
/// Durable.
Result<void> save_base(Workspace& work, const BaseRecord& base);

}  // namespace roamsync
