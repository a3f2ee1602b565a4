#include "plan/rules.hpp"

namespace roamsync {
namespace {

class BaseRules final : public RuleSet {
 public:
  explicit BaseRules(const PlanInput& input)
      : input_(input),
        words_(input),
        whole_base_missing_(input.base.empty()),
        source_has_hive_(find_hive(source_tree(input)) != nullptr),
        target_has_hive_(find_hive(target_tree(input)) != nullptr) {}

  Ruling judge(const Triple& triple) const override {
    View view(triple, input_.direction);
    if (view.source == nullptr && view.target == nullptr) return {.source_changed = true, .target_changed = true};
    if (missing_hive(view, triple)) view.base_source = view.base_target = nullptr;
    const Change source = change_since(view.base_source, view.source);
    const Change target = change_since(view.base_target, view.target);
    Ruling verdict = view.base_source == nullptr ? without_base(view, triple) : with_base(source, target, triple);
    verdict.source_changed = source != Change::none;
    verdict.target_changed = target != Change::none;
    if (view.kinds_differ()) {
      verdict.wish = Wish::conflict;
      verdict.kind = ConflictKind::kind_differs;
    } else if (view.base_source != nullptr && view.source != nullptr && view.target != nullptr) {
      judge_access(view, verdict);
    }
    return verdict;
  }

 private:
  // Lists are a matter of their own: who changed bytes has said nothing about rights.
  void judge_access(const View& view, Ruling& verdict) const {
    const bool source = !same_access(*view.base_source, *view.source);
    const bool target = !same_access(*view.base_target, *view.target);
    verdict.keeps_target_access = target && !source;
    if (verdict.wish != Wish::nothing || (!source && !target)) return;
    if (source && target) {
      verdict.wish = Wish::conflict;
      verdict.kind = ConflictKind::access_differs;
      verdict.reason = "its access list was changed here and on the server " + words_.since;
    } else if (source) {
      verdict.wish = Wish::copy;
      verdict.reason = "its access list was changed " + words_.at_source + ' ' + words_.since;
    } else {
      verdict.wish = Wish::keep;
      verdict.reason =
          "its access list was changed " + words_.at_target + ' ' + words_.since + ": " + words_.other_turn;
    }
  }

  // A side without any hive has lost it: that is never a decision of the user.
  bool missing_hive(const View& view, const Triple& triple) const {
    if (!is_hive(triple.path())) return false;
    return (view.source == nullptr && !source_has_hive_) || (view.target == nullptr && !target_has_hive_);
  }

  Ruling with_base(Change source, Change target, const Triple& triple) const {
    if (source == Change::none && target == Change::none) return {};
    if (source == Change::none) {
      const char* what = target == Change::removed ? "deleted " : "changed ";
      return {Wish::keep, {}, what + words_.at_target + ' ' + words_.since + ": " + words_.other_turn};
    }
    if (target == Change::none) {
      const bool removed = source == Change::removed;
      return {removed ? Wish::remove : Wish::copy,
              {},
              (removed ? "deleted " : "changed ") + words_.at_source + ' ' + words_.since + ", " + words_.target_side +
                  " is as it was"};
    }
    if (taken_for_equal(triple, input_.time_resolution)) return {};
    // A folder in place of a file that the other side deleted: nobody loses anything.
    const View view(triple, input_.direction);
    if (view.target == nullptr && view.source->is_directory()) return {Wish::copy, {}, "new " + words_.at_source};
    if (view.source == nullptr && view.target->is_directory()) return {Wish::keep, {}, {}};
    if (source != Change::removed && target != Change::removed) {
      return {Wish::conflict, ConflictKind::both_changed, "changed here and on the server " + words_.since};
    }
    if (triple.local != nullptr) {
      return {Wish::conflict, ConflictKind::changed_here_deleted_there,
              "changed here and deleted on the server " + words_.since};
    }
    return {Wish::conflict, ConflictKind::deleted_here_changed_there,
            "deleted here and changed on the server " + words_.since};
  }

  Ruling without_base(const View& view, const Triple& triple) const {
    if (view.target == nullptr) return {Wish::copy, {}, "new " + words_.at_source};
    if (view.source == nullptr) return {Wish::keep, {}, "new " + words_.at_target + ": " + words_.other_turn};
    if (taken_for_equal(triple, input_.time_resolution)) return {};
    if (same_time(triple.local->modified, triple.server->modified, input_.time_resolution)) {
      return {Wish::conflict, ConflictKind::same_time_differs,
              "of the same time here and on the server, but different"};
    }
    if (whole_base_missing_) {
      return {Wish::conflict, ConflictKind::no_base, "here and on the server, different, and never synced before"};
    }
    return {Wish::conflict, ConflictKind::both_changed, "new here and on the server " + words_.since};
  }

  const PlanInput& input_;
  Words words_;
  bool whole_base_missing_;
  bool source_has_hive_;
  bool target_has_hive_;
};

}  // namespace

std::unique_ptr<RuleSet> make_base_rules(const PlanInput& input) { return std::make_unique<BaseRules>(input); }

}  // namespace roamsync
