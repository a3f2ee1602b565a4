#include "session/workspace.hpp"

#include "session/usual_cure.hpp"

#include <cstdio>

namespace roamsync {
namespace {

const ProfilePath lock_path = ProfilePath::literal(lock_name);
const ProfilePath session_path = ProfilePath::literal(session_name);
const ProfilePath base_path = ProfilePath::literal(base_name);

// A record that is there and sound.
template <class Record, class Read>
Result<Record> load(Store& state, const ProfilePath& path, Read read) {
  BOOST_OUTCOME_TRY(const auto bytes, read_record_file(state, path));
  if (!bytes) return Record();
  return read(*bytes, state.location_of(path));
}

// A damaged one is told, and then is as if it were missing.
template <class Record>
Result<Record> or_none(Workspace& work, Result<Record> record, std::string_view consequence) {
  if (record || record.error().code() != Errc::record_damaged) return record;
  work.notice(event_id::none, Level::warning, record.error().message() + "; " + std::string(consequence));
  return Record();
}

}  // namespace

Workspace::Workspace(Host& host_, Store& local_, Store& state_, const SessionOptions& options_)
    : host(host_), local(local_), state(state_), options(options_), begun_(host_.monotonic()) {}

void Workspace::step(std::string_view name) {
  step_ = name;
  tell(Step{name});
}

void Workspace::notice(int id, Level level, std::string text) {
  tell(Notice{.id = id, .level = level, .text = std::move(text)});
}

void Workspace::tell(const Event& event) {
  if (options.on_event) options.on_event(event);
  if (const auto* notice = std::get_if<Notice>(&event)) report.notices.push_back(*notice);
}

Report Workspace::end(Outcome outcome) {
  report.outcome = outcome;
  report.seconds = host.monotonic() - begun_;
  return std::move(report);
}

Report Workspace::end(Outcome outcome, int id, Error cause) {
  cause = cause.within({.step = std::string(step_), .cure = usual_cure(cause.code())});
  // Windows names the file first, and then what becomes of the session.
  const std::string& step = cause.context().step;
  if (step == "copy" || step == "stage") notice(event_id::copy_failed, Level::error, cause.message());
  notice(id, Level::error, cause.message());
  report.cause = std::move(cause);
  return end(outcome);
}

std::string Workspace::holder_text() {
  return host.user_name() + " on " + host.machine_name() + ", process " + std::to_string(host.process_id()) +
         ", since " + host.now().text();
}

std::string Workspace::new_transaction() {
  char text[17];
  std::snprintf(text, sizeof text, "%012llx", static_cast<unsigned long long>(host.random() & 0xFFFF'FFFF'FFFFULL));
  return text;
}

HeadRecord Workspace::new_head(const GenerationId& id, Lineage lineage, Tree tree) {
  return {.id = id,
          .lineage = std::move(lineage),
          .machine = host.machine_name(),
          .user = host.user_name(),
          .written = host.now(),
          .tree = std::move(tree)};
}

std::string location_of(const Endpoints& endpoints) {
  const auto* absent = std::get_if<AbsentServer>(&endpoints.server);
  return absent != nullptr ? absent->location : std::get<Store*>(endpoints.server)->location();
}

Result<MachineState> load_state(Workspace& work, bool locked) {
  MachineState state;
  if (locked) {
    BOOST_OUTCOME_TRY(state.lock,
                      work.state.lock(lock_path, LockMode::exclusive, work.holder_text(), work.options.lock_patience));
  }
  auto session = load<SessionRecord>(work.state, session_path, read_session);
  const bool damaged = !session && session.error().code() == Errc::record_damaged;
  BOOST_OUTCOME_TRY(state.session,
                    or_none(work, std::move(session), "nothing is uploaded until a logon has succeeded"));
  // Whether this session may upload is not known: then it may not.
  if (damaged) state.session.upload_forbidden = "the record of what the logon decided is damaged";
  return state;
}

Result<BaseRecord> read_saved_base(Store& state) { return load<BaseRecord>(state, base_path, read_base); }

Result<BaseRecord> base_or_none(Workspace& work, Result<BaseRecord> base) {
  return or_none(work, std::move(base), "both sides are compared by content instead");
}

Result<BaseRecord> load_base(Workspace& work) { return base_or_none(work, read_saved_base(work.state)); }

Result<void> save_session(Workspace& work, const SessionRecord& before, const SessionRecord& now) {
  if (now == before) return success();
  // How a call ended may be lost in a power cut; what a later call relies on may not.
  const bool durable = !now.decides_as(before) || now.loaded != before.loaded;
  return replace_record_file(work.state, session_path, write_session(now), durable);
}

void keep_session(Workspace& work, const SessionRecord& before, const SessionRecord& now, Report& report) {
  const auto saved = save_session(work, before, now);
  if (saved) return;
  work.report = std::move(report);
  work.notice(event_id::none, Level::warning,
              "how this " + now.last_operation + " ended could not be noted: " + saved.error().message());
  report = std::move(work.report);
}

Result<void> save_base(Workspace& work, const BaseRecord& base) {
  return replace_record_file(work.state, base_path, write_base(base), true);
}

}  // namespace roamsync
