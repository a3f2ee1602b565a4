#include <roamsync/transaction.hpp>

#include <roamsync/filter.hpp>
#include <roamsync/scan.hpp>

#include "base/record.hpp"
#include "transaction/apply.hpp"
#include "transaction/history.hpp"
#include "transaction/intent.hpp"
#include "transaction/lane_set.hpp"
#include "transaction/names.hpp"

#include <algorithm>
#include <optional>

namespace roamsync {
namespace {

enum class State {
  staged,  ///< whole, under its temporary name
  in_place,
  lost,  ///< neither here nor there, or damaged
};

class Recoverer {
 public:
  Recoverer(Store& target, RecordFolder records) : target_(target), records_(records), lanes_(1) {}

  Result<Recovery> run() {
    BOOST_OUTCOME_TRYV(look());
    if (!intent_there_ && traces_.empty()) return std::move(recovery_);
    if (intent_there_) {
      BOOST_OUTCOME_TRYV(carry_out());
    }
    BOOST_OUTCOME_TRYV(clear_traces());
    return std::move(recovery_);
  }

 private:
  ProfilePath intent_path() const { return records_.folder.child_unchecked(intent_name); }

  // One request: is there an intent, are there temporary records? A folder that is not there is not made.
  Result<void> look() {
    auto listing = records_.store.list(records_.folder);
    if (!listing) {
      if (listing.error().code() == std::errc::no_such_file_or_directory) return success();
      return listing.error().within({.step = "recover"});
    }
    for (const Unusable& thing : listing.value().unusable) {
      if (thing.path != intent_path().text()) continue;
      return Error(Errc::unsafe_path, {.step = "recover",
                                       .path = records_.store.location_of(intent_path()),
                                       .expected = "the record of an interrupted publish, or nothing",
                                       .found = thing.found,
                                       .cure = "find out who put it there and remove it"});
    }
    for (const Entry& entry : listing.value().entries) {
      if (entry.path.same_file(intent_path())) intent_there_ = true;
      if (entry.path.name().ends_with(temporary_suffix)) traces_.push_back(entry.path);
    }
    // The intent's own temporary name goes last: while it is there the next recovery knows that something is to be done.
    std::stable_partition(traces_.begin(), traces_.end(),
                          [](const ProfilePath& path) { return !path.name().starts_with(intent_name); });
    return success();
  }

  Result<void> carry_out() {
    BOOST_OUTCOME_TRY(const auto bytes, read_file(records_.store, intent_path(), record_size_max));
    auto intent = decode_intent(bytes, records_.store.location_of(intent_path()));
    if (!intent) {
      if (intent.error().code() != Errc::record_damaged) return intent.error().within({.step = "recover"});
      recovery_.in_doubt = true;
      recovery_.warnings.push_back(intent.error().message() +
                                   "; what was staged is cleared away. How far the publish had come is not known: some "
                                   "files may be new already, the others old");
      return clear(nullptr);
    }
    recovery_.transaction = intent.value().transaction;
    BOOST_OUTCOME_TRYV(examine(intent.value()));
    if (begun_ || obstacle_.empty()) return roll_forward(intent.value());
    recovery_.warnings.push_back("the publish " + recovery_.transaction + " cannot be carried out: " + obstacle_ +
                                 "; nothing of it was in place yet, what it had staged is cleared away");
    return clear(&intent.value());
  }

  // --- what is there of it ---

  Result<void> examine(const Intent& intent) {
    states_.reserve(intent.units.size());
    for (const Unit& unit : intent.units) {
      BOOST_OUTCOME_TRY(const State state, state_of(unit));
      states_.push_back(state);
      begun_ |= state == State::in_place;
      if (!unit.aside.is_root()) {
        BOOST_OUTCOME_TRY(const auto aside, target_.stat(unit.aside));
        begun_ |= aside.has_value();
      }
      if (state == State::lost) note_obstacle(target_.location_of(unit.entry.path) + " is not staged whole any more");
      if (state == State::staged) {
        BOOST_OUTCOME_TRYV(look_at_target(unit));
      }
    }
    if (intent.head) {
      BOOST_OUTCOME_TRY(head_, state_of_head(*intent.head));
      begun_ |= head_ == State::in_place;
      if (head_ == State::lost) note_obstacle("its head record is not staged whole any more");
    }
    return success();
  }

