/// @file
/// Carrying out a plan: its changes as one transaction on the side the plan is for.
#pragma once

#include "session/changes.hpp"
#include "session/losers.hpp"
#include "session/planning.hpp"

#include <functional>

namespace roamsync {

struct CarriedOut {
  Tree local_after;
  Tree server_after;
  /// Of a merge of hives: the source's hive as it was, which is the base hive from now on.
  std::optional<SharedBytes> base_hive = {};
};

struct CarryOut {
  Store& server;
  CarriedAccess* access = nullptr;  ///< null: no lists travel
  std::string transaction;
  HistoryOptions history = {};  ///< with `generation` 0: none
  LostFiles lost = {};
  std::function<Result<void>()> before_intent = {};  ///< as in PublishOptions
  /// The record that is published with the files, from both trees as they will be.
  std::string_view record_name;
  std::function<std::vector<std::byte>(const CarriedOut&)> make_record;
};

/// The coarser clock of two stores.
std::chrono::nanoseconds resolution_of(const Store& left, const Store& right);

/// Which hive counts after the plan, for the report.
HiveChoice hive_choice(const PlanInput& input, const Plan& plan);

/// Reads and checks the hive if the plan moves one, checks the space, publishes, remembers page digests, and counts it all in the
/// report. Logoff publishes on the server, logon on the local store with its records in the state folder.
Result<CarriedOut> carry_out(Workspace& work, const Survey& survey, const PlanInput& input, const Plan& plan,
                             const CarryOut& how);

}  // namespace roamsync
