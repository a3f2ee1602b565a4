#include <roamsync/plan.hpp>

#include "plan/arbiter.hpp"
#include "plan/fates.hpp"
#include "plan/rules.hpp"

#include <algorithm>

namespace roamsync {
namespace {

class Planner {
 public:
  Planner(const PlanInput& input, const Policy& policy, const Decisions& decisions)
      : input_(input),
        arbiter_(policy, decisions),
        source_obstacles_(to_server() ? input.local_obstacles : input.server_obstacles, source_tree(input)),
        target_obstacles_(to_server() ? input.server_obstacles : input.local_obstacles, target_tree(input)),
        words_(input),
        rows_(rows_of(input.local, input.server, input.base)),
        fates_(rows_.size()) {
    plan_.direction = input.direction;
    plan_.target_files = target_tree(input).file_count();
  }

  Plan run() {
    rules_ = choose_rules();
    for (std::size_t row = 0; row < rows_.size();) row = settle(row);
    settle_folders();
    plan_.actions = actions_of(input_, rows_, fates_, source_obstacles_, target_obstacles_);
    return std::move(plan_);
  }

 private:
  bool to_server() const noexcept { return input_.direction == Direction::logoff; }
  View view_of(std::size_t row) const noexcept { return View(rows_[row].triple, input_.direction); }
  const ProfilePath& path_of(std::size_t row) const noexcept { return rows_[row].triple.path(); }

  std::unique_ptr<RuleSet> choose_rules();
  std::unique_ptr<RuleSet> choose_nt4_rules();

  std::size_t settle(std::size_t row);
  bool settle_obstacle(std::size_t row);
  void settle_conflict(std::size_t row, const Ruling& verdict);
  std::size_t settle_swap(std::size_t head, const Ruling& verdict);
  void swap_to_source(std::size_t head, std::size_t end, const std::string& reason, bool after_conflict);
  void swap_to_target(std::size_t head, std::size_t end, const std::string& reason, bool obstructed);
  void settle_folders();

  void keep(std::size_t row, std::string reason, bool obstructed = false, bool is_older = false);
  Conflict& record_conflict(const Triple& triple, ConflictKind kind, Choice choice, const std::string& reason);