  // A place that somebody else wrote to since is no obstacle once the work has begun; apply keeps their version then.
  Result<void> look_at_target(const Unit& unit) {
    BOOST_OUTCOME_TRY(const auto now, target_.stat(unit.entry.path));
    const bool is_old = now.has_value() == unit.replaces.has_value() && (!now || same_stamp(*now, *unit.replaces));
    if (!is_old) note_obstacle(target_.location_of(unit.entry.path) + " was changed by somebody else since");
    return success();
  }

  Result<State> state_of(const Unit& unit) {
    BOOST_OUTCOME_TRY(const bool staged, is_staged(unit));
    if (staged) return State::staged;
    BOOST_OUTCOME_TRY(const bool in_place, is_in_place(unit));
    return in_place ? State::in_place : State::lost;
  }

  Result<bool> is_staged(const Unit& unit) {
    BOOST_OUTCOME_TRY(const auto found, target_.stat(unit.temporary));
    if (!found || found->kind != unit.entry.kind) return false;
    if (unit.entry.is_file()) return holds(target_, unit.temporary, unit.entry.size, *unit.entry.digest);
    for (const Entry& member : unit.members) {
      const ProfilePath path = unit.staged_path(member.path);
      if (member.is_directory()) {
        BOOST_OUTCOME_TRY(const auto directory, target_.stat(path));
        if (!directory || !directory->is_directory()) return false;
        continue;
      }
      BOOST_OUTCOME_TRY(const bool whole, holds(target_, path, member.size, *member.digest));
      if (!whole) return false;
    }
    return true;
  }

  Result<bool> is_in_place(const Unit& unit) {
    BOOST_OUTCOME_TRY(const auto found, target_.stat(unit.entry.path));
    if (!found || found->kind != unit.entry.kind) return false;
    if (unit.entry.is_directory()) {
      return found->id == unit.entry.id || found->id == 0 || unit.entry.id == 0;
    }
    if (same_stamp(*found, unit.entry)) return true;
    return holds(target_, unit.entry.path, unit.entry.size, *unit.entry.digest);
  }

  Result<State> state_of_head(const StagedRecord& head) {
    BOOST_OUTCOME_TRY(const bool staged,
                      holds(records_.store, records_.folder.child_unchecked(head.temporary), head.size, head.digest));
    if (staged) return State::staged;
    BOOST_OUTCOME_TRY(const bool in_place,
                      holds(records_.store, records_.folder.child_unchecked(head.name), head.size, head.digest));
    return in_place ? State::in_place : State::lost;
  }

  Result<bool> holds(Store& store, const ProfilePath& path, std::uint64_t size, const Digest& digest) {
    auto reader = store.open(path);
    if (!reader) {
      const std::error_code& code = reader.error().code();
      if (code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory ||
          code == std::errc::is_a_directory) {
        return false;
      }
      return reader.error().within({.step = "recover", .path = store.location_of(path)});
    }
    if (reader.value()->entry().size != size) return false;
    BOOST_OUTCOME_TRY(const Digest found, digest_file(*reader.value(), lanes_.buffer()));
    return found == digest;
  }

  void note_obstacle(std::string text) {
    if (obstacle_.empty()) obstacle_ = std::move(text);
  }

  // --- what to do about it ---

