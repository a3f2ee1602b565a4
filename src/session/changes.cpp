#include "session/changes.hpp"

#include <algorithm>
#include <map>

namespace roamsync {
namespace {

bool puts_file(Verb verb) {
  return verb == Verb::upload || verb == Verb::download || verb == Verb::keep_both_on_server ||
         verb == Verb::keep_both_locally || verb == Verb::merge_hive;
}

std::optional<Entry> entry_of(const Entry* entry) { return entry != nullptr ? std::optional(*entry) : std::nullopt; }

const Entry* large_target(const PutFile& put) {
  if (!put.replaces || !put.replaces->is_file() || !put.replaces->digest) return nullptr;
  return put.replaces->size >= paged_size_min ? &*put.replaces : nullptr;
}

}  // namespace

const Action* hive_action(const Plan& plan) {
  for (const Action& action : plan.actions) {
    if (puts_file(action.verb) && is_hive(action.path)) return &action;
  }
  return nullptr;
}

ChangeSet changes_of(const Plan& plan, Store& source, Store& target, const std::optional<CheckedHive>& hive) {
  ChangeSet changes;
  changes.files.reserve(static_cast<std::size_t>(
      std::ranges::count_if(plan.actions, [](const Action& action) { return puts_file(action.verb); })));
  for (const Action& action : plan.actions) {
    switch (action.verb) {
      case Verb::upload:
      case Verb::download:
      case Verb::merge_hive: {
        PutFile put{
            .path = action.path, .source = FromStore{&source, *action.source}, .replaces = entry_of(action.target)};
        if (is_hive(action.path)) {
          put.last = true;
          if (hive) put.source = FromMemory{hive->bytes, hive->attributes};
        }
        changes.files.push_back(std::move(put));
        break;
      }
      case Verb::keep_both_on_server:
        changes.files.push_back({.path = *action.other_path, .source = FromStore{&source, *action.source}});
        break;
      case Verb::keep_both_locally:
        changes.files.push_back({.path = *action.other_path, .source = FromStore{&target, *action.target}});
        changes.files.push_back(
            {.path = action.path, .source = FromStore{&source, *action.source}, .replaces = entry_of(action.target)});
        break;
      case Verb::make_server_directory:
      case Verb::make_local_directory:
        changes.directories.push_back({.path = action.path,
                                       .mode = action.source != nullptr ? action.source->mode : 0,
                                       .replaces = entry_of(action.target)});
        break;
      case Verb::set_access_on_server:
      case Verb::set_access_locally: changes.refits.push_back(*action.target); break;
      case Verb::delete_on_server:
      case Verb::delete_locally: changes.removals.push_back({*action.target}); break;
      case Verb::conflict: break;  // the caller has seen to it that there is none
    }
  }
  return changes;
}

bool wants_pages(const ChangeSet& changes) {
  return std::any_of(changes.files.begin(), changes.files.end(),
                     [](const PutFile& put) { return large_target(put) != nullptr; });
}

void add_pages(ChangeSet& changes, const PageRecord& pages) {
  for (PutFile& put : changes.files) {
    if (const Entry* target = large_target(put)) put.pages_of_replaced = pages.find(*target->digest);
  }
}

Tree target_after(const Tree& before, const ChangeSet& changes, const Published& published) {
  std::vector<Entry> put;
  put.reserve(published.files.size() + changes.refits.size() + changes.directories.size());
  put.insert(put.end(), published.files.begin(), published.files.end());
  put.insert(put.end(), changes.refits.begin(), changes.refits.end());
  for (const PutDirectory& directory : changes.directories) {
    put.push_back({.path = directory.path, .kind = EntryKind::directory, .mode = directory.mode});
  }
  std::map<ProfilePath, std::uint64_t, PathOrder> marks;
  for (const auto& [path, mark] : published.folder_marks) {
    if (mark != access_mark_unknown) marks.emplace(path, mark);
  }
  for (Entry& entry : put) {
    if (const auto mark = marks.find(entry.path); mark != marks.end()) entry.access_mark = mark->second;
  }
  std::vector<ProfilePath> erase;
  for (const Removal& removal : changes.removals) {
    const auto& kept = published.kept_directories;
    const auto same = [&](const ProfilePath& path) { return path.same_file(removal.expected.path); };
    if (std::none_of(kept.begin(), kept.end(), same)) erase.push_back(removal.expected.path);
  }
  Tree after = before;
  after.edit(std::move(put), std::move(erase));
  return after;
}

Tree source_after(const Tree& before, const Store& source, const std::optional<CheckedHive>& hive,
                  const ChangeSet& changes, const Published& published) {
  std::vector<const PutFile*> puts;
  puts.reserve(changes.files.size());
  for (const PutFile& put : changes.files) puts.push_back(&put);
  const auto path_of = [](const PutFile* put) -> const ProfilePath& { return put->path; };
  std::ranges::stable_sort(puts, PathOrder(), path_of);
  std::vector<Entry> read;
  read.reserve(published.files.size());
  for (std::size_t i = 0; i < published.files.size(); ++i) {
    const auto found = std::ranges::lower_bound(puts, published.files[i].path, PathOrder(), path_of);
    if (found == puts.end() || !(*found)->path.same_file(published.files[i].path)) continue;
    const auto* stored = std::get_if<FromStore>(&(*found)->source);
    Entry entry;
    if (stored != nullptr) {
      if (stored->store != &source) continue;  // the second copy of keep_both came from the target itself
      entry = published.sources[i];
      entry.path = stored->entry.path;
    } else if (hive) {
      entry = hive->entry;
    } else {
      continue;
    }
    if (!entry.digest || stored != nullptr) entry.digest = published.files[i].digest;
    // The list is as the scan saw it: a change since then is the next session's.
    if (const Entry* scanned = before.find(entry.path)) entry.access_mark = scanned->access_mark;
    read.push_back(std::move(entry));
  }
  Tree after = before;
  after.edit(std::move(read), {});
  return after;
}

RoomNeeded room_needed(const ChangeSet& changes) {
  RoomNeeded needed{.files = changes.files.size() + changes.directories.size()};
  std::uint64_t& bytes = needed.bytes;
  for (const PutFile& put : changes.files) {
    if (const auto* stored = std::get_if<FromStore>(&put.source)) {
      bytes += stored->entry.size;
    } else {
      bytes += std::get<FromMemory>(put.source).bytes.size();
    }
  }
  return needed;
}

}  // namespace roamsync
