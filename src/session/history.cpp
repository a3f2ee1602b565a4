#include <roamsync/session.hpp>

#include "copy/copy.hpp"
#include "session/carry_out.hpp"
#include "session/hive_gate.hpp"
#include "session/leftovers.hpp"
#include "session/numbering.hpp"
#include "session/room.hpp"
#include "session/server_side.hpp"
#include "transaction/history.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace roamsync {
namespace {

// The files kept of one generation; their paths are those in the profile.
Result<void> list_kept_files(Store& server, const ProfilePath& root, const ProfilePath& below,
                             std::vector<Entry>& files) {
  BOOST_OUTCOME_TRY(const Listing listing, server.list(root.join(below)));
  for (const Entry& entry : listing.entries) {
    if (entry.path.name().ends_with(temporary_suffix)) continue;  // of a publish that did not get far
    const ProfilePath path = below.child_unchecked(entry.path.name());
    if (entry.is_directory()) {
      BOOST_OUTCOME_TRY(list_kept_files(server, root, path, files));
    } else if (path.text() != history_head_name) {
      files.push_back(entry);
      files.back().path = path_in_profile(path);
    }
  }
  return success();
}

// Nothing for a damaged one: its files are still there, by name.
Result<std::optional<HeadRecord>> load_history_head(Store& server, std::uint64_t generation, bool with_tree) {
  const ProfilePath path = history_folder(generation).child_unchecked(history_head_name);
  BOOST_OUTCOME_TRY(const auto bytes, read_record_file(server, path));
  if (!bytes) return std::optional<HeadRecord>();
  auto head = read_head(*bytes, server.location_of(path), with_tree);
  if (!head) return std::optional<HeadRecord>();
  return std::optional(std::move(head).value());
}

// Finds a file of an old generation: in the history of that generation or a later one, or still in place.
class Finder {
 public:
  Finder(Workspace& work, Store& server, const Tree& current, std::span<const HistoryGeneration> history,
         std::uint64_t generation)
      : work_(work), server_(server), current_(current) {
    for (auto kept = history.rbegin(); kept != history.rend(); ++kept) {  // oldest first
      if (kept->generation < generation) continue;
      for (const Entry& file : kept->files) {
        Entry place = file;
        place.path = history_folder(kept->generation).join(path_in_history(file.path));
        kept_[file.path].push_back(std::move(place));
      }
    }
  }

  /// Where its bytes are; nothing when they are nowhere any more.
  Result<std::optional<Entry>> find(const Entry& wanted) {
    if (const auto kept = kept_.find(wanted.path); kept != kept_.end()) {
      for (const Entry& place : kept->second) {
        BOOST_OUTCOME_TRY(const bool same, holds(place, wanted));
        if (same) return std::optional(place);
      }
    }
    if (const Entry* now = current_.find(wanted.path); now != nullptr && now->is_file()) {
      BOOST_OUTCOME_TRY(const bool same, holds(*now, wanted));
      if (same) return std::optional(*now);
    }
    return std::optional<Entry>();
  }

 private:
  Result<bool> holds(const Entry& place, const Entry& wanted) {
    if (place.size != wanted.size) return false;
    if (!wanted.digest) return same_time(place.modified, wanted.modified, server_.traits().time_resolution);
    if (place.digest) return *place.digest == *wanted.digest;
    BOOST_OUTCOME_TRY(const auto file, server_.open(place.path));
    BOOST_OUTCOME_TRY(const Digest digest, digest_file(*file, buffer_, {}, work_.options.stop));
    return digest == *wanted.digest;
  }

