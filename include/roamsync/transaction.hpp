/// @file
/// Transaction: publishes a set of files on one store all or nothing, and finishes or clears what a crash left.
///
/// The order [HOUSE promise; KB Q191834 for the hive]:
///   1. stage: the intent's temporary name is taken in the record folder; every new file is written beside its target under
///      a temporary name (a whole new folder as one temporary folder), what will be replaced or deleted is preserved in history,
///      the head and the intent are written under temporary names;
///   2. flush: all of it is durable, the files in one go and the records in another (with several lanes the first runs while
///      the records are written);
///   3. verify: what was staged is read back and its digest compared (with several lanes while the flush runs);
///   4. check: every target still is what the plan was made for (else Errc::target_changed, nothing happened); a generation of
///      lost files gets its name in the history;
///   5. intent: the record of what is to be renamed gets its name, durably: from here on the publish is decided;
///   6. rename all but the last (the hive), give folders that stay their new attributes, delete what is to go; flush the directories;
///   7. rename the hive, then the head record; flush their directories;
///   8. drop the intent. Nobody waits for that to be durable: an intent that comes back is found carried out.
/// A crash before 5 leaves the old files and temporaries. recover() clears them when it finds their trace in the record folder,
/// and sweep() those that a scan meets, should a power cut have lost the trace. From 5 on recover() goes on where it
/// stopped, as often as need be. A failure (not a crash) before 5 clears up behind itself.
///
/// Where a file takes the place of a folder or a folder that of a file, the old one is renamed aside in 6, before the new one
/// is renamed into place, and removed after. Should something be there by then that nobody planned for, it is kept beside
/// under a name that says so, and told: no publish deletes what it has not seen.
///
/// Transaction knows bytes, not formats: who wants a content checked does so before handing it over.
/// Threads: one publish or recover on a target at a time; the caller holds the store's lock. Lanes are used inside.
#pragma once

