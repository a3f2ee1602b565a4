/// @file
/// Session: log a profile on and off. What an agent calls.
///
/// A session ties together three stores: the local profile, the server's, and a state folder private to this machine's copy
/// of this profile. log_on brings the server's profile down, log_off publishes what changed; both first recover what an
/// earlier crash left, on either side. Nothing is loaded over a good copy before it has been verified; nothing is uploaded in
/// a session whose download failed (KB Q172647), until a download has succeeded again.
///
/// The server's profile is known by its lineage, not by its place: another profile than the one this machine last agreed with
/// is refused (Errc::other_profile), one that went back in time (a backup) is compared by content, so that neither side's
/// files are taken for deleted, and a folder with nothing of the profile in it is a server that is away
/// (Errc::server_emptied).
/// A logoff that has nothing to publish writes nothing on the server; in the state folder it notes how it ended.
/// Not guaranteed: bytes that change under the same size, time and file id are not seen, not even a hive's. Whoever sets a
/// file's time back hides the change; a hive that is unloaded gets a new time.
///
/// Threads: one call at a time on a Session; callbacks come on the calling thread, except, while lanes copy, progress and
/// notices of that (see event.hpp). Another process, or another machine, working on the same server folder is kept out by the
/// store's lock.
/// Errors: a session that could not do its work returns an Error only when nothing was decided (usage, i/o). What Windows
/// would report as an outcome (local copy used, refused, temporary) is a Report with that outcome, the Error that led to it in
/// `Report::cause`, and the events an administrator knows.
#pragma once

#include <roamsync/event.hpp>
#include <roamsync/filter.hpp>
#include <roamsync/host.hpp>
#include <roamsync/plan.hpp>
#include <roamsync/preflight.hpp>
#include <roamsync/profile_owner.hpp>
#include <roamsync/store.hpp>
#include <roamsync/transaction.hpp>

#include <chrono>
#include <functional>
#include <iosfwd>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace roamsync {

/// A server profile that could not be opened: the session then takes Windows' way (first use, cached copy, temporary
/// profile, refusal).
struct AbsentServer {
  std::string location;  ///< as the administrator typed it
  Error why;
  /// Makes the profile folder and opens it; null where that cannot work because the server or the folder above is away.
  /// Called once, at the first logoff of a new profile, when everything else has been checked.
  std::function<Result<std::unique_ptr<Store>>()> create = {};
  /// Opens the folder it is made in, whose rights and room are judged before; null where nothing is known of it.
  std::function<Result<std::unique_ptr<Store>>()> open_above = {};
};

struct Endpoints {
  Store& local;
  std::variant<Store*, AbsentServer> server;
  Store& state;
};

/// When the budget of `process_terminate_timeout` is used up and somebody still holds the hive.
enum class AtTimeout {
  give_up,          ///< nothing is uploaded, nothing is harmed; try again later
  snapshot,         ///< save a consistent copy of the hive as it is (as XP did, event 1517); at logon as give_up
  release_holders,  ///< ask the processes to end (SIGTERM), wait a little, then go on
  force,            ///< end them (SIGKILL)
};

enum class OnSlowLink { local, wait };

struct SlowLink {
  std::uint64_t kilobits_per_second_min = 500;  ///< UserProfileMinTransferRate; 0: not tested
  std::chrono::milliseconds latency_max{120};   ///< SlowLinkTimeOut; 0: not tested
  OnSlowLink then = OnSlowLink::local;          ///< what a slow link means where a cached copy exists
};

/// The infinite wait of ProcessTerminateTimeout = -1.
inline constexpr std::chrono::milliseconds wait_for_ever = std::chrono::milliseconds::max();

