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

/// What one attempt to plan and carry out came to: nothing when the plan has to be made again (conflicts were put to the
/// caller, another lock is needed).
using Attempt = std::function<Result<std::optional<Report>>()>;

/// Makes attempts, at most five: Errc::generation_moved when the last one still asks for another. One that fails while
/// `is_publishing`, because files changed or vanished under its plan, is told, the local profile recovered, and it is made again.
Result<Report> plan_until_done(Workspace& work, const Store& server, const Attempt& attempt, const bool& is_publishing);

/// A mandatory hive is put on a server by an administrator alone: one that lies here (renamed, or fetched when the profile was
/// mandatory) stays out of a logoff, and is told with what cannot roam. Before the survey's input is taken.
void leave_mandatory_hive(Survey& survey);

/// Size limit of the profile (Errc::over_quota).
Result<void> check_quota(Workspace& work, const Tree& profile);

/// The deletion guard, and on top of it: a side that holds no file at all is never the reason to delete.
Result<void> check_plan_deletions(Workspace& work, const Plan& plan, const Survey& survey, const Store& server);

/// Of Rules::windows2000: what is skipped, one notice for all (event 1007).
void tell_skipped(Workspace& work, const Plan& plan);

/// Notices for what cannot roam and for what the plan had to leave alone because something stands in its way.
void tell_obstacles(Workspace& work, const Survey& survey, Store& server);

}  // namespace roamsync
