#include "transaction/apply.hpp"

#include "transaction/names.hpp"

#include <algorithm>
#include <mutex>
#include <set>

namespace roamsync {
namespace {

bool is_absent(const Error& error) noexcept { return error.code() == std::errc::no_such_file_or_directory; }

class Application {
 public:
  Application(Store& target, RecordFolder records, const Intent& intent, LaneSet& lanes, const ApplyOptions& options)
      : target_(target), records_(records), intent_(intent), lanes_(lanes), options_(options) {
    for (const Unit& unit : intent.units) {
      if (!unit.aside.is_root() && unit.entry.is_file()) folders_aside_.push_back(&unit);
    }
  }

  Result<Applied> run() {
    BOOST_OUTCOME_TRYV(rename_units(false));
    BOOST_OUTCOME_TRYV(refit_folders());
    BOOST_OUTCOME_TRYV(remove_all());
    BOOST_OUTCOME_TRYV(flush_touched());
    BOOST_OUTCOME_TRYV(rename_units(true));
    BOOST_OUTCOME_TRYV(rename_head());
    BOOST_OUTCOME_TRYV(flush_touched());
    auto dropped = records_.store.remove_file(records_.folder.child_unchecked(intent_name));
    if (!dropped && !is_absent(dropped.error())) return dropped.error();
    return std::move(applied_);
  }

 private:
  bool skips(std::size_t unit) const { return !options_.skip_units.empty() && options_.skip_units[unit]; }
  Error failure(const ProfilePath& path, const Error& error) const {
    return error.within({.step = "publish", .path = target_.location_of(path)});
  }

  Result<void> rename_units(bool last) {
    std::vector<std::size_t> items;
    for (std::size_t i = 0; i < intent_.units.size(); ++i) {
      if (intent_.units[i].last == last && !skips(i)) items.push_back(i);
    }
    BOOST_OUTCOME_TRYV(lanes_.run_to_the_end(items.size(), [&](std::size_t item, CopyBuffer& buffer) -> Result<void> {
      const Unit& unit = intent_.units[items[item]];
      if (auto renamed = rename_unit(unit, buffer); !renamed) return failure(unit.entry.path, renamed.error());
      return success();
    }));
    applied_.renamed += items.size();
    for (const Unit& unit : intent_.units) {
      if (unit.last == last) touched_.insert(unit.entry.path.parent());
    }
    return clear_asides(last);
  }

  // What made room goes only once what took its place is there for good: a power cut may keep a later change of names
  // without an earlier one. Also where the rename was done before: a recovery may have died in between.
  Result<void> clear_asides(bool last) {
    const auto has_aside = [&](const Unit& unit) { return unit.last == last && !unit.aside.is_root(); };
    if (std::ranges::none_of(intent_.units, has_aside)) return success();
    BOOST_OUTCOME_TRYV(flush_touched());
    for (const Unit& unit : intent_.units) {
      if (!has_aside(unit)) continue;
      if (auto cleared = clear_aside(unit); !cleared) return failure(unit.entry.path, cleared.error());
      touched_.insert(unit.entry.path.parent());
    }
    return success();
  }

  Result<void> rename_unit(const Unit& unit, CopyBuffer& buffer) {
    if (options_.look_first) {
      BOOST_OUTCOME_TRYV(make_room_for(unit, buffer));
    } else if (!unit.aside.is_root()) {
      BOOST_OUTCOME_TRYV(target_.replace(unit.entry.path, unit.aside));
    }
    auto renamed = target_.replace(unit.temporary, unit.entry.path);
    if (!renamed && !options_.look_first) {
      // Something came into the way since the last look.
      BOOST_OUTCOME_TRY(const bool made, keep_obstacle(unit, buffer));
      if (!made) return renamed;
      renamed = target_.replace(unit.temporary, unit.entry.path);
    }
    if (!renamed || !unit.last) return renamed;
    // A client that held the old hive open for deletion takes the new one along by name (SMB.md 4.4): look.
    BOOST_OUTCOME_TRY(const auto now, target_.stat(unit.entry.path));
    if (now && same_stamp(*now, unit.entry)) return success();
    return Error(Errc::copy_mismatch,
                 {.expected = "the file that was just put there", .found = now ? "another file" : "nothing"});
  }

