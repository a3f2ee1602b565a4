/// @file
/// Rules: what each set of rules wants for one name, seen alone. Folders, obstacles and conflicts are settled in plan.cpp.
#pragma once

#include "plan/compare.hpp"
#include "plan/rows.hpp"

#include <functional>
#include <memory>
#include <string>

namespace roamsync {

enum class Wish : std::uint8_t {
  nothing,            ///< both sides agree, or neither has it
  copy,               ///< the source's comes to the target
  remove,             ///< gone from the target; a folder when nothing is left in it
  remove_if_emptied,  ///< a folder that goes only because this plan empties it
  keep,               ///< they differ, and the target stays as it is
  conflict,
};

struct Ruling {
  Wish wish = Wish::nothing;
  ConflictKind kind = ConflictKind::both_changed;
  std::string reason = {};
  /// Whether each side has something to lose: what a folder that meets a file asks of all below it.
  bool source_changed = false;
  bool target_changed = false;
  bool keeps_target_access = false;  ///< as in Action
  bool is_older = false;             ///< as in Kept
};

class RuleSet {
 public:
  virtual ~RuleSet() = default;
  virtual Ruling judge(const Triple& triple) const = 0;
};

/// What the rules write in reasons, in the words of one direction.
struct Words {
  explicit Words(const PlanInput& input);

  std::string since;        ///< "since generation 7", "since the last sync"
  std::string at_source;    ///< "here", "on the server"
  std::string at_target;    ///< "on the server", "here"
  std::string target_side;  ///< "the server's", "the local one"
  std::string other_turn;   ///< "its turn is the next logon"
};

std::unique_ptr<RuleSet> make_base_rules(const PlanInput& input);
std::unique_ptr<RuleSet> make_windows2000_rules(const PlanInput& input);

/// nt4: the hives are compared first, then everything follows.
enum class HiveOrder : std::uint8_t { no_source, no_target, source_newer, target_newer, equal, differs_at_equal_time };
HiveOrder compare_hives(const PlanInput& input);
/// `source_wins` settles what the times leave open.
std::unique_ptr<RuleSet> make_nt4_rules(const PlanInput& input, bool source_wins, std::string because);

}  // namespace roamsync
