/// @file
/// Planning within a session: the plan, the decisions of a person, the guards.
#pragma once

#include "session/survey.hpp"

#include <map>
#include <string>

namespace roamsync {

/// What a person has decided in this call, by path and by the two versions it was decided for. Survives planning again after
/// another machine has published.
class AskedDecisions {
 public:
  std::optional<Choice> find(const Triple& triple) const;
  /// Asks for every open conflict of the plan. False when one stays undecided.
  bool ask(const Plan& plan, const PlanInput& input, const std::function<Choice(const Triple&, ConflictKind)>& decide);

 private:
  std::map<std::string, Choice> choices_;
};

const Policy& policy_of(const SessionOptions& options);

/// The error for a plan that still has open conflicts; names them.
Error decision_needed(const Plan& plan);

/// Size limit of the profile (Errc::over_quota).
Result<void> check_quota(Workspace& work, const Tree& profile);

/// The deletion guard, and on top of it: a side that holds no file at all is never the reason to delete.
Result<void> check_plan_deletions(Workspace& work, const Plan& plan, const Survey& survey);

/// Notices for what cannot roam and for what the plan had to leave alone because something stands in its way.
void tell_obstacles(Workspace& work, const Survey& survey, Store& server);

/// True when the server's folder held a profile and holds no file now: unmounted, or wiped.
bool is_emptied(const Survey& survey);
Error emptied_error(const Survey& survey, std::string_view location);

}  // namespace roamsync