  Workspace& work_;
  Store& server_;
  const Tree& current_;  // with the digests that the head knows: a whole profile is not read for a few files
  std::map<ProfilePath, std::vector<Entry>, PathOrder> kept_;  // by the path in the profile, oldest first
  CopyBuffer buffer_;
};

Error not_kept(Store& server, std::uint64_t generation, const std::vector<HistoryGeneration>& history,
               std::string found) {
  std::string kept;
  for (const HistoryGeneration& one : history) kept += (kept.empty() ? "" : ", ") + std::to_string(one.generation);
  return Error(Errc::not_supported, {.step = "restore",
                                     .path = server.location(),
                                     .expected = "generation " + std::to_string(generation) +
                                                 " in the history (kept: " + (kept.empty() ? "none" : kept) + ")",
                                     .found = std::move(found)});
}

class Restorer {
 public:
  Restorer(Workspace& work, Store& server, std::uint64_t generation, const std::optional<ProfilePath>& path)
      : work_(work), server_(server), generation_(generation), path_(path) {}

  Result<Report> run() {
    BOOST_OUTCOME_TRY(const auto lock,
                      lock_server(server_, LockMode::exclusive, work_.holder_text(), work_.options.lock_patience));
    BOOST_OUTCOME_TRY(recover_and_tell(work_, server_, {server_, server_records()}, "server"));
    BOOST_OUTCOME_TRY(const auto head, load_head(work_, server_, {}));
    const Filter everything;
    BOOST_OUTCOME_TRY(ScanResult now, scan(server_, {.filter = &everything, .stop = work_.options.stop}));
    if (head) take_over_known(now.tree, head->tree);
    BOOST_OUTCOME_TRY(const auto history, list_history(server_));
    BOOST_OUTCOME_TRY(const Tree wanted, wanted_tree(history, head));
    const GenerationId current = head ? head->id : GenerationId();
    const Lineage lineage = head ? head->lineage : Lineage();
    work_.report.generation = current.generation;
    const Tree published_now = head ? published_part(now.tree, head->tree) : Tree();
    BOOST_OUTCOME_TRY(ChangeSet changes, changes_to(wanted, now.tree, published_now, history));
    if (changes.empty()) return work_.end(Outcome::nothing_to_do);
    BOOST_OUTCOME_TRY(check_space(server_, room_needed(changes)));

    BOOST_OUTCOME_TRY(const Numbers numbers, numbers_of(server_, head, {}, now.tree.file_count() > 0));
    const GenerationId id{numbers.next, work_.new_transaction()};
    HistoryOptions keep = work_.options.history;
    keep.generation = numbers.current;
    work_.step("publish");
    BOOST_OUTCOME_TRY(
        const Published published,
        publish(server_, {server_, server_records()}, changes,
                {.transaction = id.transaction,
                 .lanes = work_.options.lanes,
                 .verify = work_.options.verify,
                 .history = keep,
                 .head_name = std::string(head_name),
                 .make_head = [&](const Published& files) -> Result<std::vector<std::byte>> {
                   return write_head(work_.new_head(id, lineage_after(current, lineage, work_.new_transaction()),
                                                    target_after(published_now, changes, files)));
                 },
                 .monotonic = [this] { return work_.host.monotonic(); },
                 .on_event = [this](const Event& event) { work_.tell(event); },
                 .stop = work_.options.stop}));
    work_.report.generation = id.generation;
    work_.report.uploaded = published.files.size();
    work_.report.deleted = published.removed_files;
    work_.report.bytes = published.bytes;
    return work_.end(Outcome::synced);
  }

 private:
  bool is_asked_for(const ProfilePath& path) const { return !path_ || path_->contains(path); }

  // The profile as it was: from the head record of that generation, or, where that is gone, the kept files themselves.
  Result<Tree> wanted_tree(const std::vector<HistoryGeneration>& history, const std::optional<HeadRecord>& head) {
    if (head && head->id.generation == generation_) return head->tree;
    const auto kept = std::find_if(history.begin(), history.end(),
                                   [this](const HistoryGeneration& one) { return one.generation == generation_; });
    if (kept == history.end()) return not_kept(server_, generation_, history, "no such generation");
    BOOST_OUTCOME_TRY(auto record, load_history_head(server_, generation_, true));
    if (record) return std::move(record->tree);
    whole_ = false;
    return Tree(kept->files);
  }

