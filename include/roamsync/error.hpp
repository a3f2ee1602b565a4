/// @file
/// Errors: a precise code, an answer to "what can I do about it?", and the place where it happened.
///
/// Every fallible call of this library returns `Result<T>`. An `Error` is a `std::error_code` (ours or the system's own,
/// kept as it came) and, on failure only, a context for whoever reads the log: the step, the path, what was expected and
/// what was found. Exceptions mean a bug or exhausted memory, never a bad profile.
///
/// Threads: `Error` is an immutable value; copies may be read from any thread.
#pragma once

#include <boost/outcome/std_result.hpp>
#include <boost/outcome/try.hpp>

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace roamsync {

/// What went wrong, in the words of profile sync. Zero never means an error.
enum class Errc {
  hive_in_use = 1,        ///< processes hold the local hive open and the budget to wait for them is used up
  hive_dirty,             ///< the hive was not closed; its transaction logs are needed first
  hive_corrupt,           ///< the hive breaks a rule of its format
  hive_missing,           ///< the profile on the server has lost its hive
  copy_mismatch,          ///< what was read back is not what was written
  source_changed,         ///< a file changed while it was copied, every time it was tried
  target_changed,         ///< a file on the target is not the one the plan was made for
  generation_moved,       ///< another machine published since the plan was made
  publish_running,        ///< another process holds the lock of this profile
  decision_needed,        ///< a conflict is open and nobody is there to settle it
  too_many_deletions,     ///< the plan would delete more than the guard allows
  server_unavailable,     ///< the server, the share or the folder above the profile cannot be reached
  server_emptied,         ///< a server folder that held a profile holds nothing of it: unmounted, or wiped
  other_profile,          ///< the server folder holds another profile than the one this machine last agreed with
  upload_forbidden,       ///< this session may not upload (failed download, read-only, mandatory)
  mandatory_unavailable,  ///< super-mandatory profile, and its server copy cannot be had: no logon
  wrong_owner,            ///< the server folder belongs to neither the user nor the Administrators
  right_missing,          ///< an access right is missing; the context names it and the cure
  share_lacks_write_dac,  ///< the share's ACL does not grant WRITE_DAC (KB Q255113)
  over_quota,             ///< the profile is larger than its size limit
  no_space,               ///< the store has too little room left
  unsafe_path,            ///< a path leads through a symbolic link or out of the profile
  bad_name,               ///< a name that Windows cannot have
  bad_descriptor,         ///< a security descriptor, or its text, breaks a rule of its form
  record_damaged,         ///< one of roamsync's own records does not match its checksum or its form
  record_too_new,         ///< a record was written by a later version
  not_supported,          ///< this store or system cannot do that
  cancelled,              ///< the caller asked to stop
  timed_out,              ///< a budget of time ran out
};

/// What the caller can do about it. Any code, ours or the system's, compares to it:
/// `if (error.code() == Remedy::retry_later) …`
enum class Remedy {
  retry_later = 1,       ///< the obstacle goes away by itself: a holder, a lock, a lost line
  choose_a_copy,         ///< a person has to say which copy counts
  ask_an_administrator,  ///< rights, owners, quotas, names: somebody has to change something
  restore_a_copy,        ///< data is damaged: take an earlier generation
  free_space,            ///< make room or raise the quota
};

const std::error_category& sync_category() noexcept;
const std::error_category& remedy_category() noexcept;
std::error_code make_error_code(Errc code) noexcept;
std::error_condition make_error_condition(Remedy remedy) noexcept;

/// The short name of a code as scripts see it, such as `hive_dirty`, or `ENOSPC` for a system code.
std::string code_name(const std::error_code& code);
/// The remedy that fits a code, as `retry_later`; empty when none does.
std::string_view remedy_name(const std::error_code& code);

/// True for the system's codes that say: the machine at the other end, or the way to it, is gone (a line that broke, a mount
/// whose server does not answer or has forgotten it).
bool is_out_of_reach(const std::error_code& code) noexcept;
/// The system's code for a quota that is used up (EDQUOT), where it has one.
std::error_code quota_exceeded_code() noexcept;
bool is_quota_exceeded(const std::error_code& code) noexcept;

/// Where it went wrong, for the log reader; nobody parses it.
struct ErrorContext {
  std::string step = {};       ///< "scan", "stage", "verify", "publish", "recover", …
  std::string path = {};       ///< the file or folder, as an administrator would type it
  std::string expected = {};   ///< what should have been there
  std::string found = {};      ///< what was there
  std::string cure = {};       ///< what to change, when that is known
  std::error_code cause = {};  ///< the system's own code when `code()` is one of ours
};

class [[nodiscard]] Error {
 public:
  Error(Errc code) : code_(make_error_code(code)) {}
  Error(std::error_code code) : code_(code) {}
  Error(Errc code, ErrorContext context);
  Error(std::error_code code, ErrorContext context);

  const std::error_code& code() const noexcept { return code_; }
  /// Never null; an empty context when none was given.
  const ErrorContext& context() const noexcept;
  /// One line, fit for a log: step, path, what, expected, found, cure.
  std::string message() const;
  /// The same error with the blanks of its context filled in; what is already there stays.
  Error within(ErrorContext outer) const;

 private:
  std::error_code code_;
  std::shared_ptr<const ErrorContext> context_;
};

/// Found by argument-dependent lookup: Outcome then treats `Error` as an error code that carries a payload.
inline std::error_code make_error_code(const Error& error) { return error.code(); }
[[noreturn]] void outcome_throw_as_system_error_with_payload(Error error);
std::ostream& operator<<(std::ostream& out, const Error& error);

template <class T>
using Result = BOOST_OUTCOME_V2_NAMESPACE::std_result<T, Error>;

inline auto success() { return BOOST_OUTCOME_V2_NAMESPACE::success(); }

}  // namespace roamsync

template <>
struct std::is_error_code_enum<roamsync::Errc> : std::true_type {};
template <>
struct std::is_error_condition_enum<roamsync::Remedy> : std::true_type {};
