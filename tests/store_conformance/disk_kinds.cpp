#include <roamsync/disk_store.hpp>

#include "store/disk_store_posix.hpp"
#include "store_conformance/conformance.hpp"
#include "support/temporary_folder.hpp"

namespace roamsync::testing {
namespace {

class DiskUnderTest final : public StoreUnderTest {
 public:
  explicit DiskUnderTest(posix::Resolution resolution)
      : store_(posix::open_disk_store({.root = folder_.path()}, resolution).value()) {}
  explicit DiskUnderTest(const posix::FileSystem& taken_for)
      : store_(posix::open_disk_store({.root = folder_.path()}, posix::Resolution::kernel, taken_for).value()) {}
  Store& store() override { return *store_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

template <class How>
StoreKind disk(std::string name, const How& how) {
  return {std::move(name), [how] { return std::make_unique<DiskUnderTest>(how); }};
}

INSTANTIATE_TEST_SUITE_P(
    Disk, StoreConformance,
    ::testing::Values(disk("plain", posix::Resolution::kernel), disk("component_by_component", posix::Resolution::walk),
                      disk("flushed_and_preserved_as_on_a_mounted_share",
                           posix::FileSystem{.traits = {.atomic_replace = true, .case_sensitive = true},
                                             .flush_needs_write_access = true,
                                             .second_name_is_refused = true})),
    name_of_kind);

}  // namespace
}  // namespace roamsync::testing
