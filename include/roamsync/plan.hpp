/// @file
/// Plan: from three trees and a set of rules to an ordered list of actions with reasons. Pure: no i/o, no clock, asks nobody.
///
/// A plan has a direction. At logon the local side is brought up to the server's; at logoff the server's side is brought up to the
/// local one. The side that is brought up is the target, the other one the source; only the target changes. What the target has
/// new is left for its own turn, and the base remembers that it is still to come.
///
/// Three sets of rules:
/// - `base` (default): what both sides agreed on last decides who changed what; clocks only where there is no base.
///
///       source      target      what happens
///       changed     as it was   copied; new folders made
///       deleted     as it was   deleted on the target; a folder only when nothing is left in it
///       as it was   changed     kept: its turn is the other direction
///       changed     changed     nothing when the bytes are the same (digests), else a conflict
///       changed     deleted     a conflict, and so is the reverse
///       no base     -           only on the source: copied; only on the target: kept, never deleted; on both: nothing when equal, else
///                               a conflict
///
///   Access lists, where both stores keep any (Entry::access_mark), are judged for themselves by the same table: a list changed on
///   the source alone is carried, with the file's bytes or, of a folder, by itself; one changed on the target alone stays; on both
///   sides it is a conflict (`access_differs`), which newest_wins, keeps_both and merges leave to the server.
///   "Changed" is another size, time or id than the base has, unless digests show the same bytes. Without two digests equal sizes and
///   times count as equal bytes; `files_to_compare` names those files before, so that it need not come to that.
/// - `nt4`: the hive's last-write time alone decides, the rest follows it; nothing is deleted [KB146192, Q185587, Q236073].
///   Source newer: every file that differs is copied. Equal, or target newer: nothing is copied, except that a local hive newer than
///   the server's at logon is put to the policy (`local_newer`). A side without a hive is no profile. A folder and a file of
///   one name: left alone, as NT 4 fails there [Q185198].
/// - `windows2000`: each file by its own time; the profile load time tells a file made elsewhere from one deleted on the source
///   [Windows 2000 merge algorithm, cc961679]. Source newer: copied. Target newer: kept (event 1007). Equal time with another size
///   or digest: a conflict. Only on the source: copied. Only on the target: deleted when not younger than the load time, else
///   kept; kept too when no load time is known, and, where there is a base, when the base has another version or none: what was
///   never on the source was not deleted there.
///
/// What holds for all three:
/// - Names are compared as Windows does; the target's own spelling stays, also where the source only changed the case.
/// - A side without a single file has not "deleted everything": what is missing there has no base. So an empty local profile (no
///   cached copy) gets all, and an emptied server deletes nothing.
/// - A hive (NTUSER.DAT, NTUSER.MAN) is deleted only where the source has the other one. It comes last, is never kept twice, and
///   never replaces nor is replaced by a folder.
/// - A folder where the other side has a file: when only the source's side of it changed, the target follows; when only the
///   target's, it is kept; else one conflict (`kind_differs`) decides for the name and all below it.
/// - An obstacle (a link, an unusable name) on the target hides what stands at or below it: nothing is planned onto it, and what
///   the source has there is in `kept`, marked `obstructed`. A folder that holds an obstacle is not removed. What is missing on
///   the source at or below one of the source's obstacles is not taken for deleted.
/// - What a filter excludes is in none of the trees and so is never touched, whatever the base says.
#pragma once

#include <roamsync/tree.hpp>

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>
#include <span>
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
  /// The source's is brought over beside the target's (logoff), or the local one kept beside the server's (logon), under a name that
  /// tells where it came from. Where one side has deleted the file, the file stays. A hive: as newest_wins. Where a folder meets
  /// a file the folder keeps the name: a file of the source comes beside it, a file of the target goes to history.
  keep_both,
  merge,      ///< a hive that both sides have: key by key; other files: as keep_both
  undecided,  ///< ask
};

/// Why a path is in conflict.
enum class ConflictKind {
  both_changed,  ///< since the base, or new on both sides since then
  changed_here_deleted_there,
  deleted_here_changed_there,
  kind_differs,       ///< a file on one side, a folder on the other
  same_time_differs,  ///< no base; equal times but different bytes: two clocks that agree prove nothing
  no_base,            ///< no base; both sides have the file and it differs
  local_newer,        ///< nt4: the local hive is newer than the server's (the prompt of KB Q196284)
  access_differs,     ///< the bytes are the same, but both sides changed the access list
};
std::string_view text_of(ConflictKind kind) noexcept;
std::string_view text_of(Choice choice) noexcept;

