// A power cut while a recovery makes room: whatever a disk keeps of the changes of names, and in whatever order, what somebody
// else put there, or what had made room before, is on it under some name.
#include <roamsync/transaction.hpp>

#include "support/change_set.hpp"
#include "support/crash_store.hpp"
#include "support/fault_store.hpp"
#include "support/result_matchers.hpp"
#include "transaction/names.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace roamsync {
namespace {

using testing::at;
using testing::ChangeBuilder;
using testing::CrashStore;
using testing::FaultStore;
using testing::NameOrder;
using testing::options_of;
using testing::records_of;
using testing::text_of;
using Content = MemoryStore::Content;

bool holds(const Content& disk, std::string_view text) {
  return std::ranges::any_of(disk, [&](const auto& one) { return text_of(one.second.bytes) == text; });
}

class RecoverInAPowerCut : public ::testing::TestWithParam<NameOrder> {
 protected:
  void SetUp() override {
    target_->put_file(at("NTUSER.DAT"), "old hive", FileTime{10});
    target_->put_file(at("Desktop/a.txt"), "old a", FileTime{20});
    target_->put_file(at("Desktop/b.txt"), "old b", FileTime{30});
    target_->put_file(at("Folder/x"), "old x", FileTime{40});
    target_->put_file(at(".roamsync/head"), "generation 1");
  }
  // A publish that dies as soon as `is_there` holds.
  void publish_until(const std::function<bool(const Content&)>& is_there) {
    const auto before = target_->content();
    const auto changes = ChangeBuilder(*target_)
                             .file("NTUSER.DAT", "new hive")
                             .file("Desktop/a.txt", "new a")
                             .file("Desktop/b.txt", "new b")
                             .file("Folder", "new file")
                             .remove("Folder/x")
                             .take();
    for (std::size_t operation = 1; !is_there(target_->content()); ++operation) {
      target_->set_content(before);
      FaultStore faults(*target_);
      faults.arm({.operation = operation, .and_all_after = true});
      ASSERT_FALSE(publish(faults, records_of(faults), changes, options_of("t1")).has_value());
    }
  }
  bool has(const Content& disk, const char* path, std::string_view text) {
    const auto file = disk.find(at(path));
    return file != disk.end() && text_of(file->second.bytes) == text;
  }
  void expect_kept_on_every_disk(std::string_view text) {
    CrashStore disk(target_->content(), {.names = GetParam()});
    ASSERT_OK(recover(disk, records_of(disk)));
    ASSERT_TRUE(holds(disk.content(), text));
    for (std::size_t cut = 0; cut <= disk.operations(); ++cut) {
      for (const Content& left : disk.disks_after(cut, 200, cut)) {
        ASSERT_TRUE(holds(left, text)) << "after operation " << cut << " of " << disk.operations();
        target_->set_content(left);
        ASSERT_OK(recover(*target_, records_of(*target_)));
        ASSERT_TRUE(holds(target_->content(), text)) << "the next recovery after operation " << cut;
      }
    }
  }

  std::unique_ptr<MemoryStore> target_ = make_memory_store();
};

TEST_P(RecoverInAPowerCut, AFileOfSomebodyElseIsKept) {
  publish_until([&](const Content& disk) { return has(disk, "Desktop/a.txt", "new a"); });
  target_->put_file(at("NTUSER.DAT"), "precious", FileTime{77});
  expect_kept_on_every_disk("precious");
}

TEST_P(RecoverInAPowerCut, AFolderThatCameIntoTheWayIsKept) {
  publish_until([&](const Content& disk) { return has(disk, "Desktop/a.txt", "new a"); });
  ASSERT_OK(target_->remove_file(at("Desktop/b.txt")));
  target_->put_file(at("Desktop/b.txt/theirs"), "precious", FileTime{77});
  expect_kept_on_every_disk("precious");
}

TEST_P(RecoverInAPowerCut, WhatMadeRoomForNothingIsKept) {
  publish_until([](const Content& disk) { return disk.contains(aside_of(at("Folder"), "t1")); });
  ASSERT_OK(target_->remove_file(at("Folder.t1.roamsync.tmp")));
  expect_kept_on_every_disk("old x");
}

INSTANTIATE_TEST_SUITE_P(Order, RecoverInAPowerCut, ::testing::Values(NameOrder::in_order, NameOrder::any_subset),
                         [](const auto& order) {
                           return std::string(order.param == NameOrder::in_order ? "in_order" : "any_subset");
                         });

}  // namespace
}  // namespace roamsync