  // In a recovery: whatever stands at the unit's place now.
  Result<void> make_room_for(const Unit& unit, CopyBuffer& buffer) {
    BOOST_OUTCOME_TRY(const auto now, target_.stat(unit.entry.path));
    if (!now) return success();
    const bool is_expected = unit.replaces && same_stamp(*now, *unit.replaces);
    if (!unit.aside.is_root() && is_expected) {
      BOOST_OUTCOME_TRY(const auto aside, target_.stat(unit.aside));
      if (!aside) return target_.replace(unit.entry.path, unit.aside);
    }
    if (is_expected && now->is_file() && unit.entry.is_file()) return success();
    return keep(unit, *now, buffer);
  }

  // True when something that no rename can replace stood at the unit's place and has another name now.
  Result<bool> keep_obstacle(const Unit& unit, CopyBuffer& buffer) {
    BOOST_OUTCOME_TRY(const auto now, target_.stat(unit.entry.path));
    if (!now || (now->is_file() && unit.entry.is_file())) return false;
    BOOST_OUTCOME_TRYV(keep(unit, *now, buffer));
    return true;
  }

  // Written by somebody between the plan and now: nobody's to lose. A file keeps its name until it is replaced, so that there
  // is a hive at every moment.
  Result<void> keep(const Unit& unit, const Entry& found, CopyBuffer& buffer) {
    ProfilePath kept = name_for_kept(unit.entry.path, intent_.transaction);
    if (!found.is_file() || !unit.entry.is_file()) {
      BOOST_OUTCOME_TRY(kept, free_name(target_, kept));
      BOOST_OUTCOME_TRYV(target_.replace(unit.entry.path, kept));
    } else {
      bool is_kept = false;
      BOOST_OUTCOME_TRY(kept, free_name(target_, kept, [&](const Entry& taken) -> Result<bool> {
                          BOOST_OUTCOME_TRY(is_kept, is_copy(taken, found, buffer));
                          return is_kept;
                        }));
      if (!is_kept) {
        BOOST_OUTCOME_TRYV(target_.preserve(unit.entry.path, kept));
      }
    }
    // A power cut may keep a later change of names without an earlier one.
    const ProfilePath folder = kept.parent();
    BOOST_OUTCOME_TRYV(target_.flush_directories(std::span(&folder, 1)));
    warn(target_.location_of(unit.entry.path) + " was changed by somebody else meanwhile; their version is kept as " +
         target_.location_of(kept));
    return success();
  }

  // A recovery that died at its work may have kept it already.
  Result<bool> is_copy(const Entry& kept, const Entry& found, CopyBuffer& buffer) {
    if (!kept.is_file() || kept.size != found.size) return false;
    if (kept.id != 0 && kept.id == found.id) return true;
    BOOST_OUTCOME_TRY(const auto one, target_.open(kept.path));
    BOOST_OUTCOME_TRY(const Digest kept_bytes, digest_file(*one, buffer));
    BOOST_OUTCOME_TRY(const auto other, target_.open(found.path));
    BOOST_OUTCOME_TRY(const Digest found_bytes, digest_file(*other, buffer));
    return kept_bytes == found_bytes;
  }

  void warn(std::string text) {
    const std::lock_guard lock(mutex_);
    applied_.warnings.push_back(std::move(text));
  }

  Result<void> clear_aside(const Unit& unit) {
    BOOST_OUTCOME_TRY(const auto aside, target_.stat(unit.aside));
    if (!aside) return success();
    if (aside->is_file()) {
      ++applied_.removed;
      return target_.remove_file(unit.aside);
    }
    const std::size_t below = unit.entry.path.text().size() + 1;
    for (const Entry& entry : intent_.removals) {
      if (!unit.entry.path.contains(entry.path)) continue;
      const ProfilePath path = unit.aside.join(ProfilePath::literal(entry.path.text().substr(below)));
      BOOST_OUTCOME_TRYV(remove_one(entry, path, true));
    }
    auto removed = target_.remove_directory(unit.aside);
    if (removed || is_absent(removed.error())) return success();
    if (removed.error().code() != std::errc::directory_not_empty) return removed;
    BOOST_OUTCOME_TRY(const auto kept, free_name(target_, name_for_kept(unit.entry.path, intent_.transaction)));
    BOOST_OUTCOME_TRYV(target_.replace(unit.aside, kept));
    applied_.kept_directories.push_back(kept);
    warn("something new was in the folder " + target_.location_of(unit.entry.path) +
         ", which became a file; it is kept as " + target_.location_of(kept));
    return success();
  }

  // Doing it twice does no harm, so nobody looks whether it was done.
  Result<void> refit_folders() {
    for (const Refit& refit : intent_.refits) {
      auto done = target_.set_folder_attributes(refit.path, refit.extended);
      if (done) {
        touched_.insert(refit.path);
      } else if (is_absent(done.error()) || done.error().code() == std::errc::not_a_directory) {
        warn(target_.location_of(refit.path) + " was to get another access list, but is gone");
      } else {
        return failure(refit.path, done.error());
      }
    }
    return success();
  }