/// Answers for a path that changed on both sides. Pure: same triple, same answer. "Local" is this machine in both directions.
/// Stateless, and so safe to ask from several threads; the stock ones live as long as the program.
class Policy {
 public:
  virtual ~Policy() = default;
  virtual Choice choose(const Triple& conflict, ConflictKind kind) const = 0;
};
/// The later last-write time; a file before a deletion; a folder before a file; equal times, and access lists, which have none: the
/// server's.
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
  set_access_on_server,  ///< a folder that stays gets the access list of the local one
  set_access_locally,
  keep_both_on_server,  ///< logoff: the local file goes up under `other_path`
  keep_both_locally,    ///< logon: the local file is kept under `other_path`, the server's comes down
  merge_hive,           ///< both hives changed: the merged one goes to the side the plan is for
  conflict,             ///< open: the plan cannot be carried out before it is decided
};
/// The names `preview` prints: "upload", "download", "make_directory", "delete", "set_access", "keep_both", "merge", "conflict".
std::string_view text_of(Verb verb) noexcept;

struct Action {
  Verb verb = Verb::upload;
  ProfilePath path;                       ///< as the target spells it, where the target has it or its folder
  std::optional<ProfilePath> other_path;  ///< keep_both: the name of the second copy
  /// What is copied (its own path tells how the source spells it); null for deletions. Points into the trees given to make_plan.
  const Entry* source = nullptr;
  /// What lies at `path` on the target now; null when nothing does. A file where a folder comes, or a folder where a file comes,
  /// is replaced by this action; what is in such a folder has deletions of its own in this plan.
  const Entry* target = nullptr;
  /// A sentence: "changed here since generation 7, the server's is as it was". Neighbours for which it is the same share it.
  SharedText reason;
  bool loser_to_history = false;  ///< what is replaced or deleted lost a conflict and is kept in history
  /// The target's access list changed since the base and the source's did not: it stays when the bytes come.
  bool keeps_target_access = false;
};

struct Conflict {
  ProfilePath path;
  ConflictKind kind = ConflictKind::both_changed;
  Choice choice = Choice::undecided;  ///< what is done: keep_both of a hive, say, is here the side that was newer
  std::string reason;
  /// The file that was not chosen; null when that is a deletion, a folder, or when nothing is lost. Points into a tree of
  /// make_plan's input.
  const Entry* loser = nullptr;
  /// True: an action of this plan replaces or deletes the loser and carries `loser_to_history`. False: the loser stays on the source
  /// until the other direction's turn; who wants it in the history now has to put it there.
  bool loser_replaced = false;
};

/// A path that differs but is left alone, with the reason: new on the server (its turn is the next logon), older than what it
/// would overwrite (event 1007), excluded, unusable.
/// Folders are not listed, unless they are obstructed.
struct Kept {
  ProfilePath path;
  std::string reason;
  bool obstructed = false;  ///< it should have been carried over and something on the target stands in the way
  bool is_older = false;    ///< Rules::windows2000: older than the file it would overwrite (event 1007)
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
  /// The one the base is of, for reasons; 0: none.
  std::uint64_t generation = 0;
  /// For keep-both names.
  std::string machine = "this machine";
  FileTime now = {};
};

/// Decisions made before this plan (by a person); asked before the policy.
using Decisions = std::function<std::optional<Choice>(const Triple&, ConflictKind)>;

/// The trees and the base must outlive the plan.
Plan make_plan(const PlanInput& input, const Policy& policy, const Decisions& decisions = {});

/// Files for which the stamps do not settle whether both sides hold the same bytes: give their entries digests, then plan.
/// Only those where it matters: equal size, both changed or no base, no two digests yet (an entry that is as the base has it counts as
/// having the base's digest). `nt4`: the hives, when their times are equal; `windows2000`: files of equal time.
std::vector<ProfilePath> files_to_compare(const PlanInput& input);

/// The base after `plan` has been carried out: `local_after` and `server_after` are the trees then. Paths that both sides agree on
/// are taken over, with a digest where either side knows it; paths left for the other direction keep their old base; paths
/// where a decision kept the target's version take the refused one as their base, so that the same conflict is not raised again and
/// the other direction carries the chosen one over. There the side that does not hold the base's version has an entry with the
/// time `FileTime{-1}`, which no real file has, and so counts as changed.
Base next_base(const PlanInput& input, const Plan& plan, const Tree& local_after, const Tree& server_after);

struct DeletionGuard {
  unsigned percent_max = 50;        ///< of the files on the side that would lose them
  std::size_t always_allowed = 10;  ///< so many deletions are never suspicious
  bool allows(std::size_t deleted, std::size_t files) const noexcept {
    return deleted <= always_allowed || deleted * 100 <= files * percent_max;
  }
};
/// Errc::too_many_deletions when the plan would delete more than the guard allows: a source that is empty or unmounted must
/// not look like "everything was deleted".
Result<void> check_deletions(const Plan& plan, const DeletionGuard& guard);

/// The plan as text, one action, conflict or kept path a line, for people and golden files:
/// `upload  Desktop/a.txt  (changed here)`.
std::ostream& operator<<(std::ostream& out, const Plan& plan);

}  // namespace roamsync