  // Of what lies there now, what the last publish knew. The rest somebody put there, or a filter kept it out of the profile:
  // no generation has it, and none takes it away.
  static Tree published_part(const Tree& now, const Tree& published) {
    std::vector<Entry> entries;
    for (const Entry& entry : now.entries()) {
      if (published.find(entry.path) != nullptr) entries.push_back(entry);
    }
    return Tree(std::move(entries));
  }

  Result<ChangeSet> changes_to(const Tree& wanted, const Tree& now, const Tree& published_now,
                               const std::vector<HistoryGeneration>& history) {
    ChangeSet changes;
    Finder finder(work_, server_, now, history, generation_);
    bool found_any = false;
    for (const Entry& entry : wanted.entries()) {
      if (!is_asked_for(entry.path)) continue;
      found_any = true;
      const Entry* there = now.find(entry.path);
      const auto replaces = there != nullptr ? std::optional(*there) : std::nullopt;
      if (entry.is_directory()) {
        if (there == nullptr || there->is_file()) {
          changes.directories.push_back({.path = entry.path, .mode = entry.mode, .replaces = replaces});
        }
        continue;
      }
      BOOST_OUTCOME_TRY(const auto place, finder.find(entry));
      if (!place) {
        return not_kept(server_, generation_, history,
                        std::string(entry.path.text()) + " of that generation is not kept any more");
      }
      if (there != nullptr && place->path == there->path) continue;
      PutFile put{.path = there != nullptr ? there->path : entry.path,
                  .source = FromStore{&server_, *place},
                  .replaces = replaces};
      if (is_hive(entry.path)) {
        BOOST_OUTCOME_TRY(const CheckedHive hive, read_hive(work_, server_, place->path, false));
        put.source = FromMemory{hive.bytes, hive.attributes};
        put.last = true;
      }
      changes.files.push_back(std::move(put));
    }
    if (path_ && !found_any)
      return not_kept(server_, generation_, history, "no " + std::string(path_->text()) + " in it");
    if (whole_ && !path_) {
      remove_the_rest(wanted, now, published_now, changes);
      BOOST_OUTCOME_TRYV(check_hive_stays(wanted, changes));
    }
    add_parents(wanted, now, changes);
    return changes;
  }

  // What that generation did not have goes; it is kept in the history like everything a publish removes.
  void remove_the_rest(const Tree& wanted, const Tree& now, const Tree& published_now, ChangeSet& changes) {
    std::set<ProfilePath, PathOrder> stay;  // with the folders they stand in
    std::size_t files = 0;
    std::string first;
    for (const Entry& entry : now.entries()) {
      if (wanted.find(entry.path) != nullptr || published_now.find(entry.path) != nullptr) continue;
      for (ProfilePath path = entry.path; !path.is_root() && stay.insert(path).second;) path = path.parent();
      if (entry.is_file() && ++files == 1) first = entry.path.text();
    }
    const auto entries = now.entries();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {  // innermost first
      if (wanted.find(entry->path) == nullptr && !stay.contains(entry->path)) changes.removals.push_back({*entry});
    }
    if (files == 0) return;
    work_.notice(event_id::none, Level::information,
                 std::to_string(files) +
                     " files on the server that no publish of roamsync has ever seen stay there, the first of them " +
                     first);
  }

  // Nobody could log on with what would be left.
  Result<void> check_hive_stays(const Tree& wanted, const ChangeSet& changes) const {
    const auto hive =
        std::ranges::find_if(changes.removals, [](const Removal& removal) { return is_hive(removal.expected.path); });
    if (hive == changes.removals.end() || find_hive(wanted) != nullptr) return success();
    return Error(Errc::hive_missing,
                 {.step = "restore",
                  .path = server_.location_of(hive->expected.path),
                  .expected = "a hive in generation " + std::to_string(generation_) + ", as there is one now",
                  .found = "none, so that the restored profile would have none either",
                  .cure = "restore single paths of it, or another generation"});
  }

