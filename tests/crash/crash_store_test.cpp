#include "support/crash_store.hpp"

#include "support/change_set.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

#include <set>

namespace roamsync::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// Each disk as "name=bytes name=bytes", zero bytes as dots.
std::set<std::string> seen_on(const std::vector<MemoryStore::Content>& disks) {
  std::set<std::string> all;
  for (const auto& disk : disks) {
    std::string text;
    for (const auto& [path, node] : disk) {
      std::string bytes = text_of(node.bytes);
      std::ranges::replace(bytes, '\0', '.');
      text += (text.empty() ? "" : " ") + std::string(path.text()) +
              (node.kind == EntryKind::directory ? "/" : "=" + bytes);
    }
    all.insert(text);
  }
  return all;
}

void write(Store& store, std::string_view path, std::string_view text) {
  auto writer = store.create(at(path));
  ASSERT_OK(writer);
  ASSERT_OK(writer.value()->write(0, std::as_bytes(std::span(text))));
  ASSERT_OK(writer.value()->finish({}));
}

std::set<std::string> disks_now(const CrashStore& store) {
  return seen_on(store.disks_after(store.operations(), 1000, 1));
}

TEST(CrashStore, UnflushedBytesAreKeptLostOrTorn) {
  CrashStore store({});
  write(store, "a", "1234");
  EXPECT_THAT(disks_now(store), UnorderedElementsAre("", "a=1234", "a=", "a=12", "a=...."));
}

TEST(CrashStore, AFlushKeepsBytesAndTheNameOfTheFile) {
  CrashStore store({});
  write(store, "a", "1234");
  ASSERT_OK(store.flush(std::vector{at("a")}));
  EXPECT_THAT(disks_now(store), ElementsAre("a=1234"));
}

TEST(CrashStore, AFlushDoesNotKeepTheNameOfTheFolder) {
  CrashStore store({});
  ASSERT_OK(store.make_directory(at("folder"), 0));
  write(store, "folder/a", "1234");
  ASSERT_OK(store.flush(std::vector{at("folder/a")}));
  EXPECT_THAT(disks_now(store), UnorderedElementsAre("", "folder/ folder/a=1234"));
  ASSERT_OK(store.flush_directories(std::vector{ProfilePath()}));
  EXPECT_THAT(disks_now(store), ElementsAre("folder/ folder/a=1234"));
}

TEST(CrashStore, ChangesOfNamesSurviveInAnyChoiceOrInOrder) {
  for (const NameOrder order : {NameOrder::any_subset, NameOrder::in_order}) {
    CrashStore store({}, {.names = order});
    ASSERT_OK(store.make_directory(at("1"), 0));
    ASSERT_OK(store.make_directory(at("2"), 0));
    if (order == NameOrder::any_subset) {
      EXPECT_THAT(disks_now(store), UnorderedElementsAre("", "1/", "2/", "1/ 2/"));
    } else {
      EXPECT_THAT(disks_now(store), UnorderedElementsAre("", "1/", "1/ 2/"));
    }
  }
}

TEST(CrashStore, ARenameIsWholeOrNotAtAll) {
  const auto disk = make_memory_store();
  disk->put_file(at("old"), "o");
  disk->put_file(at("new.tmp"), "n");
  CrashStore store(disk->content());
  ASSERT_OK(store.replace(at("new.tmp"), at("old")));
  EXPECT_THAT(disks_now(store), UnorderedElementsAre("new.tmp=n old=o", "old=n"));
}

TEST(CrashStore, ACutLiesBetweenTwoOperations) {
  CrashStore store({});
  ASSERT_OK(store.make_directory(at("1"), 0));
  ASSERT_OK(store.make_directory(at("2"), 0));
  ASSERT_EQ(store.operations(), 2U);
  EXPECT_THAT(seen_on(store.disks_after(0, 1000, 1)), ElementsAre(""));
  EXPECT_THAT(seen_on(store.disks_after(1, 1000, 1)), UnorderedElementsAre("", "1/"));
}

TEST(CrashStore, AKilledProcessLosesNothingAndMakesNothingDurable) {
  CrashStore store({});
  write(store, "a", "1234");
  const auto killed = store.killed_after(store.operations());
  EXPECT_THAT(seen_on({killed->content()}), ElementsAre("a=1234"));
  ASSERT_OK(killed->flush_directories(std::vector{ProfilePath()}));
  EXPECT_THAT(disks_now(*killed), UnorderedElementsAre("a=1234", "a=", "a=12", "a=...."));
}

TEST(CrashStore, ALieKeepsNothing) {
  CrashStore store(
      {}, {.names = NameOrder::any_subset, .lies_about = [](const ProfilePath& path) { return path == at("a"); }});
  write(store, "a", "1234");
  ASSERT_OK(store.flush(std::vector{at("a")}));
  EXPECT_THAT(disks_now(store), Contains(""));
}

TEST(CrashStore, TooManyDisksAreDrawnWithTheExtremesAmongThem) {
  CrashStore store({});
  for (int i = 0; i < 12; ++i) ASSERT_OK(store.make_directory(at(std::to_string(i)), 0));
  const auto disks = store.disks_after(12, 50, 7);
  EXPECT_EQ(disks.size(), 50U);
  EXPECT_THAT(seen_on(disks), Contains(""));
  EXPECT_THAT(seen_on(disks), Contains(*seen_on({store.content()}).begin()));
  EXPECT_EQ(seen_on(disks), seen_on(store.disks_after(12, 50, 7)));
}

}  // namespace
}  // namespace roamsync::testing
