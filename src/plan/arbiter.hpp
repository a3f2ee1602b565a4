/// @file
/// Arbiter: asks the decisions, then the policy, and turns their answer into one that can be done.
#pragma once

#include "plan/rows.hpp"

namespace roamsync {

class Arbiter {
 public:
  Arbiter(const Policy& policy, const Decisions& decisions) noexcept : policy_(policy), decisions_(decisions) {}

  /// keep_both only for two files that are no hives, or for a folder that meets a file; merge only for two hives; of two access
  /// lists one.
  Choice settle(const Triple& triple, ConflictKind kind) const;

 private:
  const Policy& policy_;
  const Decisions& decisions_;
};

/// What a choice means, in words to follow the reason of a conflict.
std::string_view outcome_text(Choice choice, const Triple& triple) noexcept;

}  // namespace roamsync
