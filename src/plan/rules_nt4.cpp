#include "plan/rules.hpp"

namespace roamsync {
namespace {

// KB146192: the whole profile follows the hive. KB Q185587: what only the target has stays.
class Nt4Rules final : public RuleSet {
 public:
  Nt4Rules(const PlanInput& input, bool source_wins, std::string because)
      : input_(input), words_(input), source_wins_(source_wins), because_(std::move(because)) {}

  Ruling judge(const Triple& triple) const override {
    const View view(triple, input_.direction);
    if (view.source == nullptr && view.target == nullptr) return {};
    if (view.source == nullptr) {
      return {Wish::keep, {}, source_wins_ ? "only " + words_.at_target + ": NT 4 deletes nothing" : because_};
    }
    if (view.kinds_differ()) {
      return {Wish::keep, ConflictKind::kind_differs, "a file on one side and a folder on the other: NT 4 fails here"};
    }
    if (taken_for_equal(triple, input_.time_resolution)) return {};
    return {source_wins_ ? Wish::copy : Wish::keep, {}, because_};
  }

 private:
  const PlanInput& input_;
  Words words_;
  bool source_wins_;
  std::string because_;
};

}  // namespace

HiveOrder compare_hives(const PlanInput& input) {
  const Entry* source = find_hive(source_tree(input));
  const Entry* target = find_hive(target_tree(input));
  if (source == nullptr) return HiveOrder::no_source;
  if (target == nullptr) return HiveOrder::no_target;
  if (!same_time(source->modified, target->modified, input.time_resolution)) {
    return source->modified > target->modified ? HiveOrder::source_newer : HiveOrder::target_newer;
  }
  // Two clocks may show the same: what is known to differ is not equal.
  const bool local_first = input.direction == Direction::logoff;
  const Triple hives{local_first ? source : target, local_first ? target : source, input.base.local.find(source->path),
                     input.base.server.find(source->path)};
  return sameness(hives) == Sameness::different ? HiveOrder::differs_at_equal_time : HiveOrder::equal;
}

std::unique_ptr<RuleSet> make_nt4_rules(const PlanInput& input, bool source_wins, std::string because) {
  return std::make_unique<Nt4Rules>(input, source_wins, std::move(because));
}

}  // namespace roamsync
