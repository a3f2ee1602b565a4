/// @file
/// Plan: from three trees and a set of rules to an ordered list of actions with reasons. Pure: no i/o, no clock, asks nobody.
///
/// A plan has a direction. At logon the local side is brought up to the server's; at logoff the server's side is brought up to the local
/// one. What the other side has new is left for its own turn, and the base remembers that it is still to come.
///
/// Three sets of rules:
/// - `base` (default): what both sides agreed on last decides who changed what; clocks only where there is no base.
/// - `nt4`: the hive's last-write time alone decides, the rest follows it; nothing is deleted [KB146192, Q185587, Q236073].
/// - `windows2000`: each file by its own time; the profile load time tells a file made elsewhere from one deleted here
///   [Windows 2000 merge algorithm, cc961679].
#pragma once

#include <roamsync/tree.hpp>

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync {

enum class Direction { logon, logoff };
enum class Rules { base, nt4, windows2000 };

/// What both sides looked like when they last agreed; each path in both trees, or in neither. A path that one side changed
/// and the other has not taken over yet stays as it was before the change.
struct Base {
  Tree local;
  Tree server;
  bool empty() const noexcept { return local.empty() && server.empty(); }
};

/// What each side knows of one name. Pointers into the trees given to make_plan; null where there is nothing.
struct Triple {
  const Entry* local = nullptr;
  const Entry* server = nullptr;
  const Entry* base_local = nullptr;
  const Entry* base_server = nullptr;
  const ProfilePath& path() const noexcept;
};

enum class Choice {
  keep_local,
  keep_server,
  keep_both,  ///< the other one is kept beside it under a name that tells where it came from; a hive is merged or settled by time
  merge,      ///< a hive: key by key; other files: as keep_both
  undecided,  ///< ask
};

/// Why a path is in conflict.
enum class ConflictKind {
  both_changed,
  changed_here_deleted_there,
  deleted_here_changed_there,
  kind_differs,       ///< a file on one side, a folder on the other
  same_time_differs,  ///< no base; equal times but different bytes (FIELD: never taken for equal)
  no_base,            ///< no base; both sides have the file and it differs
  local_newer,        ///< nt4: the local hive is newer than the server's (the prompt of KB Q196284)
};
std::string_view text_of(ConflictKind kind) noexcept;
std::string_view text_of(Choice choice) noexcept;

/// Answers for a path that changed on both sides. Pure: same triple, same answer. "Local" is this machine in both directions.
class Policy {
 public:
  virtual ~Policy() = default;
  virtual Choice choose(const Triple& conflict, ConflictKind kind) const = 0;
};
/// The later last-write time; a file before a deletion; equal times: the server's.
const Policy& newest_wins() noexcept;
const Policy& local_wins() noexcept;
const Policy& server_wins() noexcept;
const Policy& keeps_both() noexcept;
const Policy& merges() noexcept;
const Policy& asks() noexcept;

enum class Verb {
  upload,    ///< the local file goes to the server
  download,  ///< the server's file comes here
  make_server_directory,
  make_local_directory,
  delete_on_server,  ///< a file or an empty folder
  delete_locally,
  keep_both_on_server,  ///< logoff: the local file goes up under `other_path`
  keep_both_locally,    ///< logon: the local file is kept under `other_path`, the server's comes down
  merge_hive,           ///< both hives changed: the merged one goes to the side the plan is for
  conflict,             ///< open: the plan cannot be carried out before it is decided
};
/// The names `preview` prints: "upload", "download", "make_directory", "delete", "keep_both", "merge", "conflict".
std::string_view text_of(Verb verb) noexcept;

struct Action {
  Verb verb = Verb::upload;
  ProfilePath path;                       ///< as the target spells it, where the target has it or its folder
  std::optional<ProfilePath> other_path;  ///< keep_both: the name of the second copy
  const Entry* source = nullptr;  ///< what is copied; null for deletions. Points into the trees given to make_plan
  const Entry* target = nullptr;  ///< what lies at `path` on the target now; null when nothing does
  std::string reason;             ///< a sentence: "changed here since generation 7, the server's is as it was"
  bool loser_to_history = false;  ///< what is replaced or deleted lost a conflict and is kept in history
};

struct Conflict {
  ProfilePath path;
  ConflictKind kind = ConflictKind::both_changed;
  Choice choice = Choice::undecided;
  std::string reason;
};

/// A path that differs but is left alone, with the reason: new on the server (its turn is the next logon), older than what it
/// would overwrite (event 1007), excluded, unusable.
struct Kept {
  ProfilePath path;
  std::string reason;
};

struct Plan {
  Direction direction = Direction::logoff;
  /// In the order they are done: folders outermost first, files in PathOrder, deletions innermost first, the hive last.
  std::vector<Action> actions;
  std::vector<Conflict> conflicts;  ///< every conflict met, decided or not
  std::vector<Kept> kept;
  /// Files on the side the plan changes, before it; what the deletion guard counts against.
  std::size_t target_files = 0;

  bool empty() const noexcept { return actions.empty(); }
  bool undecided() const noexcept;
  std::size_t count(Verb verb) const noexcept;
  /// Files (not folders) that would be deleted.
  std::size_t deleted_files() const noexcept;
};

struct PlanInput {
  const Tree& local;
  const Tree& server;
  const Base& base;
  Direction direction = Direction::logoff;
  Rules rules = Rules::base;
  /// What lies there but is no part of the trees (links, unusable names): never overwritten, never taken for deleted, and a
  /// folder that holds one is not removed. Relative paths as the system spells them.
  std::span<const std::string> local_obstacles = {};
  std::span<const std::string> server_obstacles = {};
  /// Times closer than this are equal: the coarser of the two stores.
  std::chrono::nanoseconds time_resolution{100};
  /// windows2000: when this session's profile was loaded (T); at logon: when the last session ended.
  std::optional<FileTime> load_time = {};
  /// For reasons and keep-both names.
  std::uint64_t generation = 0;
  std::string machine = "this machine";
  FileTime now = {};
};

/// Decisions made before this plan (by a person); asked before the policy.
using Decisions = std::function<std::optional<Choice>(const Triple&, ConflictKind)>;

/// The trees and the base must outlive the plan.
Plan make_plan(const PlanInput& input, const Policy& policy, const Decisions& decisions = {});

/// Files for which the stamps do not settle whether both sides hold the same bytes: give their entries digests, then plan.
/// Only those where it matters: equal size, both changed or no base, no two digests yet.
std::vector<ProfilePath> files_to_compare(const PlanInput& input);

/// The base after `plan` has been carried out: `local_after` and `server_after` are the trees then. Paths that both sides agree on
/// are taken over, paths left for the other direction keep their old base, paths kept by a decision take the
/// refused side as their base so that the same conflict is not raised again.
Base next_base(const PlanInput& input, const Plan& plan, const Tree& local_after, const Tree& server_after);

struct DeletionGuard {
  unsigned percent_max = 50;        ///< of the files on the side that would lose them
  std::size_t always_allowed = 10;  ///< so many deletions are never suspicious
};
/// Errc::too_many_deletions when the plan would delete more than the guard allows: a source that is empty or unmounted must
/// not look like "everything was deleted".
Result<void> check_deletions(const Plan& plan, const DeletionGuard& guard);

/// The plan as text, one action a line, for people and golden files: `upload  Desktop/a.txt  (changed here)`.
std::ostream& operator<<(std::ostream& out, const Plan& plan);

}  // namespace roamsync
