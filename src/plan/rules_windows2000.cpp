#include "plan/rules.hpp"

namespace roamsync {
namespace {

// Windows 2000 merge algorithm (cc961679): each file by its own time; what only the target has was there when the profile was
// loaded, and so deleted since, or came from elsewhere meanwhile.
class Windows2000Rules final : public RuleSet {
 public:
  explicit Windows2000Rules(const PlanInput& input)
      : input_(input),
        words_(input),
        source_is_empty_(source_tree(input).file_count() == 0),
        source_has_hive_(find_hive(source_tree(input)) != nullptr) {}

  Ruling judge(const Triple& triple) const override {
    const View view(triple, input_.direction);
    if (view.source == nullptr && view.target == nullptr) return {};
    Ruling verdict = of(view, triple);
    // Without a base nobody knows which side of a folder changed: both may lose something.
    verdict.source_changed = verdict.target_changed = true;
    return verdict;
  }

 private:
  Ruling of(const View& view, const Triple& triple) const {
    if (view.target == nullptr) return {Wish::copy, {}, "only " + words_.at_source};
    if (view.source == nullptr) return of_target_only(*view.target, view.base_target);
    if (view.kinds_differ()) return {Wish::conflict, ConflictKind::kind_differs, {}};
    if (taken_for_equal(triple, input_.time_resolution)) return {};
    if (same_time(view.source->modified, view.target->modified, input_.time_resolution)) {
      return {Wish::conflict, ConflictKind::same_time_differs,
              "of the same time here and on the server, but different"};
    }
    if (view.source->modified > view.target->modified) {
      return {Wish::copy, {}, "newer " + words_.at_source + " than " + words_.at_target};
    }
    Ruling skipped{Wish::keep, {}, "older " + words_.at_source + " than the file it would overwrite"};
    skipped.is_older = true;
    return skipped;
  }

  Ruling of_target_only(const Entry& target, const Entry* base) const {
    if (target.is_directory()) return {Wish::remove_if_emptied, {}, "nothing is left in it"};
    if (is_hive(target.path) && !source_has_hive_) return {Wish::keep, {}, "a hive is never taken for deleted"};
    if (source_is_empty_) return {Wish::keep, {}, "there is no profile " + words_.at_source};
    if (!input_.load_time) return {Wish::keep, {}, "only " + words_.at_target + ", and no load time is known"};
    const char* loaded = input_.direction == Direction::logoff ? "the profile was loaded" : "the last session ended";
    if (target.modified > *input_.load_time) {
      return {Wish::keep, {}, "only " + words_.at_target + ", and younger than when " + loaded};
    }
    // What a session left out (it was read-only, or excluded the file) is as old as what it uploaded.
    if (!input_.base.empty() && (base == nullptr || !same_stamp(*base, target))) {
      return {Wish::keep, {}, "only " + words_.at_target + ", and never in step with " + words_.at_source};
    }
    return {Wish::remove, {}, "deleted " + words_.at_source + ": it was there when " + loaded};
  }

  const PlanInput& input_;
  Words words_;
  bool source_is_empty_;
  bool source_has_hive_;
};

}  // namespace

std::unique_ptr<RuleSet> make_windows2000_rules(const PlanInput& input) {
  return std::make_unique<Windows2000Rules>(input);
}

}  // namespace roamsync
