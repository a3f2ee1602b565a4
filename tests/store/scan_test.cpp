#include <roamsync/memory_store.hpp>
#include <roamsync/scan.hpp>

#include "support/at.hpp"
#include "support/fault_store.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

#include <random>

namespace roamsync {
namespace {

using roamsync::testing::Fault;
using roamsync::testing::FaultStore;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using testing::at;

std::unique_ptr<MemoryStore> store_with(std::initializer_list<const char*> files, bool case_sensitive = false) {
  auto store = make_memory_store({.traits = {.case_sensitive = case_sensitive}});
  for (const char* file : files) store->put_file(at(file), file);
  return store;
}

std::vector<std::string> names(const Tree& tree) {
  std::vector<std::string> all;
  for (const Entry& entry : tree.entries()) all.emplace_back(entry.path.text());
  return all;
}

TEST(Scan, GivesTheTreeInPathOrder) {
  const auto store = store_with({"b", "A/z", "A/B/c", "a b/x", "NTUSER.DAT"});
  const auto result = scan(*store);
  ASSERT_OK(result);
  EXPECT_THAT(names(result.value().tree), ElementsAre("A", "A/B", "A/B/c", "A/z", "a b", "a b/x", "b", "NTUSER.DAT"));
  EXPECT_EQ(*result.value().tree.find(at("A/B/c")), *store->stat(at("A/B/c")).value());
}

// A path that Windows cannot hold could be written into a record, and not be read from it again.
TEST(Scan, APathThatIsTooLongForWindowsIsTold) {
  const auto store = store_with({"a"});
  ProfilePath deep;
  for (int i = 0; i < 140; ++i) {
    deep = deep.child_unchecked(std::string(240, 'd'));
    ASSERT_OK(store->make_directory(deep, 0));
  }
  const auto result = scan(*store);
  ASSERT_OK(result);
  ASSERT_EQ(result.value().unusable.size(), 1U);
  EXPECT_EQ(result.value().unusable[0].path.size(), 136U * 241 - 1);
  EXPECT_THAT(result.value().unusable[0].found, HasSubstr("32767 UTF-16 units"));
  EXPECT_EQ(result.value().tree.size(), 136U);
}

TEST(Scan, AFolderWithTheHivesNameIsNoPartOfTheProfile) {
  const auto store = store_with({"a", "ntuser.dat/x", "Desktop/NTUSER.DAT/y"});
  const auto result = scan(*store);
  ASSERT_OK(result);
  EXPECT_THAT(names(result.value().tree), ElementsAre("a", "Desktop", "Desktop/NTUSER.DAT", "Desktop/NTUSER.DAT/y"));
  ASSERT_EQ(result.value().unusable.size(), 1U);
  EXPECT_EQ(result.value().unusable[0].path, "ntuser.dat");
}

TEST(Scan, OfAnEmptyStoreIsAnEmptyTree) {
  const auto result = scan(*make_memory_store());
  ASSERT_OK(result);
  EXPECT_TRUE(result.value().tree.empty());
}

TEST(Scan, GivesTheSameWithAnyNumberOfLanes) {
  const auto store = make_memory_store({.traits = {.case_sensitive = true}});
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string path;
    for (unsigned depth = random() % 4; depth != 0; --depth)
      path += std::string(1, static_cast<char>('a' + random() % 6)) + '/';
    path += "f" + std::to_string(i % 900) + (random() % 8 == 0 ? ".roamsync.tmp" : "");
    if (random() % 5 == 0) path[0] = static_cast<char>(std::toupper(path[0]));
    store->put_file(at(path), "x");
  }
  const auto one = scan(*store, {.lanes = 1});
  ASSERT_OK(one);
  EXPECT_FALSE(one.value().unusable.empty());
  for (const unsigned lanes : {0U, 2U, 5U}) {
    const auto many = scan(*store, {.lanes = lanes});
    ASSERT_OK(many);
    EXPECT_EQ(many.value().tree, one.value().tree);
    EXPECT_EQ(many.value().temporaries, one.value().temporaries);
    ASSERT_EQ(many.value().unusable.size(), one.value().unusable.size());
  }
}

TEST(Scan, OwnNamesAreNoPartOfTheTreeAndTemporariesAreTold) {
  const auto store =
      store_with({"NTUSER.DAT", "NTUSER.DAT.tmp", "Desktop/a.txt", "Desktop/a.txt.7f.roamsync.tmp",
                  "New.7f.roamsync.tmp/inside", ".roamsync/head", ".ROAMSYNC/lock", "Desktop/NTUSER.DAT.tmp"});
  const auto result = scan(*store);
  ASSERT_OK(result);
  EXPECT_THAT(names(result.value().tree),
              ElementsAre("Desktop", "Desktop/a.txt", "Desktop/NTUSER.DAT.tmp", "NTUSER.DAT"));
  EXPECT_THAT(result.value().temporaries,
              ElementsAre(at("Desktop/a.txt.7f.roamsync.tmp"), at("New.7f.roamsync.tmp"), at("NTUSER.DAT.tmp")));
}

// A temporary hive is a file: what is in a folder of that name is not for recovery to sweep.
TEST(Scan, AFolderWhereTheHiveIsStagedIsUnusable) {
  const auto store = store_with({"NTUSER.DAT.tmp/precious", "Desktop/a.txt"});
  const auto result = scan(*store);
  ASSERT_OK(result);
  EXPECT_TRUE(result.value().temporaries.empty());
  ASSERT_EQ(result.value().unusable.size(), 1U);
  EXPECT_EQ(result.value().unusable[0].path, "NTUSER.DAT.tmp");
}

TEST(Scan, OfTwoNamesThatDifferOnlyInCaseTheFirstRoams) {
  const auto store = store_with({"readme", "README", "Docs/x", "docs/y", "docs/z/deep"}, true);
  const auto result = scan(*store);
  ASSERT_OK(result);
  EXPECT_THAT(names(result.value().tree), ElementsAre("Docs", "Docs/x", "README"));
  ASSERT_EQ(result.value().unusable.size(), 2U);
  EXPECT_EQ(result.value().unusable[0].path, "docs");
  EXPECT_EQ(result.value().unusable[1].path, "readme");
  EXPECT_THAT(result.value().unusable[1].found, HasSubstr("README"));
}

TEST(Scan, DoesNotEnterWhatTheFilterPrunes) {
  const auto store = store_with({"AppData/Local/cache/big", "AppData/Roaming/x", "Downloads/a", "Desktop/b"});
  FaultStore counted(*store);
  const std::vector<std::string> exclude{"Downloads"};
  const Filter filter = Filter::make(exclude, {}).value();
  const auto result = scan(counted, {.filter = &filter, .lanes = 1});
  ASSERT_OK(result);
  EXPECT_THAT(names(result.value().tree),
              ElementsAre("AppData", "AppData/Roaming", "AppData/Roaming/x", "Desktop", "Desktop/b"));
  EXPECT_EQ(counted.operations(), 4U) << "the root, AppData, Roaming, Desktop";
}

TEST(Scan, AnExcludedFolderIsInTheTreeOnlyForWhatIsIncludedInIt) {
  const auto store = store_with({"Downloads/keep/a", "Downloads/b", "Music/c", "Empty/d"});
  const std::vector<std::string> exclude{"Downloads", "Music", "Empty"};
  const std::vector<std::string> include{"Downloads/keep", "Music/none"};
  const Filter filter = Filter::make(exclude, include).value();
  const auto result = scan(*store, {.filter = &filter});
  ASSERT_OK(result);
  EXPECT_THAT(names(result.value().tree), ElementsAre("Downloads", "Downloads/keep", "Downloads/keep/a"));
}

TEST(Scan, StopsWhenAsked) {
  const auto store = store_with({"a/b", "c/d"});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FAILS(scan(*store, {.stop = stop.get_token()}), Errc::cancelled);
}

TEST(Scan, AnyListingThatFailsFailsTheScan) {
  const auto store = store_with({"a/b/c/d", "e/f", "g/h"});
  for (const unsigned lanes : {1U, 3U}) {
    FaultStore faults(*store);
    ASSERT_OK(scan(faults, {.lanes = lanes}));
    const std::size_t operations = faults.operations();
    ASSERT_EQ(operations, 6U);
    for (std::size_t n = 1; n <= operations; ++n) {
      faults.arm({.operation = n});
      const auto result = scan(faults, {.lanes = lanes});
      ASSERT_FAILS(result, std::errc::io_error);
      EXPECT_EQ(result.error().context().step, "scan");
    }
  }
}

TEST(Scan, AFolderRemovedMeanwhileIsNotThere) {
  const auto store = store_with({"a/b/c", "d/e"});
  FaultStore faults(*store);
  const auto gone = std::make_error_code(std::errc::no_such_file_or_directory);
  faults.arm({.operation = 2, .code = gone});  // the listing of "a"
  const auto result = scan(faults, {.lanes = 1});
  ASSERT_OK(result);
  EXPECT_THAT(names(result.value().tree), ElementsAre("d", "d/e"));
  faults.arm({.operation = 1, .code = gone});
  EXPECT_FAILS(scan(faults, {.lanes = 1}), std::errc::no_such_file_or_directory);
}

TEST(Scan, OneLaneListsInTheOrderOfTheTree) {
  const auto store = store_with({"a/b/x", "a/c/x", "d/x"});
  FaultStore faults(*store);
  const std::vector<std::string> expected{"list ", "list a", "list a/b", "list a/c", "list d"};
  for (std::size_t n = 1; n <= expected.size(); ++n) {
    faults.arm({.operation = n});
    EXPECT_FALSE(scan(faults, {.lanes = 1}));
    EXPECT_EQ(faults.failed(), expected[n - 1]);
  }
}

TEST(Scan, OfARememberedTreeListsOnlyWhatIsToBeLookedAt) {
  const auto store = store_with({"NTUSER.DAT", "Desktop/a", "Desktop/deep/b", "Other/c", "Other/deep/d"});
  const Tree remembered = scan(*store).value().tree;
  store->put_file(at("Desktop/new"), "new");
  store->put_file(at("Desktop/deep/not seen"), "new");
  store->put_file(at("Other/not seen"), "new");
  store->put_file(at("Unknown/e"), "new");
  const std::vector<ProfilePath> look_again{at("Desktop")};
  FaultStore counted(*store);
  counted.arm({});
  const auto result = scan(counted, {.lanes = 1, .remembered = &remembered, .look_again = look_again});
  ASSERT_OK(result);
  EXPECT_THAT(names(result.value().tree),
              ElementsAre("Desktop", "Desktop/a", "Desktop/deep", "Desktop/deep/b", "Desktop/new", "NTUSER.DAT",
                          "Other", "Other/c", "Other/deep", "Other/deep/d", "Unknown", "Unknown/e"));
  EXPECT_EQ(counted.operations(), 3U) << "the root, Desktop, and Unknown, of which nothing is remembered";
}

TEST(Scan, OfARememberedTreeIsThatTreeWhenNothingElseIsFound) {
  const auto store = store_with({"NTUSER.DAT", "Desktop/a", "Desktop/deep/b", "Other/c"});
  Tree remembered = scan(*store).value().tree;
  for (Entry& entry : remembered.entries_for_update()) {  // as a base remembers folders that a publish made
    if (entry.is_directory()) entry.modified = {}, entry.id = 0;
  }
  const std::vector<ProfilePath> look_again{at("Desktop")};
  const auto scanned = [&] { return scan(*store, {.remembered = &remembered, .look_again = look_again}).value().tree; };
  EXPECT_TRUE(scanned().shares_entries_with(remembered));
  store->put_file(at("Desktop/a"), "longer than before");
  EXPECT_FALSE(scanned().shares_entries_with(remembered));
  EXPECT_EQ(scanned().find(at("Desktop/a"))->size, 18U);
}

TEST(Scan, OfARememberedTreeMissesAFolderThatHasGone) {
  const auto store = store_with({"NTUSER.DAT", "Desktop/a", "Other/deep/d"});
  const Tree remembered = scan(*store).value().tree;
  ASSERT_OK(remove_tree(*store, at("Other")));
  const auto result = scan(*store, {.remembered = &remembered});
  ASSERT_OK(result);
  EXPECT_THAT(names(result.value().tree), ElementsAre("Desktop", "Desktop/a", "NTUSER.DAT"));
}

}  // namespace
}  // namespace roamsync