  const PlanInput& input_;
  const Arbiter arbiter_;
  const Obstacles source_obstacles_;
  const Obstacles target_obstacles_;
  const Words words_;
  const std::vector<Row> rows_;
  std::vector<Fate> fates_;
  std::unique_ptr<RuleSet> rules_;
  std::optional<Fate> fate_of_hive_;  // nt4, where the hives were put to the policy
  Plan plan_;
};

std::unique_ptr<RuleSet> Planner::choose_rules() {
  switch (input_.rules) {
    case Rules::base: return make_base_rules(input_);
    case Rules::nt4: return choose_nt4_rules();
    case Rules::windows2000: return make_windows2000_rules(input_);
  }
  return make_base_rules(input_);
}

std::unique_ptr<RuleSet> Planner::choose_nt4_rules() {
  const HiveOrder order = compare_hives(input_);
  ConflictKind kind = ConflictKind::local_newer;
  std::string reason = "the local hive is newer than the server's";
  switch (order) {
    case HiveOrder::no_source:
      return make_nt4_rules(input_, false, "no hive " + words_.at_source + ": no profile there");
    case HiveOrder::no_target: return make_nt4_rules(input_, true, "no hive " + words_.at_target + " yet");
    case HiveOrder::source_newer: return make_nt4_rules(input_, true, "the hive " + words_.at_source + " is newer");
    case HiveOrder::equal: return make_nt4_rules(input_, false, "the hives are of the same time");
    case HiveOrder::target_newer:
      if (to_server()) return make_nt4_rules(input_, false, "the hive on the server is newer");
      break;
    case HiveOrder::differs_at_equal_time:
      kind = ConflictKind::same_time_differs;
      reason = "the hives are of the same time, but different";
      break;
  }
  const Triple hives{find_hive(input_.local), find_hive(input_.server), nullptr, nullptr};
  const Choice choice = arbiter_.settle(hives, kind);
  const Conflict& conflict = record_conflict(hives, kind, choice, reason);
  const bool source_wins = choice == keep_source(input_.direction);
  if (choice == Choice::merge) fate_of_hive_ = Fate{Deed::merge, false, conflict.reason};
  if (choice == Choice::undecided) fate_of_hive_ = Fate{Deed::open, false, conflict.reason};
  if (source_wins) fate_of_hive_ = Fate{Deed::put, true, conflict.reason};
  return make_nt4_rules(input_, source_wins, conflict.reason);
}

// Settles a row, or all rows of a folder that meets a file; the next row to settle.
std::size_t Planner::settle(std::size_t row) {
  const View view = view_of(row);
  if (settle_obstacle(row)) return row + 1;
  if (is_hive(path_of(row))) {
    if (view.kinds_differ()) {
      const std::size_t end = end_of_subtree(rows_, row);
      swap_to_target(row, end, "a folder has the name of the hive", true);
      return end;
    }
    const Entry* hive = find_hive(source_tree(input_));
    if (fate_of_hive_ && hive != nullptr && view.source == hive) {
      fates_[row] = *fate_of_hive_;
      return row + 1;
    }
  }
  Ruling verdict = rules_->judge(rows_[row].triple);
  if (view.kinds_differ()) return settle_swap(row, verdict);
  Fate& fate = fates_[row];
  switch (verdict.wish) {
    case Wish::nothing: break;
    case Wish::copy: fate = {Deed::put, false, std::move(verdict.reason)}; break;
    case Wish::remove: fate = {Deed::remove, false, std::move(verdict.reason)}; break;
    case Wish::remove_if_emptied: fate = {Deed::remove_if_emptied, false, std::move(verdict.reason)}; break;
    case Wish::keep: keep(row, std::move(verdict.reason), false, verdict.is_older); break;
    case Wish::conflict: settle_conflict(row, verdict); break;
  }
  fate.keeps_target_access = verdict.keeps_target_access;
  return row + 1;
}

bool Planner::settle_obstacle(std::size_t row) {
  const View view = view_of(row);
  if (view.source != nullptr && view.target == nullptr) {
    const std::string* obstacle = target_obstacles_.blocking(path_of(row));
    if (obstacle == nullptr) return false;
    keep(row, '"' + *obstacle + "\" stands in the way " + words_.at_target, true);
    return true;
  }
  if (view.source == nullptr && view.target != nullptr) {
    const std::string* obstacle = source_obstacles_.covering(path_of(row));
    if (obstacle == nullptr) return false;
    keep(row, "not taken for deleted: \"" + *obstacle + "\" hides it " + words_.at_source);
    return true;
  }
  return false;
}

void Planner::settle_conflict(std::size_t row, const Ruling& verdict) {
  const Triple& triple = rows_[row].triple;
  const View view = view_of(row);
  const Choice choice = arbiter_.settle(triple, verdict.kind);
  const Conflict& conflict = record_conflict(triple, verdict.kind, choice, verdict.reason);
  Fate& fate = fates_[row];
  fate.reason = conflict.reason;
  if (choice == Choice::undecided) {
    fate.deed = Deed::open;
  } else if (choice == Choice::merge) {
    fate.deed = Deed::merge;
  } else if (choice == Choice::keep_both) {
    fate.deed = Deed::keep_both;
  } else if (choice == keep_source(input_.direction)) {
    fate.deed = view.source != nullptr ? Deed::put : Deed::remove;
    fate.loser_to_history = view.target != nullptr;
  } else {
    keep(row, conflict.reason);
  }
}

// A folder on one side, a file on the other: the name and all below it have one winner.
std::size_t Planner::settle_swap(std::size_t head, const Ruling& verdict) {
  const std::size_t end = end_of_subtree(rows_, head);
  const View view = view_of(head);
  if (verdict.wish == Wish::keep) {
    swap_to_target(head, end, verdict.reason, true);
    return end;
  }
  bool source_changed = verdict.source_changed;
  bool target_changed = verdict.target_changed;
  for (std::size_t row = head + 1; row < end; ++row) {
    const Ruling below = rules_->judge(rows_[row].triple);
    source_changed = source_changed || below.source_changed;
    target_changed = target_changed || below.target_changed;
  }
  if (!source_changed) {
    swap_to_target(head, end, verdict.reason.empty() ? "changed " + words_.at_target : verdict.reason, false);
    return end;
  }
  if (view.source->is_file() && target_obstacles_.any_below(path_of(head))) {
    swap_to_target(head, end, "a file comes, but the folder holds what cannot roam " + words_.at_target, true);
    return end;
  }
  if (!target_changed) {
    const std::string words =
        view.source->is_file() ? "a file in place of a folder: " : "a folder in place of a file: ";
    const std::string why =
        verdict.reason.empty() ? "changed " + words_.at_source + ' ' + words_.since : verdict.reason;
    swap_to_source(head, end, words + why, false);
    return end;
  }

  const Triple& triple = rows_[head].triple;
  Choice choice = arbiter_.settle(triple, ConflictKind::kind_differs);
  const bool beside = choice == Choice::keep_both && view.source->is_file();
  if (choice == Choice::keep_both && !beside) choice = keep_source(input_.direction);
  const std::string words = triple.local->is_directory() ? "a folder here and a file on the server"
                                                         : "a file here and a folder on the server";
  const std::string reason = record_conflict(triple, ConflictKind::kind_differs, choice, words).reason;
  if (choice == Choice::undecided) {
    fates_[head] = {Deed::open, false, reason};
  } else if (beside) {
    fates_[head] = {to_server() ? Deed::keep_both : Deed::beside, false, reason};
  } else if (choice == keep_source(input_.direction)) {
    swap_to_source(head, end, reason, true);
  } else {
    swap_to_target(head, end, reason, false);
    // The files in a folder that lost are losers each.
    for (std::size_t row = head + 1; row < end; ++row) {
      const Entry* loser = view_of(row).source;
      if (loser == nullptr || !loser->is_file() || !rules_->judge(rows_[row].triple).source_changed) continue;
      record_conflict(rows_[row].triple, ConflictKind::kind_differs, choice, words);
      plan_.conflicts.back().loser = loser;
    }
  }
  return end;
}

void Planner::swap_to_source(std::size_t head, std::size_t end, const std::string& reason, bool after_conflict) {
  fates_[head] = {Deed::put, after_conflict, reason};
  for (std::size_t row = head + 1; row < end; ++row) {
    const View view = view_of(row);
    if (view.target != nullptr) fates_[row] = {Deed::remove, after_conflict && view.target->is_file(), reason};
    if (view.source != nullptr && view.target == nullptr && !settle_obstacle(row))
      fates_[row] = {Deed::put, false, reason};
  }
}

void Planner::swap_to_target(std::size_t head, std::size_t end, const std::string& reason, bool obstructed) {
  keep(head, reason, obstructed);
  for (std::size_t row = head + 1; row < end; ++row) {
    if (view_of(row).source != nullptr) keep(row, reason, obstructed);
  }
}

// Backwards, so that what is in a folder is known before the folder: a folder goes only when nothing is left in it, and one that
// is needed comes even if its own row says otherwise.
void Planner::settle_folders() {
  std::vector<bool> needed(rows_.size());
  std::vector<bool> emptied(rows_.size());
  for (std::size_t row = rows_.size(); row-- > 0;) {
    const View view = view_of(row);
    Fate& fate = fates_[row];
    const bool is_removal = fate.deed == Deed::remove || fate.deed == Deed::remove_if_emptied;
    if (is_removal && view.target->is_directory()) {
      const bool stays = needed[row] || target_obstacles_.any_below(path_of(row)) ||
                         (fate.deed == Deed::remove_if_emptied && !emptied[row]);
      fate.deed = stays ? Deed::none : Deed::remove;
    }
    if (fate.deed == Deed::none && view.target == nullptr && view.source != nullptr && needed[row]) {
      fate = {Deed::put, false, "for what comes into it"};
    }
    const std::size_t parent = rows_[row].parent;
    if (parent == no_row) continue;
    const bool there = view.target != nullptr ? fate.deed != Deed::remove : fate.deed != Deed::none;
    if (there) needed[parent] = true;
    if (fate.deed == Deed::remove) emptied[parent] = true;
  }
}

void Planner::keep(std::size_t row, std::string reason, bool obstructed, bool is_older) {
  const View view = view_of(row);
  const bool has_file =
      (view.source != nullptr && view.source->is_file()) || (view.target != nullptr && view.target->is_file());
  fates_[row] = {};
  if (has_file || obstructed) plan_.kept.push_back({path_of(row), std::move(reason), obstructed, is_older});
}

Conflict& Planner::record_conflict(const Triple& triple, ConflictKind kind, Choice choice, const std::string& reason) {
  Conflict conflict{.path = triple.path(), .kind = kind, .choice = choice};
  conflict.reason = reason + "; " + std::string(outcome_text(choice, triple));
  const View view(triple, input_.direction);
  const bool source_wins = choice == keep_source(input_.direction);
  if (source_wins || choice == keep_target(input_.direction)) {
    const Entry* loser = source_wins ? view.target : view.source;
    if (loser != nullptr && loser->is_file()) conflict.loser = loser;
    conflict.loser_replaced = source_wins && conflict.loser != nullptr;
  }
  return plan_.conflicts.emplace_back(std::move(conflict));
}

}  // namespace

const ProfilePath& Triple::path() const noexcept {
  for (const Entry* entry : {local, server, base_local, base_server}) {
    if (entry != nullptr) return entry->path;
  }
  static const ProfilePath root;
  return root;
}

bool Plan::undecided() const noexcept { return count(Verb::conflict) != 0; }

std::size_t Plan::count(Verb verb) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(actions.begin(), actions.end(), [&](const Action& action) { return action.verb == verb; }));
}

std::size_t Plan::deleted_files() const noexcept {
  return static_cast<std::size_t>(std::count_if(actions.begin(), actions.end(), [](const Action& action) {
    const bool removal = action.verb == Verb::delete_on_server || action.verb == Verb::delete_locally;
    return removal && action.target != nullptr && action.target->is_file();
  }));
}

Plan make_plan(const PlanInput& input, const Policy& policy, const Decisions& decisions) {
  return Planner(input, policy, decisions).run();
}

}  // namespace roamsync
