#include "session/hive_gate.hpp"

#include <roamsync/hive_check.hpp>
#include <roamsync/hive_replay.hpp>

#include "base/upcase.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

namespace roamsync {
namespace {

using namespace std::chrono_literals;

constexpr auto release_patience = 5s;  // for a process that was asked or made to end
constexpr auto snapshot_pause = 50ms;  // between two looks at a hive that is being written
constexpr int snapshot_tries = 20;
constexpr int changed_tries = 3;
constexpr std::string_view cure_of_local =
    "log on again: a sound hive on the server then takes the place of this one, which is kept in the history";
constexpr std::string_view cure_of_kept =
    "restore the hive of an earlier generation (roamsync history, roamsync restore)";

Result<std::vector<boost::filesystem::path>> hive_files(Store& local) {
  std::vector<boost::filesystem::path> files;
  auto listing = local.list(ProfilePath());
  if (!listing && listing.error().code() == std::errc::no_such_file_or_directory) return files;
  BOOST_OUTCOME_TRY(const auto root, std::move(listing));
  for (const Entry& entry : root.entries) {
    if (!entry.is_file() || (!is_hive(entry.path) && !is_hive_log(entry.path))) continue;
    if (auto path = local.system_path(entry.path)) files.push_back(std::move(*path));
  }
  return files;
}

std::string describe(const std::vector<Holder>& holders) {
  std::string text;
  for (const Holder& holder : holders) {
    if (!text.empty()) text += "; ";
    text += holder.name + " (pid " + std::to_string(holder.pid) + (holder.is_caller ? ", this process" : "") +
            "): " + holder.what;
  }
  return text;
}

void remember(std::vector<Holder>& all, const std::vector<Holder>& seen) {
  for (const Holder& holder : seen) {
    if (std::find(all.begin(), all.end(), holder) == all.end()) all.push_back(holder);
  }
}

Error in_use(Workspace& work, const HolderReport& left, std::string_view cure) {
  work.report.unload = HiveUnload::failed;
  std::string found = describe(left.holders);
  if (left.unseen_processes > 0) {
    found += "; " + std::to_string(left.unseen_processes) + " processes of other users could not be looked into";
  }
  return Error(Errc::hive_in_use, {.step = "wait for the hive",
                                   .path = work.local.location_of(ProfilePath::literal("NTUSER.DAT")),
                                   .expected = "no process that holds the hive open",
                                   .found = std::move(found),
                                   .cure = std::string(cure)});
}

// Ends every holder once and waits for them to be gone.
Result<HolderReport> end_holders(Workspace& work, const std::vector<boost::filesystem::path>& files,
                                 const HolderReport& left, EndProcess how) {
  std::set<std::int64_t> tried;
  bool waits = false;
  for (const Holder& holder : left.holders) {
    if (!tried.insert(holder.pid).second) continue;
    const auto done = work.host.end_process(holder, how);
    waits |= done.has_value();
    if (done) continue;
    const Error& why = done.error();
    const bool is_spared = why.code() == Errc::not_supported;  // there is no sense in trying again
    work.notice(event_id::hive_not_unloaded, Level::warning,
                holder.name + " (pid " + std::to_string(holder.pid) + ") is not ended: it is " +
                    (is_spared ? why.context().found : "still there, " + why.message()));
  }
  // Where nobody is about to go, a look does.
  return work.host.wait_until_released(files, waits ? release_patience : 0s, work.options.stop);
}

// `cure` for a corrupt one.
Error refused_hive(const Verdict& verdict, const std::string& path, std::string_view cure) {
  char at[32];
  std::snprintf(at, sizeof at, " at offset 0x%llx", static_cast<unsigned long long>(verdict.fault.offset));
  const bool dirty = verdict.state == HiveState::dirty;
  return Error(
      dirty ? Errc::hive_dirty : Errc::hive_corrupt,
      {.step = "check the hive",
       .path = path,
       .expected = verdict.fault.expected,
       .found = verdict.fault.found + at + " (rule " + std::string(rule_name(verdict.fault.rule)) + ")",
       .cure = dirty ? std::string(
                           "put its transaction logs (.LOG1, .LOG2) beside it, or let Windows load and unload it once")
                     : std::string(cure)});
}

// The logs that lie beside a hive, read whole.
Result<std::vector<std::vector<std::byte>>> read_logs(Store& store) {
  std::vector<std::vector<std::byte>> logs;
  BOOST_OUTCOME_TRY(const Listing root, store.list(ProfilePath()));
  for (const Entry& entry : root.entries) {
    if (!entry.is_file() || !is_hive_log(entry.path) || entry.size == 0) continue;
    BOOST_OUTCOME_TRY(logs.emplace_back(), read_file(store, entry.path, hive_size_max));
  }
  return logs;
}

// Brings a hive that was left open to its clean state in memory, if its logs can. What comes out has been judged clean.
Result<bool> replay_logs(Store& store, const ProfilePath& path, CheckedHive& hive) {
  BOOST_OUTCOME_TRY(const auto logs, read_logs(store));
  if (logs.empty()) return false;
  const std::vector<std::span<const std::byte>> views(logs.begin(), logs.end());
  Replay replay = replay_hive(hive.bytes.view(), views);
  if (replay.outcome != ReplayOutcome::recovered) return false;
  hive.bytes = SharedBytes(std::move(replay.file));
  hive.replayed =
      store.location_of(path) + " was left open; what is carried over was brought to its clean state from its logs";
  return true;
}

Error still_written(Store& store, const ProfilePath& path) {
  return Error(Errc::source_changed,
               {.step = "read the hive",
                .path = store.location_of(path),
                .expected = "a hive that nobody writes to while it is read",
                .found = "one that was different at every look",
                .cure = "end the programs that write to it (roamsync holders names them), and try again"});
}

struct HiveRead {
  CheckedHive hive;
  bool changed_meanwhile = false;
};

Result<HiveRead> read_once(Store& store, const ProfilePath& path) {
  BOOST_OUTCOME_TRY(const auto file, store.open(path));
  HiveRead read;
  read.hive.entry = file->entry();
  if (read.hive.entry.size > hive_size_max) {
    return Error(Errc::hive_corrupt, {.step = "check the hive",
                                      .path = store.location_of(path),
                                      .expected = "a hive of at most 4 GiB",
                                      .found = std::to_string(read.hive.entry.size) + " bytes"});
  }
  ByteBlock block(static_cast<std::size_t>(read.hive.entry.size));
  BOOST_OUTCOME_TRY(const std::size_t size, file->read(0, block.bytes()));
  BOOST_OUTCOME_TRY(read.hive.attributes, file->attributes());
  BOOST_OUTCOME_TRY(const Entry now, file->entry_now());
  read.changed_meanwhile = size != block.bytes().size() || !same_stamp(now, read.hive.entry);
  read.hive.bytes = std::move(block).share();
  return read;
}

// Success when the hive may pass as it is, or as its logs make it.
Result<void> judge(Workspace& work, Store& store, const ProfilePath& path, CheckedHive& hive) {
  const Verdict verdict = check_hive(hive.bytes.view());
  if (verdict.state == HiveState::clean) return success();
  BOOST_OUTCOME_TRY(const bool recovered, replay_logs(store, path, hive));
  if (!recovered) {
    return refused_hive(verdict, store.location_of(path), &store == &work.local ? cure_of_local : cure_of_kept);
  }
  return success();
}

bool is_refusal(const Error& error) { return error.code() == Errc::hive_dirty || error.code() == Errc::hive_corrupt; }

// Nobody holds it: one reading does, unless somebody comes and writes just then.
Result<CheckedHive> read_quiet(Workspace& work, Store& store, const ProfilePath& path) {
  for (int attempt = 0; attempt < changed_tries; ++attempt) {
    if (attempt > 0) {
      BOOST_OUTCOME_TRY(work.host.pause(snapshot_pause, work.options.stop));
    }
    BOOST_OUTCOME_TRY(HiveRead read, read_once(store, path));
    if (read.changed_meanwhile) continue;
    BOOST_OUTCOME_TRYV(judge(work, store, path, read.hive));  // reading again would change nothing
    return std::move(read.hive);
  }
  return still_written(store, path);
}

// Somebody holds it: two readings in a row that are the same, and clean.
Result<CheckedHive> read_at_rest(Workspace& work, Store& store, const ProfilePath& path) {
  std::optional<Digest> before;
  std::optional<Error> why;
  for (int attempt = 0; attempt < snapshot_tries; ++attempt) {
    if (attempt > 0) {
      BOOST_OUTCOME_TRY(work.host.pause(snapshot_pause, work.options.stop));
    }
    BOOST_OUTCOME_TRY(HiveRead read, read_once(store, path));
    std::optional<Digest> now;
    if (!read.changed_meanwhile) {
      const auto judged = judge(work, store, path, read.hive);
      if (!judged && !is_refusal(judged.error())) return judged.error();
      why = judged ? std::nullopt : std::optional(judged.error());
      if (judged) now = digest_of(read.hive.bytes.view());
    }
    if (now && before == now) return std::move(read.hive);
    before = now;
  }
  return why ? std::move(*why) : still_written(store, path);
}

}  // namespace

bool is_hive_log(const ProfilePath& path) {
  constexpr std::string_view start = "NTUSER.DAT.LOG";  // .LOG (NT), .LOG1 and .LOG2 (Vista and later)
  const std::string_view name = path.name();
  return path.parent().is_root() && name.size() >= start.size() &&
         compare_upcased(name.substr(0, start.size()), start) == 0;
}

Result<void> let_go_of_hive(Workspace& work, Direction direction) {
  BOOST_OUTCOME_TRY(const auto files, hive_files(work.local));
  work.report.unload = HiveUnload::not_loaded;
  if (files.empty()) return success();
  BOOST_OUTCOME_TRY(HolderReport left, work.host.holders(files));
  work.report.unload = HiveUnload::unloaded;
  const SessionOptions& options = work.options;
  remember(work.report.holders, left.holders);
  // What the caller has open it will not write to while it waits for this call.
  std::erase_if(left.holders, [](const Holder& holder) { return holder.is_caller; });
  if (left.holders.empty()) return success();

  if (options.process_terminate_timeout.count() != 0) {
    work.step("wait for the hive");
    work.notice(event_id::hive_held, Level::information, "waiting for the hive, held by " + describe(left.holders));
    BOOST_OUTCOME_TRY(left, work.host.wait_until_released(files, options.process_terminate_timeout, options.stop));
    remember(work.report.holders, left.holders);
  }
  if (left.holders.empty()) {
    work.report.unload = HiveUnload::waited;
    return success();
  }
  const bool is_logon = direction == Direction::logon;
  switch (options.at_timeout) {
    case AtTimeout::give_up:
      return in_use(work, left,
                    is_logon ? "end these programs and log on again, or choose release or force for the end of the wait"
                             : "end these programs and log off again, or choose snapshot, release or force for the end "
                               "of the wait");
    case AtTimeout::snapshot:
      if (is_logon) {
        return in_use(
            work, left,
            "end these programs and log on again, or choose release or force: a snapshot saves a held hive at "
            "logoff, but cannot replace it at logon");
      }
      work.report.unload = HiveUnload::snapshot;
      work.notice(event_id::hive_held, Level::information,
                  "the hive stays in use by " + describe(left.holders) + ": a copy of it is taken while it is at rest");
      return success();
    case AtTimeout::release_holders:
    case AtTimeout::force: {
      const bool force = options.at_timeout == AtTimeout::force;
      const std::string ended = describe(left.holders);
      BOOST_OUTCOME_TRY(left, end_holders(work, files, left, force ? EndProcess::kill : EndProcess::ask));
      if (!left.holders.empty()) {
        return in_use(work, left, force ? "end these programs by hand" : "end these programs by hand, or choose force");
      }
      work.report.unload = force ? HiveUnload::forced : HiveUnload::released;
      work.notice(event_id::hive_released, Level::warning, "the hive was in use; released by ending " + ended);
      return success();
    }
  }
  return success();
}

Result<CheckedHive> read_hive(Workspace& work, Store& store, const ProfilePath& path, bool snapshot) {
  auto hive = snapshot ? read_at_rest(work, store, path) : read_quiet(work, store, path);
  if (!hive) {
    if (snapshot) work.report.unload = HiveUnload::failed;
    return hive;
  }
  if (!hive.value().replayed.empty()) work.notice(event_id::none, Level::warning, hive.value().replayed);
  if (snapshot) {
    work.notice(event_id::saved_while_in_use, Level::warning,
                store.location_of(path) + " was saved while in use by " + describe(work.report.holders));
  }
  return hive;
}

Result<std::string> damage_of_hive(Store& store, const ProfilePath& path) {
  BOOST_OUTCOME_TRY(HiveRead read, read_once(store, path));
  if (read.changed_meanwhile) return std::string();
  const Verdict verdict = check_hive(read.hive.bytes.view());
  if (verdict.state != HiveState::corrupt) return std::string();
  BOOST_OUTCOME_TRY(const bool recovered, replay_logs(store, path, read.hive));
  if (recovered) return std::string();
  return refused_hive(verdict, store.location_of(path), {}).message();
}

std::optional<CheckedHive> read_hive_ahead(Store& store, const ProfilePath& path) {
  auto read = read_once(store, path);
  if (!read || read.value().changed_meanwhile) return std::nullopt;
  if (check_hive(read.value().hive.bytes.view()).state != HiveState::clean) return std::nullopt;
  return std::move(read).value().hive;
}

}  // namespace roamsync
