#include "transaction/history.hpp"

#include <roamsync/filter.hpp>

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

}  // namespace

HistoryKeeper::HistoryKeeper(Store& target, RecordFolder records, std::uint64_t generation, LaneSet& lanes)
    : target_(target),
      records_(records),
      lanes_(lanes),
      folder_(history_folder(records).child_unchecked(std::to_string(generation))) {}

Result<void> HistoryKeeper::preserve(const Intent& intent, std::string_view head_name) {
  for (const Unit& unit : intent.units) {
    if (unit.replaces && unit.replaces->is_file()) sources_.push_back(unit.replaces->path);
  }
  for (const Entry& entry : intent.removals) {
    if (entry.is_file()) sources_.push_back(entry.path);
  }
  const std::size_t head = sources_.size();
  if (!head_name.empty()) {
    const ProfilePath path = records_.folder.child_unchecked(head_name);
    BOOST_OUTCOME_TRY(const auto entry, records_.store.stat(path));
    if (entry) sources_.push_back(path);
  }
  if (sources_.empty()) return success();
  BOOST_OUTCOME_TRYV(make_parents(std::span(sources_).first(head)));
  files_.assign(sources_.size(), ProfilePath());
  BOOST_OUTCOME_TRYV(lanes_.run(sources_.size(), [&](std::size_t item, CopyBuffer& buffer) -> Result<void> {
    if (item >= head) {
      files_[item] = folder_.child_unchecked(history_head_name);
      return preserve_one(records_.store, sources_[item], files_[item], buffer);
    }
    files_[item] = folder_.join(sources_[item]);
    return preserve_one(target_, sources_[item], files_[item], buffer);
  }));
  std::erase_if(files_, [](const ProfilePath& path) { return path.is_root(); });
  return success();
}

Result<void> HistoryKeeper::make_parents(std::span<const ProfilePath> paths) {
  std::set<ProfilePath, PathOrder> parents{folder_};
  for (const ProfilePath& path : paths) {
    for (ProfilePath below = path.parent(); !below.is_root(); below = below.parent())
      parents.insert(folder_.join(below));
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
      kept = ProfilePath();  // the losers of a conflict came with a head of their own: a generation has one
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
  return kept.same_file(folder_.child_unchecked(history_head_name));
}

void HistoryKeeper::take_back() {
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
  std::vector<std::uint64_t> generations;
  auto listing = records.store.list(history_folder(records));
  if (!listing && listing.error().code() == std::errc::no_such_file_or_directory) return generations;
  BOOST_OUTCOME_TRY(const Listing folders, std::move(listing));
  for (const Entry& entry : folders.entries) {
    const auto generation = generation_of(entry.path.name());
    if (entry.is_directory() && generation) generations.push_back(*generation);
  }
  std::ranges::sort(generations);
  return generations;
}

Result<std::size_t> sweep_history(RecordFolder records) {
  BOOST_OUTCOME_TRY(const auto generations, kept_generations(records));
  std::size_t swept = 0;
  for (const std::uint64_t generation : generations) {
    BOOST_OUTCOME_TRY(const std::size_t below,
                      sweep_below(records.store, history_folder(records).child_unchecked(std::to_string(generation))));
    swept += below;
  }
  return swept;
}

Result<void> prune_history(RecordFolder records, const HistoryOptions& options) {
  BOOST_OUTCOME_TRY(const auto generations, kept_generations(records));
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
  for (auto at = surplus.rbegin(); at != surplus.rend(); ++at) {
    BOOST_OUTCOME_TRYV(remove_tree(records.store, *at));
  }
  return success();
}

}  // namespace roamsync