  bool went_aside(const ProfilePath& path) const {
    return std::ranges::any_of(folders_aside_, [&](const Unit* unit) { return unit->entry.path.contains(path); });
  }

  Result<void> remove_all() {
    std::vector<const Entry*> files;
    std::vector<const Entry*> directories;
    for (const Entry& entry : intent_.removals) {
      if (went_aside(entry.path)) continue;
      (entry.is_file() ? files : directories).push_back(&entry);
    }
    BOOST_OUTCOME_TRYV(lanes_.run_to_the_end(files.size(), [&](std::size_t item, CopyBuffer&) -> Result<void> {
      const Entry& entry = *files[item];
      if (auto removed = remove_one(entry, entry.path, options_.look_first); !removed) {
        return failure(entry.path, removed.error());
      }
      return success();
    }));
    for (const Entry* entry : directories) {
      if (auto removed = remove_one(*entry, entry->path, options_.look_first); !removed) {
        return failure(entry->path, removed.error());
      }
    }
    for (const Entry& entry : intent_.removals) {
      if (!went_aside(entry.path)) touched_.insert(entry.path.parent());
    }
    for (const ProfilePath& path : gone_) touched_.erase(path);
    return success();
  }

  // `path` is where `expected` lies by now.
  Result<void> remove_one(const Entry& expected, const ProfilePath& path, bool look_first) {
    if (look_first) {
      BOOST_OUTCOME_TRY(const auto now, target_.stat(path));
      if (now && !same_stamp(*now, expected)) {
        warn(target_.location_of(path) + " was to be deleted, but somebody else changed it meanwhile; it stays");
        return success();
      }
      if (!now) return note_gone(expected);
    }
    auto removed = expected.is_file() ? target_.remove_file(path) : target_.remove_directory(path);
    if (!removed && removed.error().code() == std::errc::directory_not_empty) {
      const std::lock_guard lock(mutex_);
      applied_.kept_directories.push_back(expected.path);
      return success();
    }
    if (!removed && !is_absent(removed.error())) return removed;
    return note_gone(expected);
  }

  Result<void> note_gone(const Entry& entry) {
    const std::lock_guard lock(mutex_);
    if (entry.is_file()) {
      ++applied_.removed;
    } else {
      gone_.insert(entry.path);
    }
    return success();
  }

  Result<void> rename_head() {
    if (!intent_.head) return success();
    const ProfilePath final_path = records_.folder.child_unchecked(intent_.head->name);
    if (!options_.skip_head) {
      auto renamed = records_.store.replace(records_.folder.child_unchecked(intent_.head->temporary), final_path);
      if (!renamed) {
        return renamed.error().within({.step = "publish", .path = records_.store.location_of(final_path)});
      }
    }
    if (&records_.store == &target_) {
      touched_.insert(records_.folder);
      return success();
    }
    // What the head describes comes first.
    BOOST_OUTCOME_TRYV(flush_touched());
    return records_.store.flush_directories(std::span(&records_.folder, 1));
  }

  // Makes the names changed since the last time durable.
  Result<void> flush_touched() {
    std::vector<ProfilePath> directories;
    for (const ProfilePath& path : touched_) {
      if (options_.look_first && !path.is_root()) {
        BOOST_OUTCOME_TRY(const auto now, target_.stat(path));
        if (!now || !now->is_directory()) continue;  // somebody made a file of it since
      }
      directories.push_back(path);
    }
    touched_.clear();
    if (directories.empty()) return success();
    if (auto flushed = target_.flush_directories(directories); !flushed) {
      return flushed.error().within({.step = "publish", .path = target_.location()});
    }
    return success();
  }

  Store& target_;
  RecordFolder records_;
  const Intent& intent_;
  LaneSet& lanes_;
  const ApplyOptions& options_;
  std::vector<const Unit*> folders_aside_;  // whose place a file takes
  Applied applied_;
  std::set<ProfilePath, PathOrder> touched_;  // folders with names not durable yet
  std::set<ProfilePath, PathOrder> gone_;     // folders removed
  std::mutex mutex_;
};

}  // namespace

Result<Applied> apply_intent(Store& target, RecordFolder records, const Intent& intent, LaneSet& lanes,
                             const ApplyOptions& options) {
  return Application(target, records, intent, lanes, options).run();
}

}  // namespace roamsync
