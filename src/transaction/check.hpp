/// @file
/// The last look before the intent: every target still is what the plan was made for.
#pragma once

#include "transaction/intent.hpp"
#include "transaction/lane_set.hpp"

namespace roamsync {

/// Errc::target_changed names the first that is not.
Result<void> check_targets(Store& target, const Intent& intent, LaneSet& lanes);

}  // namespace roamsync
