#include "session/server_side.hpp"

#include "base/upcase.hpp"
#include "session/nt_list.hpp"
#include "session/survey.hpp"

#include <algorithm>
#include <cstdio>

namespace roamsync {
namespace {

bool is_one_of(const std::error_code& code, std::initializer_list<std::errc> conditions) {
  for (const std::errc condition : conditions) {
    if (code == condition) return true;
  }
  return false;
}

bool ends_with_upcased(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && compare_upcased(text.substr(text.size() - end.size()), end) == 0;
}

}  // namespace

bool is_super_mandatory(std::string_view location) {
  while (!location.empty() && (location.back() == '/' || location.back() == '\\')) location.remove_suffix(1);
  // A version suffix: ".V2" to ".V6", and whatever comes after.
  const std::size_t dot = location.rfind('.');
  if (dot != location.npos && dot + 2 < location.size() && (location[dot + 1] == 'V' || location[dot + 1] == 'v') &&
      location.find_first_not_of("0123456789", dot + 2) == location.npos) {
    location = location.substr(0, dot);
  }
  return ends_with_upcased(location, ".man");
}

Result<std::unique_ptr<StoreLock>> lock_server(Store& server, LockMode mode, std::string_view holder,
                                               std::chrono::milliseconds patience,
                                               const std::function<Result<void>()>& before_first) {
  const ProfilePath path = server_records().child_unchecked(lock_name);
  auto lock = server.lock(path, mode, holder, patience);
  if (lock) return lock;
  const std::error_code code = lock.error().code();
  if (code == std::errc::no_such_file_or_directory) {
    if (mode == LockMode::shared) return std::unique_ptr<StoreLock>();  // nobody has ever published here
    if (before_first) {
      BOOST_OUTCOME_TRY(before_first());
    }
    if (auto made = server.make_directory(server_records(), 0700);
        !made && made.error().code() != std::errc::file_exists) {
      return std::move(made).error();
    }
    return server.lock(path, mode, holder, patience);
  }
  if (mode == LockMode::shared && is_one_of(code, {std::errc::permission_denied, std::errc::operation_not_permitted,
                                                   std::errc::read_only_file_system})) {
    return std::unique_ptr<StoreLock>();
  }
  return lock;
}

Result<Recovery> recover_and_tell(Workspace& work, Store& target, RecordFolder records, std::string_view side) {
  BOOST_OUTCOME_TRY(Recovery recovery, recover(target, records));
  for (const std::string& warning : recovery.warnings) work.notice(event_id::none, Level::warning, warning);
  if (recovery.outcome == Recovery::Outcome::rolled_forward) {
    work.notice(event_id::none, Level::warning,
                "an interrupted publish was finished on the " + std::string(side) + ": " +
                    std::to_string(recovery.renamed) + " files put in place, " + std::to_string(recovery.removed) +
                    " removed");
  } else if (recovery.outcome == Recovery::Outcome::cleared) {
    work.notice(event_id::none, Level::warning,
                "an interrupted publish was cleared away on the " + std::string(side) +
                    (recovery.in_doubt ? "" : "; the old profile is whole"));
  }
  return recovery;
}

Result<Recovery> recover_local(Workspace& work) {
  return recover_and_tell(work, work.local, {work.state, ProfilePath()}, "local profile");
}

bool is_first_use(const AbsentServer& absent) {
  return absent.why.code() == std::errc::no_such_file_or_directory && absent.create;
}

Error absent_error(const AbsentServer& absent) {
  const std::error_code code = absent.why.code();
  if (code == Errc::server_unavailable || code == Remedy::ask_an_administrator) return absent.why;
  return Error(Errc::server_unavailable, {.step = "open the server",
                                          .path = absent.location,
                                          .expected = "a profile folder, or a folder to make one in",
                                          .found = absent.why.message(),
                                          .cause = code});
}

Error away_if_out_of_reach(Error why, const std::string& location) {
  if (!is_out_of_reach(why.code())) return why;
  return Error(Errc::server_unavailable, {.cause = why.code()}).within(why.context()).within({.path = location});
}

bool is_away(const Error& why) { return why.code() == Errc::server_unavailable || why.code() == Errc::server_emptied; }

Result<std::unique_ptr<Store>> create_profile_folder(Workspace& work, const AbsentServer& absent) {
  BOOST_OUTCOME_TRY(auto made, absent.create());
  if (!absent.open_above) return made;
  BOOST_OUTCOME_TRY(const auto above, absent.open_above());
  BOOST_OUTCOME_TRY(const AccessFacts of_above, above->access_facts(ProfilePath()));
  BOOST_OUTCOME_TRY(const AccessFacts of_made, made->access_facts(ProfilePath()));
  const NtList list = nt_list_of(of_above);
  if (list.descriptor && !of_above.is_network_mount && !nt_list_of(of_made).descriptor) {
    work.notice(event_id::none, Level::warning,
                made->location() + " has no NT access list, although " + above->location() + " has one (" +
                    list.source +
                    "): to write it takes root, and the user's SID (--for SID). Until an administrator "
                    "sets one, Samba goes by the folder's owner and mode");
  }
  return made;
}

Result<bool> has_intent(Store& store, const ProfilePath& folder) {
  BOOST_OUTCOME_TRY(const auto entry, store.stat(folder.child_unchecked(intent_name)));
  return entry.has_value();
}

Result<bool> has_leftovers(Store& store, const ProfilePath& folder) {
  auto listing = store.list(folder);
  if (!listing && listing.error().code() == std::errc::no_such_file_or_directory) return false;
  BOOST_OUTCOME_TRY(const Listing records, std::move(listing));
  return std::any_of(records.entries.begin(), records.entries.end(), [](const Entry& entry) {
    return entry.path.name() == intent_name || entry.path.name().ends_with(temporary_suffix);
  });
}

Result<void> check_owner(Workspace& work, Store& server) {
  if (!work.options.check_owner) return success();
  BOOST_OUTCOME_TRY(const FolderOwner theirs, owner_of_folder(server, work.options.access.list_use));
  BOOST_OUTCOME_TRY(const ExpectedOwner ours, expected_owner(work.local, work.options.access));
  OwnerFinding finding = judge_owner(theirs, ours, server.location());
  if (finding.error) return std::move(*finding.error);
  if (!finding.note.empty()) work.notice(event_id::none, Level::information, finding.note);
  return success();
}

Result<Link> measure_link(Workspace& work, Store& server) {
  const SlowLink& limits = work.options.slow_link;
  Link link;
  if (limits.kilobits_per_second_min == 0 && limits.latency_max.count() == 0) return link;
  constexpr std::size_t probe_size = 64 * 1024;
  const auto begun = work.host.monotonic();
  BOOST_OUTCOME_TRY(std::optional<Entry> probe, server.stat(ProfilePath::literal("NTUSER.DAT")));
  link.latency = work.host.monotonic() - begun;
  if (!probe) {
    BOOST_OUTCOME_TRY(probe, server.stat(ProfilePath::literal("NTUSER.MAN")));
  }
  if (probe && probe->size >= probe_size && limits.kilobits_per_second_min != 0) {
    std::vector<std::byte> bytes(probe_size);
    const auto start = work.host.monotonic();
    BOOST_OUTCOME_TRY(const auto file, server.open(probe->path));
    BOOST_OUTCOME_TRY(const std::size_t size, file->read(0, bytes));
    const std::chrono::duration<double> took = work.host.monotonic() - start;
    if (took.count() > 0) link.kilobits_per_second = static_cast<double>(size) * 8 / 1000 / took.count();
  }
  const bool late = limits.latency_max.count() != 0 && link.latency > limits.latency_max;
  const bool thin =
      link.kilobits_per_second > 0 && link.kilobits_per_second < static_cast<double>(limits.kilobits_per_second_min);
  link.slow = late || thin;
  if (link.slow) {
    char text[200];
    std::snprintf(text, sizeof text, "slow link to the server: %.0f kb/s (at least %llu), %lld ms (at most %lld)",
                  link.kilobits_per_second, static_cast<unsigned long long>(limits.kilobits_per_second_min),
                  static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(link.latency).count()),
                  static_cast<long long>(limits.latency_max.count()));
    work.notice(event_id::slow_link, Level::warning, text);
  }
  return link;
}

}  // namespace roamsync
