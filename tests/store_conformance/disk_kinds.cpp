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
  Store& store() override { return *store_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

StoreKind disk(std::string name, posix::Resolution resolution) {
  return {std::move(name), [resolution] { return std::make_unique<DiskUnderTest>(resolution); }};
}

INSTANTIATE_TEST_SUITE_P(Disk, StoreConformance,
                         ::testing::Values(disk("plain", posix::Resolution::kernel),
                                           disk("component_by_component", posix::Resolution::walk)),
                         name_of_kind);

}  // namespace
}  // namespace roamsync::testing
