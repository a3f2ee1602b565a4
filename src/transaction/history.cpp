#include "transaction/history.hpp"

#include <roamsync/filter.hpp>

#include "base/upcase.hpp"
#include "transaction/lost_files.hpp"
#include "transaction/names.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace roamsync {
namespace {

ProfilePath history_folder(const RecordFolder& records) { return records.folder.child_unchecked(history_name); }

// From one store into another there is no second name, only a copy.
Result<void> copy_across(Store& from, const ProfilePath& source, Store& to, const ProfilePath& kept,
                         CopyBuffer& buffer) {
  BOOST_OUTCOME_TRY(const auto reader, from.open(source));
  BOOST_OUTCOME_TRY(const auto writer, to.create(kept));
  BOOST_OUTCOME_TRYV(copy_file(*reader, *writer, buffer, {}));
  BOOST_OUTCOME_TRY(const FileAttributes attributes, reader->attributes());
  BOOST_OUTCOME_TRYV(writer->finish(attributes));
  return success();
}

Result<std::uint64_t> bytes_below(Store& store, const ProfilePath& folder) {
  BOOST_OUTCOME_TRY(const Listing listing, store.list(folder));
  std::uint64_t bytes = 0;
  for (const Entry& entry : listing.entries) {
    bytes += entry.size;
    if (!entry.is_directory()) continue;
    BOOST_OUTCOME_TRY(const std::uint64_t below, bytes_below(store, entry.path));
    bytes += below;
  }
  return bytes;
}

Result<std::size_t> sweep_below(Store& store, const ProfilePath& folder) {
  BOOST_OUTCOME_TRY(const Listing listing, store.list(folder));
  std::size_t swept = 0;
  for (const Entry& entry : listing.entries) {
    if (entry.is_directory()) {
      BOOST_OUTCOME_TRY(const std::size_t below, sweep_below(store, entry.path));
      swept += below;
    } else if (entry.path.name().ends_with(temporary_suffix)) {
      BOOST_OUTCOME_TRYV(store.remove_file(entry.path));
      ++swept;
    }
  }
  return swept;
}

// Numbers as they are written here, without zeros in front.
std::optional<std::uint64_t> generation_of(std::string_view name) {
  std::uint64_t generation = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), generation);
  if (fault != std::errc() || end != name.data() + name.size() || name.starts_with('0')) return std::nullopt;
  return generation;
}

struct HistoryFolders {
  std::vector<std::uint64_t> generations;  // oldest first
  std::vector<ProfilePath> incomplete;     // of processes that died
};

Result<HistoryFolders> list_folders(RecordFolder records) {
  HistoryFolders found;
  auto listing = records.store.list(history_folder(records));
  if (!listing && listing.error().code() == std::errc::no_such_file_or_directory) return found;
  BOOST_OUTCOME_TRY(const Listing folders, std::move(listing));
  for (const Entry& entry : folders.entries) {
    if (!entry.is_directory()) continue;
    const auto generation = generation_of(entry.path.name());
    if (generation) found.generations.push_back(*generation);
    if (entry.path.name().ends_with(temporary_suffix)) found.incomplete.push_back(entry.path);
  }
  std::ranges::sort(found.generations);
  return found;
}

constexpr std::string_view beside_head = " (of the profile)";

// The head record's name, or one that it gets here for being that.
bool is_like_head(std::string_view name) {
  while (name.ends_with(beside_head)) name.remove_suffix(beside_head.size());
  return compare_upcased(name, history_head_name) == 0;
}

ProfilePath with_first(const ProfilePath& path, std::string_view first) {
  const std::string_view rest = path.text().substr(path.first().size());
  return ProfilePath::literal(std::string(first) + std::string(rest));
}

Result<void> remove_trees(Store& store, std::span<const ProfilePath> folders) {
  for (const ProfilePath& folder : folders) {
    BOOST_OUTCOME_TRYV(remove_tree(store, folder));
  }
  return success();
}

}  // namespace

ProfilePath path_in_history(const ProfilePath& path) {
  return is_like_head(path.first()) ? with_first(path, std::string(path.first()) + std::string(beside_head)) : path;
}

ProfilePath path_in_profile(const ProfilePath& kept) {
  std::string_view first = kept.first();
  if (!first.ends_with(beside_head) || !is_like_head(first)) return kept;
  first.remove_suffix(beside_head.size());
  return with_first(kept, first);
}