  static void add_parents(const Tree& wanted, const Tree& now, ChangeSet& changes) {
    std::set<ProfilePath, PathOrder> made;
    for (const PutDirectory& directory : changes.directories) made.insert(directory.path);
    for (const PutFile& put : changes.files) {
      for (ProfilePath folder = put.path.parent(); !folder.is_root(); folder = folder.parent()) {
        if (now.find(folder) != nullptr || !made.insert(folder).second) continue;
        const Entry* known = wanted.find(folder);
        changes.directories.push_back({.path = folder, .mode = known != nullptr ? known->mode : 0});
      }
    }
    std::sort(changes.directories.begin(), changes.directories.end(),
              [](const PutDirectory& a, const PutDirectory& b) { return PathOrder()(a.path, b.path); });
  }

  Workspace& work_;
  Store& server_;
  std::uint64_t generation_;
  const std::optional<ProfilePath>& path_;
  bool whole_ = true;
};

}  // namespace

Result<std::vector<HistoryGeneration>> list_history(Store& server) {
  BOOST_OUTCOME_TRY(const auto generations, kept_generations({server, server_records()}));
  std::vector<HistoryGeneration> history;
  for (auto generation = generations.rbegin(); generation != generations.rend(); ++generation) {
    HistoryGeneration kept{.generation = *generation};
    BOOST_OUTCOME_TRY(list_kept_files(server, history_folder(*generation), ProfilePath(), kept.files));
    std::sort(kept.files.begin(), kept.files.end(),
              [](const Entry& a, const Entry& b) { return PathOrder()(a.path, b.path); });
    BOOST_OUTCOME_TRY(const auto record, load_history_head(server, *generation, false));
    if (record) {
      kept.written = record->written;
      kept.machine = record->machine;
    }
    history.push_back(std::move(kept));
  }
  return history;
}

Result<Report> restore_generation(Host& host, Store& server, std::uint64_t generation,
                                  const std::optional<ProfilePath>& path, const SessionOptions& options) {
  Workspace work(host, server, server, options);
  return Restorer(work, server, generation, path).run();
}

Result<Recovery> recover_server(Host& host, Store& server, std::chrono::milliseconds lock_patience) {
  const SessionOptions options{.lock_patience = lock_patience};
  Workspace work(host, server, server, options);
  // A folder that nobody has published to has nothing to recover, and is not given a record folder for it.
  BOOST_OUTCOME_TRY(const auto records, server.stat(server_records()));
  std::unique_ptr<StoreLock> lock;
  Recovery recovery;
  if (records) {
    BOOST_OUTCOME_TRY(lock, lock_server(server, LockMode::exclusive, work.holder_text(), lock_patience));
    BOOST_OUTCOME_TRY(recovery, recover(server, {server, server_records()}));
    // Of what a power cut has taken the trace, only a look tells.
    BOOST_OUTCOME_TRY(const std::size_t swept, sweep_history({server, server_records()}));
    recovery.swept += swept;
  }
  const Filter everything;
  BOOST_OUTCOME_TRY(const ScanResult now, scan(server, {.filter = &everything}));
  const std::vector<ProfilePath> leftovers = leftovers_among(now.temporaries);
  if (leftovers.empty()) return recovery;
  if (!lock) {  // a power cut has taken the record folder of a first publish and left what it had staged
    BOOST_OUTCOME_TRY(lock, lock_server(server, LockMode::exclusive, work.holder_text(), lock_patience));
  }
  BOOST_OUTCOME_TRY(const std::size_t swept, sweep(server, leftovers));
  recovery.swept += swept;
  return recovery;
}

}  // namespace roamsync