#include <roamsync/event.hpp>
#include <roamsync/page_digests.hpp>
#include <roamsync/shared_bytes.hpp>
#include <roamsync/store.hpp>

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace roamsync {

/// Where the records of a target lie: the head, the intent, the history. On a server `.roamsync` of the same store; for the
/// local profile a folder of the state store.
struct RecordFolder {
  Store& store;
  ProfilePath folder;
};
inline constexpr std::string_view intent_name = "intent";
inline constexpr std::string_view history_name = "history";
/// The head record of a generation, in its folder of the history.
inline constexpr std::string_view history_head_name = ".head";

struct FromStore {
  Store* store = nullptr;
  Entry entry = {};  ///< path and stamp in that store; when it changed meanwhile it is copied as it is then, and told
};
struct FromMemory {
  SharedBytes bytes;
  FileAttributes attributes = {};
};

struct PutFile {
  ProfilePath path;
  std::variant<FromStore, FromMemory> source;
  std::optional<Entry> replaces = {};  ///< what lies at `path` now (file or folder), as the plan saw it
  /// Of the file that is replaced, when known: then only changed pages are written onto a duplicate of it.
  std::shared_ptr<const PageDigests> pages_of_replaced = {};
  bool last = false;  ///< the hive: renamed after everything else
};

struct PutDirectory {
  ProfilePath path;
  std::uint32_t mode = 0;
  std::optional<Entry> replaces = {};  ///< a file that stands in the way
};

struct Removal {
  Entry
      expected;  ///< a file, or a folder that is empty once the other removals are done (kept, and told, if it is not)
};

struct ChangeSet {
  std::vector<PutDirectory> directories;  ///< outermost first
  std::vector<PutFile> files;
  std::vector<Removal> removals;  ///< innermost first
  /// Folders that stay, and are given what `fit_attributes` finds for them.
  std::vector<Entry> refits;

  bool empty() const noexcept { return directories.empty() && files.empty() && removals.empty() && refits.empty(); }
};

enum class Verify {
  full,     ///< every staged file is read back whole
  written,  ///< only the bytes that were written are read back: of a duplicated file its changed pages
  none,     ///< sizes only
};

struct HistoryOptions {
  /// The generation that is being replaced; its replaced and deleted files go to history/<generation>/. 0: keep no history.
  std::uint64_t generation = 0;
  std::size_t generations_max = 10;  ///< the oldest go first
  std::uint64_t bytes_max = 512ULL << 20;
};

/// Files that go to the history though the target never had them: versions that a conflict was decided against. They are there
/// before anything becomes visible that was published instead, whole, or not at all.
struct LostFiles {
  std::vector<FromStore> files = {};  ///< kept under the paths that they have in their store
  /// The head record of the generation they are kept as (not that of the one replaced), from what was read, with digests.
  std::function<std::vector<std::byte>(std::vector<Entry> read)> make_head = {};
};

struct TransferCount {
  std::uint64_t read = 0;      ///< bytes read from sources
  std::uint64_t written = 0;   ///< bytes written to the target (pages of a duplicate: only the changed ones)
  std::uint64_t verified = 0;  ///< bytes read back and compared
};

struct Published {
  std::vector<Entry> files;  ///< every file put, as the target lists it now, with its digest; PathOrder
  /// Stamps of the sources as they were read, in the order of `files`: what the base remembers of the other side.
  std::vector<Entry> sources;
  /// Page digests of the new files of `paged_size_min` and more.
  std::vector<std::pair<ProfilePath, std::shared_ptr<const PageDigests>>> pages;
  /// Access marks of the folders made or refitted, where `fit_attributes` told them.
  std::vector<std::pair<ProfilePath, std::uint64_t>> folder_marks;
  std::size_t removed_files = 0;
  std::vector<ProfilePath> kept_directories;  ///< folders not removed because something new is in them
  TransferCount bytes;
};

/// Fits what a file or folder (true) at this path is to carry besides its bytes to the target: given what its source has, a
/// folder nothing. The mark of the access list it has then (access_mark_unknown where nobody keeps track).
using FitAttributes = std::function<Result<std::uint64_t>(const ProfilePath&, bool is_folder, FileAttributes&)>;

struct PublishOptions {
  std::string transaction;  ///< a short unique name, letters and digits: part of the temporary names
  unsigned lanes = 2;       ///< 1: the same order of calls every time
  Verify verify = Verify::full;
  HistoryOptions history = {};
  /// With any, `history.generation` is a number that the history has not.
  LostFiles lost = {};
  /// The record published with the files, as its name in the record folder and its bytes, made once everything is staged
  /// (so it can hold the new ids and digests). Empty: none.
  std::string head_name = {};
  std::function<Result<std::vector<std::byte>>(const Published&)> make_head = {};
  FitAttributes fit_attributes =
      {};  ///< called on any lane, before a file is finished; folders come before what is in them
  /// Called when all is staged and verified, right before the publish is decided. An error takes everything back.
  std::function<Result<void>()> before_intent = {};
  /// Monotonic time, for progress.
  std::function<std::chrono::nanoseconds()> monotonic = {};
  EventSink on_event = {};
  std::stop_token stop =
      {};  ///< honoured between blocks until the intent is written; after that the publish is finished
};

/// Publishes. On failure before the intent the target is as it was. After a failure behind the intent the error says so
/// and the next recover() finishes the work.
Result<Published> publish(Store& target, RecordFolder records, const ChangeSet& changes, const PublishOptions& options);

struct Recovery {
  enum class Outcome {
    nothing_to_do,
    rolled_forward,  ///< an intent was found and carried out to its end
    cleared,         ///< an intent could not be trusted or carried out; what it had staged was removed
  };
  Outcome outcome = Outcome::nothing_to_do;
  /// Cleared by a damaged intent, which does not tell any more how far the publish had come: files of it may be in place.
  bool in_doubt = false;
  std::string transaction = {};
  std::size_t renamed = 0;
  std::size_t removed = 0;
  std::size_t swept = 0;  ///< temporaries removed
  std::vector<std::string>
      warnings;  ///< a damaged record, a missing staged file, what was kept: sentences for the report
};

/// Finishes or clears an interrupted publish. Idempotent; a crash inside it is recovered by calling it again. Cheap when
/// there is nothing to do: it lists the record folder, and does not make it.
/// What it clears it knows by the transactions whose records it finds under temporary names, and by the hive's own: any other
/// name that ends like a temporary one may be a user's file, and stays.
/// A damaged intent is told and everything staged is cleared. A sound one is carried out after everything staged has been
/// read and compared with its digest. When something is missing, damaged, or in the way (a stock workstation wrote there since)
/// and nothing was renamed yet, all is cleared; once something was, the rest is finished and what could not be is named; a
/// head whose records lie in another store than the target then stays the old one, for nobody would see what it has wrong.
/// Errc::record_too_new: a later version's intent is left alone.
Result<Recovery> recover(Store& target, RecordFolder records);

/// Removes temporaries that a scan met and that the caller knows to be left of a publish; what had been moved aside and has no
/// successor gets its name back. Only under the exclusive lock and after recover(). How many there were.
Result<std::size_t> sweep(Store& target, std::span<const ProfilePath> temporaries);

}  // namespace roamsync
