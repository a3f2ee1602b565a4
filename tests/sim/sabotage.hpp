/// @file
/// Sabotage: faults that roamsync does not promise to survive. A simulation in which they are made has to see them.
#pragma once

#include "support/forwarding_store.hpp"

namespace roamsync::sim {

enum class Sabotage {
  none,
  server_lies_about_flushes,     ///< it acknowledges them and does not make them
  server_replaces_in_two_steps,  ///< it deletes the old file, then renames the new one
  server_forgets_history,        ///< history is bounded to the last generation
};

/// A server whose replace() is a deletion and a rename.
class TwoStepReplace final : public testing::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override {
    BOOST_OUTCOME_TRY(const auto there, inner_.stat(to));
    if (there && there->is_file() && !from.same_file(to)) {
      BOOST_OUTCOME_TRYV(inner_.remove_file(to));
    }
    return inner_.replace(from, to);
  }
};

}  // namespace roamsync::sim