struct SessionOptions {
  Rules rules = Rules::base;
  const Policy* policy = nullptr;  ///< null: newest_wins()
  Filter filter = {};
  std::uint64_t profile_size_max = 0;  ///< bytes; 0: no limit (MaxProfileSize)
  bool read_only = false;              ///< ReadOnlyProfile: download yes, upload no; logon makes it stick
  bool delete_cache = false;  ///< DeleteRoamingCache: after a confirmed publish, and what is nowhere else stays
  bool check_owner = true;    ///< off: CompatibleRUPSecurity
  /// What a logoff needs on the server, and what is known of the share. It is the first thing a logoff asks; where a right is
  /// missing it refuses before it writes (see preflight.hpp).
  AccessInquiry access = {};
  Verify verify = Verify::full;
  unsigned lanes = 2;
  std::chrono::milliseconds process_terminate_timeout{
      10'000};  ///< as NT's value of that name (KB Q234606); 0: look once
  AtTimeout at_timeout = AtTimeout::give_up;
  std::chrono::milliseconds lock_patience{30'000};  ///< how long another publish of the same profile is waited for
  SlowLink slow_link = {};
  DeletionGuard deletion_guard = {};
  HistoryOptions history = {};  ///< `generation` is filled in by the session
  /// Asked for each conflict the policy left open, before anything is copied and with no lock held. Missing or undecided: the
  /// session ends with Errc::decision_needed and nothing is changed.
  std::function<Choice(const Triple&, ConflictKind)> decide = {};
  EventSink on_event = {};
  std::stop_token stop = {};
};

enum class Outcome {
  synced,
  nothing_to_do,
  used_local,  ///< the server is away or slow: the cached copy is used; nothing was uploaded
  refused,     ///< nothing was done, for the reason in `cause`
  temporary,   ///< no server, no cached copy: whatever the user does in this session is not kept
};
std::string_view text_of(Outcome outcome) noexcept;

enum class HiveChoice { none, local, server, equal, merged };
enum class HiveUnload { not_loaded, unloaded, waited, released, snapshot, forced, failed };
std::string_view text_of(HiveChoice choice) noexcept;
std::string_view text_of(HiveUnload unload) noexcept;

struct Report {
  Outcome outcome = Outcome::nothing_to_do;
  std::uint64_t generation = 0;  ///< of the server's profile, after this call; 0 when it has none yet or is unknown
  std::size_t uploaded = 0;      ///< numbers of files
  std::size_t downloaded = 0;
  std::size_t deleted = 0;
  std::size_t kept = 0;  ///< differing paths left alone on purpose
  std::vector<Conflict> conflicts;
  TransferCount bytes;
  HiveChoice hive = HiveChoice::none;
  HiveUnload unload = HiveUnload::not_loaded;
  std::vector<Holder> holders;  ///< all that were met, also those that let go in time
  std::vector<Notice> notices;
  std::vector<Unusable> unusable;           ///< what could not roam, of both sides
  std::vector<std::string> missing_rights;  ///< by name, such as WRITE_DAC, where that is the cause
  std::optional<Error> cause;               ///< why the outcome is not synced or nothing_to_do
  std::chrono::duration<double> seconds{0};
};
std::ostream& operator<<(std::ostream& out, const Report& report);

/// Where the call would come to nothing (read-only, mandatory, a session that may not upload, over the size limit) the plan
/// is empty, and notices or `cause` say why; the plan that the deletion guard refuses is shown with its cause.
struct Preview {
  Outcome outcome = Outcome::nothing_to_do;  ///< synced, nothing_to_do or refused, as far as looking tells
  std::optional<Error> cause;                ///< why it would be refused
  std::vector<std::string> missing_rights;   ///< by name, where that is the cause
  Plan plan;
  std::uint64_t generation = 0;
  std::vector<Unusable> unusable;
  std::vector<Notice> notices;
};

struct Status {
  std::uint64_t server_generation = 0;  ///< 0: none
  std::uint64_t base_generation = 0;    ///< the one this machine last agreed with; 0: none
  std::string last_writer;              ///< machine of the server's generation
  FileTime last_written = {};
  std::vector<ProfilePath> changed_here;  ///< since the base, as far as stamps tell
  std::vector<ProfilePath> changed_on_server;
  bool upload_forbidden = false;
  std::string upload_forbidden_because;
  bool read_only = false;      ///< logon was told to bring down and never up
  bool mandatory = false;      ///< logon found a mandatory profile
  std::string last_outcome;    ///< of the last logon or logoff of this machine, as text_of(Outcome)
  std::string last_operation;  ///< "logon", "logoff"
  FileTime last_time = {};
  bool publish_interrupted = false;  ///< an intent lies on the server: the next logon, logoff or recover finishes it
  std::vector<Notice> notices;       ///< such as a damaged record, and what of it follows
};

class Session {
 public:
  /// The stores and the host must outlive the session.
  Session(Host& host, Endpoints endpoints);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Result<Report> log_on(const SessionOptions& options);
  Result<Report> log_off(const SessionOptions& options);
  /// What log_on or log_off would do. Writes nothing anywhere and takes no lock. The plan's pointers live as long as the
  /// session and until its next call.
  Result<Preview> preview(Direction direction, const SessionOptions& options);
  Result<Status> status(const SessionOptions& options);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Finishes or clears an interrupted publish on a server and sweeps what is left of it, under its lock.
Result<Recovery> recover_server(Host& host, Store& server, std::chrono::milliseconds lock_patience);

/// One kept generation.
struct HistoryGeneration {
  std::uint64_t generation = 0;
  FileTime written = {};  ///< when that generation was published; 0 where its record is gone
  std::string machine;    ///< by whom
  std::vector<Entry>
      files;  ///< what is kept of it: what the next generation replaced or deleted, and losers of conflicts
};
/// Newest first.
Result<std::vector<HistoryGeneration>> list_history(Store& server);

/// Publishes generation `generation` again, as a new one: the whole profile as it was then, or only `path` (a file or a
/// folder). What lies on the server and no publish has ever seen (a filter kept it out, somebody put it there) stays as it
/// is. Files that the history no longer holds are named in an Errc::not_supported error and nothing is changed. Nor is anything
/// where the whole of a generation without a hive would take the profile's away (Errc::hive_missing).
Result<Report> restore_generation(Host& host, Store& server, std::uint64_t generation,
                                  const std::optional<ProfilePath>& path, const SessionOptions& options);

}  // namespace roamsync
