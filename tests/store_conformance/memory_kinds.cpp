#include <roamsync/memory_store.hpp>

#include "store_conformance/conformance.hpp"
#include "support/fault_store.hpp"

namespace roamsync::testing {
namespace {

class MemoryUnderTest final : public StoreUnderTest {
 public:
  explicit MemoryUnderTest(const StoreTraits& traits) : store_(make_memory_store({.traits = traits})) {}
  Store& store() override { return *store_; }

 private:
  std::unique_ptr<MemoryStore> store_;
};

// The decorator that tests put in front of stores must be a store itself.
class DecoratedUnderTest final : public StoreUnderTest {
 public:
  Store& store() override { return faults_; }

 private:
  std::unique_ptr<MemoryStore> store_ = make_memory_store();
  FaultStore faults_{*store_};
};

template <class Change>
StoreKind poorer(std::string name, Change change) {
  StoreTraits traits = MemoryStoreOptions().traits;
  change(traits);
  return {std::move(name), [traits] { return std::make_unique<MemoryUnderTest>(traits); }};
}

INSTANTIATE_TEST_SUITE_P(
    Memory, StoreConformance,
    ::testing::Values(poorer("plain", [](StoreTraits&) {}),
                      poorer("case_sensitive", [](StoreTraits& traits) { traits.case_sensitive = true; }),
                      poorer("without_modes", [](StoreTraits& traits) { traits.posix_modes = false; }),
                      poorer("without_clones", [](StoreTraits& traits) { traits.duplicates_cheaply = false; }),
                      poorer("two_second_times",
                             [](StoreTraits& traits) { traits.time_resolution = std::chrono::seconds(2); }),
                      StoreKind{"behind_fault_store", [] { return std::make_unique<DecoratedUnderTest>(); }}),
    name_of_kind);

}  // namespace
}  // namespace roamsync::testing