HistoryKeeper::HistoryKeeper(Store& target, RecordFolder records, const PublishOptions& options, LaneSet& lanes)
    : target_(target),
      records_(records),
      options_(options),
      lanes_(lanes),
      folder_(history_folder(records).child_unchecked(std::to_string(options.history.generation))),
      now_(options.lost.files.empty() ? folder_ : unique_temporary(folder_, options.transaction)) {}

Result<void> HistoryKeeper::preserve(const Intent& intent) {
  const std::vector<FromStore>& lost = options_.lost.files;
  std::vector<ProfilePath> sources;
  for (const Unit& unit : intent.units) {
    if (unit.replaces && unit.replaces->is_file()) sources.push_back(unit.replaces->path);
  }
  for (const Entry& entry : intent.removals) {
    if (entry.is_file()) sources.push_back(entry.path);
  }
  std::vector<ProfilePath> paths;
  for (const ProfilePath& source : sources) paths.push_back(path_in_history(source));
  for (const FromStore& file : lost) paths.push_back(path_in_history(file.entry.path));
  const std::size_t head = sources.size();
  if (lost.empty() && !options_.head_name.empty()) {  // lost files come with a head of their own
    const ProfilePath path = records_.folder.child_unchecked(options_.head_name);
    BOOST_OUTCOME_TRY(const auto entry, records_.store.stat(path));
    if (entry) sources.push_back(path);
  }
  if (sources.empty() && lost.empty()) return success();
  BOOST_OUTCOME_TRYV(make_parents(paths));
  if (!lost.empty()) {
    BOOST_OUTCOME_TRYV(keep_lost_files());
  }
  const std::size_t first = files_.size();
  files_.resize(first + sources.size());
  BOOST_OUTCOME_TRYV(lanes_.run(sources.size(), [&](std::size_t item, CopyBuffer& buffer) -> Result<void> {
    ProfilePath& kept = files_[first + item];
    if (item >= head) {
      kept = now_.child_unchecked(history_head_name);
      return preserve_one(records_.store, sources[item], kept, buffer);
    }
    kept = now_.join(path_in_history(sources[item]));
    return preserve_one(target_, sources[item], kept, buffer);
  }));
  std::erase_if(files_, [](const ProfilePath& path) { return path.is_root(); });
  return success();
}

Result<void> HistoryKeeper::keep_lost_files() {
  Store& store = records_.store;
  const ProfilePath head = now_.child_unchecked(history_head_name);
  BOOST_OUTCOME_TRY(const auto writer, store.create(head));
  BOOST_OUTCOME_TRY(LostCopies lost, copy_lost_files(options_, store, now_, lanes_));
  BOOST_OUTCOME_TRYV(writer->write(0, options_.lost.make_head(std::move(lost.entries))));
  BOOST_OUTCOME_TRYV(writer->finish({}));
  files_ = std::move(lost.copies);
  files_.push_back(head);
  return success();
}

Result<void> HistoryKeeper::complete() {
  if (now_ == folder_) return success();
  const ProfilePath above = folder_.parent();
  auto completed = records_.store.replace(now_, folder_);
  if (completed) {
    now_ = folder_;
    completed = records_.store.flush_directories(std::span(&above, 1));
  }
  if (!completed) return completed.error().within({.step = "history", .path = records_.store.location_of(folder_)});
  return success();
}

Result<void> HistoryKeeper::make_parents(std::span<const ProfilePath> paths) {
  std::set<ProfilePath, PathOrder> parents{now_};
  for (const ProfilePath& path : paths) {
    for (ProfilePath below = path.parent(); !below.is_root(); below = below.parent()) parents.insert(now_.join(below));
  }
  parents_.assign(parents.begin(), parents.end());
  for (const ProfilePath& parent : parents) {
    auto made = make_directories(records_.store, parent);
    if (!made && made.error().code() == std::errc::not_a_directory) {
      // Kept by a publish that did not get far, before a folder took the place of the file.
      BOOST_OUTCOME_TRY(const ProfilePath other, free_name(records_.store, parent));
      BOOST_OUTCOME_TRYV(records_.store.replace(parent, other));
      made = make_directories(records_.store, parent);
    }
    if (!made) return made.error().within({.step = "history"});
    for (ProfilePath& path : made.value()) directories_.push_back(std::move(path));
  }
  return success();
}

