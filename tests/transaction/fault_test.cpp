// Every operation failing once, and the line cut for good at every operation: no error path leaves anything but the old
// profile or the new one.
#include <roamsync/scan.hpp>
#include <roamsync/transaction.hpp>

#include "support/change_set.hpp"
#include "support/fault_store.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::AnyOf;
using testing::at;
using testing::ChangeBuilder;
using ::testing::Eq;
using testing::FaultStore;
using ::testing::IsEmpty;
using testing::leftovers_of;
using testing::options_of;
using testing::profile_of;
using testing::records_of;
using testing::text_at;

struct Disk {
  std::map<std::string, std::string> profile;
  std::string head;
  friend bool operator==(const Disk&, const Disk&) = default;
};
Disk disk_of(const MemoryStore& store) {
  return {.profile = profile_of(store.content()), .head = text_at(store, ".roamsync/head")};
}

MemoryStore::Content before() {
  const auto target = make_memory_store();
  target->put_file(at("NTUSER.DAT"), "old hive", FileTime{10});
  target->put_file(at("Desktop/a.txt"), "old a", FileTime{20});
  target->put_file(at("Desktop/b.txt"), "old b", FileTime{30});
  target->put_file(at("swap"), "a file", FileTime{30});
  target->put_file(at(".roamsync/head"), "generation 1");
  return target->content();
}

ChangeSet changes_for(Store& target) {
  return ChangeBuilder(target)
      .file("NTUSER.DAT", "new hive")
      .file("Desktop/a.txt", "new a")
      .directory("New")
      .file("New/c.txt", "new c")
      .directory("swap")
      .file("swap/inside", "new")
      .remove("Desktop/b.txt")
      .take();
}

void recover_and_sweep(Store& store) {
  ASSERT_OK(recover(store, records_of(store)));
  const auto scanned = scan(store, {.lanes = 1});
  ASSERT_OK(scanned);
  ASSERT_OK(sweep(store, scanned.value().temporaries));
}

class PublishFault : public ::testing::TestWithParam<std::tuple<std::errc, bool>> {
 protected:
  Result<Published> publish_on(Store& store, const ChangeSet& changes) {
    auto options = options_of("t1");
    options.history.generation = 1;
    return publish(store, records_of(store), changes, options);
  }
};

TEST_P(PublishFault, LeavesTheOldProfileOrTheNewOne) {
  const auto [code, and_all_after] = GetParam();
  const auto reference = make_memory_store();
  reference->set_content(before());
  const Disk old_disk = disk_of(*reference);
  const ChangeSet changes = changes_for(*reference);
  ASSERT_OK(publish_on(*reference, changes));
  const Disk new_disk = disk_of(*reference);

  std::size_t undone = 0;
  std::size_t finished = 0;
  for (std::size_t operation = 1;; ++operation) {
    const auto target = make_memory_store();
    target->set_content(before());
    FaultStore faults(*target);
    faults.arm({.operation = operation, .code = std::make_error_code(code), .and_all_after = and_all_after});
    const auto published = publish_on(faults, changes);
    SCOPED_TRACE("operation " + std::to_string(operation) + ", " + faults.failed());
    if (faults.failed().empty()) {
      ASSERT_OK(published);
      break;
    }
    ASSERT_THAT(text_at(*target, "NTUSER.DAT"), AnyOf(Eq("old hive"), Eq("new hive")));
    const bool is_decided = target->stat(at(".roamsync/intent")).value().has_value();
    if (!published && !and_all_after && !is_decided) {
      EXPECT_EQ(target->content(), before()) << "a failure before the decision clears up behind itself";
    }
    if (published) {
      EXPECT_EQ(disk_of(*target), new_disk) << "what failed did not matter";
    } else {
      EXPECT_EQ(published.error().code(), code);
      EXPECT_NE(published.error().context().step, "");
      EXPECT_NE(published.error().context().path, "");
    }
    recover_and_sweep(*target);
    ASSERT_EQ(disk_of(*target), is_decided || published ? new_disk : old_disk);
    EXPECT_THAT(leftovers_of(target->content()), IsEmpty());
    ++(is_decided || published ? finished : undone);
  }
  EXPECT_GT(undone, 30U);
  EXPECT_GT(finished, 10U);
}

INSTANTIATE_TEST_SUITE_P(Codes, PublishFault,
                         ::testing::Combine(::testing::Values(std::errc::io_error, std::errc::no_space_on_device,
                                                              std::errc::permission_denied),
                                            ::testing::Bool()));

TEST(RecoveryFault, TheNextRecoveryFinishes) {
  const auto reference = make_memory_store();
  reference->set_content(before());
  const ChangeSet changes = changes_for(*reference);
  // Cut off at the third rename, one unit being in place.
  FaultStore line(*reference);
  for (std::size_t operation = 1, renames = 0; renames < 3; ++operation) {
    reference->set_content(before());
    line.arm({.operation = operation, .and_all_after = true});
    ASSERT_FALSE(publish(line, records_of(line), changes, options_of("t1")).has_value());
    if (line.failed().starts_with("replace")) ++renames;
  }
  const auto interrupted = reference->content();
  recover_and_sweep(*reference);
  const Disk new_disk = disk_of(*reference);
  ASSERT_EQ(new_disk.head, "generation 2");

  for (std::size_t operation = 1;; ++operation) {
    const auto target = make_memory_store();
    target->set_content(interrupted);
    FaultStore faults(*target);
    faults.arm({.operation = operation});
    const auto recovered = recover(faults, records_of(faults));
    SCOPED_TRACE("operation " + std::to_string(operation) + ", " + faults.failed());
    if (faults.failed().empty()) {
      ASSERT_OK(recovered);
      EXPECT_GT(operation, 20U);
      break;
    }
    EXPECT_FALSE(recovered.has_value());
    recover_and_sweep(*target);
    ASSERT_EQ(disk_of(*target), new_disk);
    EXPECT_THAT(leftovers_of(target->content()), IsEmpty());
  }
}

}  // namespace
}  // namespace roamsync
