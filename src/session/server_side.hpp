/// @file
/// The server's side of a session: the lock, recovery, the owner, the link.
#pragma once

#include "session/workspace.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace roamsync {

/// True when a profile folder of that name is super-mandatory: `name.man`, with or without a version suffix such as `.V6`
/// (KB Q174491, Q185587).
bool is_super_mandatory(std::string_view location);

/// The lock of the server's profile; null where its record folder cannot be made because the share is read-only and
/// `mode` is shared. Makes the record folder when it is missing and `mode` is exclusive, unless `before_first`, which is asked
/// before that, fails.
Result<std::unique_ptr<StoreLock>> lock_server(Store& server, LockMode mode, std::string_view holder,
                                               std::chrono::milliseconds patience,
                                               const std::function<Result<void>()>& before_first = {});

/// Finishes or clears what a crash left there, and tells it. Needs the exclusive lock.
Result<Recovery> recover_and_tell(Workspace& work, Store& target, RecordFolder records, std::string_view side);
/// The same for the local profile, whose records stand in the state folder.
Result<Recovery> recover_local(Workspace& work);

/// Why an absent server is no server: Errc::server_unavailable with the system's code as its cause; a refusal (no permission)
/// stays what it is.
Error absent_error(const AbsentServer& absent);
/// The same for an error that was met later on, when its code says that the server is out of reach; others stay as they are.
Error away_if_out_of_reach(Error why, const std::string& location);
/// True for the errors that say: the server's profile is not to be had now, and nothing is wrong with either copy.
bool is_away(const Error& why);
/// The server folder is merely still to be made.
bool is_first_use(const AbsentServer& absent);

/// Calls `create`; tells when the folder above keeps NT lists and the new one has none.
Result<std::unique_ptr<Store>> create_profile_folder(Workspace& work, const AbsentServer& absent);

/// True when an interrupted publish lies there.
Result<bool> has_intent(Store& store, const ProfilePath& folder);

/// True when something lies there that recover() would finish or clear: an intent, or records under temporary names.
Result<bool> has_leftovers(Store& store, const ProfilePath& folder);

/// Errc::wrong_owner (event 1526) unless the server folder belongs to the owner of the local profile or to the Administrators.
/// Where that cannot be told a notice says so.
Result<void> check_owner(Workspace& work, Store& server);

struct Link {
  std::chrono::nanoseconds latency{0};
  double kilobits_per_second = 0;  ///< 0: not measured, for there was nothing to read
  bool slow = false;
};
/// One question and 64 KiB of the hive, as Windows measures.
Result<Link> measure_link(Workspace& work, Store& server);

}  // namespace roamsync
