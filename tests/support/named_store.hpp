/// @file
/// NamedStore: a store in memory whose files have names that the (simulated) system knows, so that holders are looked for.
#pragma once

#include "support/forwarding_store.hpp"

namespace roamsync::testing {

class NamedStore : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  std::optional<boost::filesystem::path> system_path(const ProfilePath& path) const override {
    return "/profile/" + std::string(path.text());
  }
};

}  // namespace roamsync::testing