Result<void> HistoryKeeper::preserve_one(Store& from, const ProfilePath& path, ProfilePath& kept, CopyBuffer& buffer) {
  const auto preserve = [&]() -> Result<void> {
    if (&from == &records_.store) return from.preserve(path, kept);
    return copy_across(from, path, records_.store, kept, buffer);
  };
  auto preserved = preserve();
  if (!preserved && preserved.error().code() == std::errc::file_exists) {
    // Left by a publish that did not get far: the same file, but perhaps not all of it. Anything else is somebody's.
    BOOST_OUTCOME_TRY(const auto there, records_.store.stat(kept));
    BOOST_OUTCOME_TRY(const auto source, from.stat(path));
    const bool is_same =
        there && source && there->is_file() && there->size == source->size && there->modified == source->modified;
    if (is_same) {
      BOOST_OUTCOME_TRYV(records_.store.remove_file(kept));
    } else if (is_head(kept)) {
      kept = ProfilePath();  // by a publish that did not get far: a generation has one
      return success();
    } else {
      BOOST_OUTCOME_TRY(kept, free_name(records_.store, kept));
    }
    preserved = preserve();
  }
  if (preserved) return success();
  if (&from != &records_.store) static_cast<void>(records_.store.remove_file(kept));
  kept = ProfilePath();
  const Error& error = preserved.error();
  if (error.code() == std::errc::no_such_file_or_directory) {
    return Error(Errc::target_changed, {.step = "history",
                                        .path = from.location_of(path),
                                        .expected = "a file",
                                        .found = "nothing",
                                        .cause = error.code()});
  }
  return error.within({.step = "history", .path = from.location_of(path)});
}

bool HistoryKeeper::is_head(const ProfilePath& kept) const {
  return kept.same_file(now_.child_unchecked(history_head_name));
}

void HistoryKeeper::take_back() {
  if (!options_.lost.files.empty()) {  // nobody else had a folder of that number
    static_cast<void>(remove_tree(records_.store, now_));
    files_.clear();
  }
  for (const ProfilePath& path : files_) {
    if (!path.is_root()) static_cast<void>(records_.store.remove_file(path));
  }
  std::ranges::sort(directories_, PathOrder());
  for (auto at = directories_.rbegin(); at != directories_.rend(); ++at) {
    static_cast<void>(records_.store.remove_directory(*at));
  }
  files_.clear();
  directories_.clear();
}

Result<std::vector<std::uint64_t>> kept_generations(RecordFolder records) {
  BOOST_OUTCOME_TRY(HistoryFolders folders, list_folders(records));
  return std::move(folders.generations);
}

Result<std::size_t> sweep_history(RecordFolder records) {
  BOOST_OUTCOME_TRY(const HistoryFolders folders, list_folders(records));
  BOOST_OUTCOME_TRYV(remove_trees(records.store, folders.incomplete));
  std::size_t swept = folders.incomplete.size();
  for (const std::uint64_t generation : folders.generations) {
    BOOST_OUTCOME_TRY(const std::size_t below,
                      sweep_below(records.store, history_folder(records).child_unchecked(std::to_string(generation))));
    swept += below;
  }
  return swept;
}

Result<void> prune_history(RecordFolder records, const HistoryOptions& options) {
  BOOST_OUTCOME_TRY(const HistoryFolders folders, list_folders(records));
  BOOST_OUTCOME_TRYV(remove_trees(records.store, folders.incomplete));
  const std::vector<std::uint64_t>& generations = folders.generations;
  if (generations.size() <= 1) return success();  // the newest stays whatever its size
  std::size_t kept = 0;
  std::uint64_t bytes = 0;
  std::vector<ProfilePath> surplus;
  for (auto generation = generations.rbegin(); generation != generations.rend(); ++generation) {
    ProfilePath path = history_folder(records).child_unchecked(std::to_string(*generation));
    if (kept > 0 && (kept >= options.generations_max || bytes > options.bytes_max)) {
      surplus.push_back(std::move(path));
      continue;
    }
    BOOST_OUTCOME_TRY(const std::uint64_t size, bytes_below(records.store, path));
    bytes += size;
    if (kept > 0 && bytes > options.bytes_max) {
      surplus.push_back(std::move(path));
    } else {
      ++kept;
    }
  }
  // The oldest go first, so that a process that dies here leaves no gap.
  std::ranges::reverse(surplus);
  return remove_trees(records.store, surplus);
}

}  // namespace roamsync