  Result<void> roll_forward(const Intent& intent) {
    // The process that died may not have got to flushing the name of its intent; nothing may move before.
    BOOST_OUTCOME_TRYV(records_.store.flush_directories(std::span(&records_.folder, 1)));
    const bool holds_head_back = head_ == State::staged && would_be_false(intent);
    ApplyOptions options{.look_first = true, .skip_units = {}, .skip_head = head_ != State::staged || holds_head_back};
    options.skip_units.reserve(states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) {
      options.skip_units.push_back(states_[i] != State::staged);
      if (states_[i] != State::lost) continue;
      recovery_.warnings.push_back(
          target_.location_of(intent.units[i].entry.path) +
          " is neither what the publish put there nor staged whole any more; it stays as it is");
      BOOST_OUTCOME_TRYV(put_back(intent.units[i]));
    }
    if (intent.head && head_ == State::lost) {
      recovery_.warnings.emplace_back("the head record of the publish is gone; it is made anew from what is there");
    }
    if (holds_head_back) {
      recovery_.warnings.push_back(records_.store.location_of(records_.folder.child_unchecked(intent.head->name)) +
                                   " stays as it was, for the new one tells of files that did not arrive");
    }
    BOOST_OUTCOME_TRY(auto applied, apply_intent(target_, records_, intent, lanes_, options));
    recovery_.outcome = Recovery::Outcome::rolled_forward;
    recovery_.renamed = applied.renamed;
    recovery_.removed = applied.removed;
    std::ranges::move(applied.warnings, std::back_inserter(recovery_.warnings));
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i] == State::lost) {
        BOOST_OUTCOME_TRYV(sweep_one(intent.units[i].temporary));
      }
    }
    return success();
  }

  // What made room for something that never came.
  Result<void> put_back(const Unit& unit) {
    if (unit.aside.is_root()) return success();
    BOOST_OUTCOME_TRY(const auto aside, target_.stat(unit.aside));
    BOOST_OUTCOME_TRY(const auto now, target_.stat(unit.entry.path));
    return aside && !now ? target_.replace(unit.aside, unit.entry.path) : success();
  }

  // A head beside its files is read with their listing, which wins; it has to tell the other machines that something was
  // published. One that is kept elsewhere, the base of a local profile, is believed: a file it tells of that never arrived
  // would pass for changed or deleted by the user. The old one makes of what did arrive the same change on both sides.
  bool would_be_false(const Intent& intent) const {
    return intent.head && &records_.store != &target_ && std::ranges::count(states_, State::lost) > 0;
  }

  // The intent goes last, so that a crash in here finds the way back.
  Result<void> clear(const Intent* intent) {
    recovery_.outcome = Recovery::Outcome::cleared;
    if (intent != nullptr) {
      for (const Unit& unit : intent->units) {
        BOOST_OUTCOME_TRYV(sweep_one(unit.temporary));
      }
      if (intent->head) {
        BOOST_OUTCOME_TRYV(remove_tree(records_.store, records_.folder.child_unchecked(intent->head->temporary)));
      }
    } else {
      BOOST_OUTCOME_TRYV(sweep_tree());
    }
    return remove_tree(records_.store, intent_path());
  }

  Result<void> sweep_one(const ProfilePath& path) {
    BOOST_OUTCOME_TRY(const auto there, target_.stat(path));
    if (!there) return success();
    BOOST_OUTCOME_TRY(const std::size_t swept, sweep(target_, std::span(&path, 1)));
    recovery_.swept += swept;
    return success();
  }

  Result<void> sweep_tree() {
    BOOST_OUTCOME_TRY(ScanResult found, scan(target_));
    std::erase_if(found.temporaries, [this](const ProfilePath& path) { return !is_traced(path); });
    BOOST_OUTCOME_TRY(const std::size_t swept, sweep(target_, found.temporaries));
    recovery_.swept += swept;
    return success();
  }

  // Any other name that ends like a temporary one may be a user's.
  bool is_traced(const ProfilePath& path) const {
    if (path.text() == hive_temporary_name) return true;
    const auto transaction = transaction_of(path);
    return transaction && std::ranges::find(traces_, transaction, transaction_of) != traces_.end();
  }

  // A publish that got no further than staging: its temporaries may be anywhere in the tree.
  Result<void> clear_traces() {
    if (traces_.empty()) return success();
    BOOST_OUTCOME_TRYV(sweep_tree());
    BOOST_OUTCOME_TRY(const std::size_t swept, sweep_history(records_));
    recovery_.swept += swept;
    for (const ProfilePath& path : traces_) {
      BOOST_OUTCOME_TRY(const auto there, records_.store.stat(path));
      if (!there) continue;
      BOOST_OUTCOME_TRYV(remove_tree(records_.store, path));
      ++recovery_.swept;
    }
    if (recovery_.outcome == Recovery::Outcome::nothing_to_do) recovery_.outcome = Recovery::Outcome::cleared;
    return success();
  }

  Store& target_;
  RecordFolder records_;
  LaneSet lanes_;
  Recovery recovery_;
  bool intent_there_ = false;
  std::vector<ProfilePath> traces_;  // temporary records
  std::vector<State> states_;        // of the intent's units
  State head_ = State::in_place;
  bool begun_ = false;    // something of the intent is in place
  std::string obstacle_;  // why it could not be carried out from the start
};

}  // namespace

Result<Recovery> recover(Store& target, RecordFolder records) { return Recoverer(target, records).run(); }

}  // namespace roamsync
