// A scan that spares the listing of folders in which no name came or went finds what one finds that lists them all.
#include <roamsync/disk_store.hpp>
#include <roamsync/memory_store.hpp>
#include <roamsync/scan.hpp>

#include "support/at.hpp"
#include "support/fault_store.hpp"
#include "support/result_matchers.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <boost/filesystem/fstream.hpp>

#include <chrono>
#include <random>
#include <thread>

namespace roamsync {
namespace {

using testing::at;
using ::testing::ElementsAre;
using testing::FaultStore;

std::vector<std::string> calls_of_scan(Store& store, const ScanOptions& options) {
  std::vector<std::string> calls;
  for (std::size_t n = 1;; ++n) {
    FaultStore faults(store);
    faults.arm({.operation = n});
    if (scan(faults, options)) return calls;
    calls.push_back(faults.failed());
  }
}

void expect_same(const ScanResult& found, const ScanResult& expected) {
  ASSERT_EQ(found.tree, expected.tree);
  ASSERT_EQ(found.temporaries, expected.temporaries);
  ASSERT_EQ(found.unusable.size(), expected.unusable.size());
  for (std::size_t i = 0; i < found.unusable.size(); ++i) {
    ASSERT_EQ(found.unusable[i].path, expected.unusable[i].path);
    ASSERT_EQ(found.unusable[i].found, expected.unusable[i].found);
  }
}

TEST(KnownFolders, AreNotListed) {
  const auto store = make_memory_store();
  for (const char* file : {"NTUSER.DAT", "Desktop/a", "Desktop/deep/b", "Other/c"}) store->put_file(at(file), file);
  const Tree known = scan(*store).value().tree;
  const ScanOptions options{.lanes = 1, .known = &known};
  EXPECT_THAT(calls_of_scan(*store, options),
              ElementsAre("list ", "stat Desktop/a", "stat Desktop/deep", "stat Desktop/deep/b", "stat Other/c"));
  store->put_file(at("Desktop/deep/new"), "new");
  EXPECT_THAT(calls_of_scan(*store, options),
              ElementsAre("list ", "stat Desktop/a", "stat Desktop/deep", "list Desktop/deep", "stat Other/c"));
}

Tree with_digests(Tree tree) {
  std::uint64_t next = 1;
  for (Entry& entry : tree.entries_for_update()) {
    if (entry.is_file()) entry.digest = Digest{.low = next++, .high = 1};
  }
  return tree;
}

TEST(KnownFolders, WithNothingNewGiveTheTreeThatIsKnown) {
  const auto store = make_memory_store();
  for (const char* file : {"NTUSER.DAT", "Desktop/a", "Desktop/deep/b", "Other/c", "Excluded/x"}) {
    store->put_file(at(file), file);
  }
  const std::vector<std::string> exclude{"Excluded/x"};
  const Filter filter = Filter::make(exclude, {}).value();
  for (const Filter* one : {static_cast<const Filter*>(nullptr), &filter}) {
    const Tree known = with_digests(scan(*store, {.filter = one}).value().tree);
    EXPECT_TRUE(scan(*store, {.filter = one, .known = &known}).value().tree.shares_entries_with(known));
    EXPECT_TRUE(scan(*store, {.filter = one, .lanes = 3, .known = &known}).value().tree.shares_entries_with(known));
  }
}

TEST(KnownFolders, KeepTheDigestsOfWhatIsAsItWas) {
  const auto store = make_memory_store();
  for (const char* file : {"Desktop/a", "Desktop/deep/b", "Other/c", "Other/d"}) store->put_file(at(file), file);
  const Tree known = with_digests(scan(*store).value().tree);
  store->put_file(at("Other/c"), "longer than before");
  const Tree found = scan(*store, {.known = &known}).value().tree;
  EXPECT_EQ(found.find(at("Desktop/a"))->digest, known.find(at("Desktop/a"))->digest);
  EXPECT_EQ(found.find(at("Desktop/deep/b"))->digest, known.find(at("Desktop/deep/b"))->digest);
  EXPECT_EQ(found.find(at("Other/c"))->digest, std::nullopt) << "its folder has something new";
  EXPECT_EQ(found.find(at("Other/c"))->size, 18U);
}

// What a base does not tell of a folder is found, or it would be asked for at every scan from now on.
TEST(KnownFolders, GetTheirTimesAndNumbers) {
  const auto store = make_memory_store();
  for (const char* file : {"Desktop/a", "Desktop/deep/b", "Other/c"}) store->put_file(at(file), file);
  const Tree all = scan(*store).value().tree;
  Tree without = all;
  Entry desktop = *without.find(at("Desktop/deep"));
  desktop.modified = {};
  without.put(desktop);
  EXPECT_EQ(scan(*store, {.known = &without}).value().tree, all);
  desktop = *all.find(at("Desktop/deep"));
  desktop.id = 0;
  without.put(desktop);
  EXPECT_EQ(scan(*store, {.known = &without}).value().tree, all);
}

TEST(KnownFolders, AreOnesOfWhichNothingWasLeftOut) {
  const auto store = make_memory_store({.traits = {.case_sensitive = true}});
  for (const char* file : {"Temporary/a", "Temporary/b.t1.roamsync.tmp", "Twins/a", "Twins/A", "Excluded/x",
                           "Excluded/y", "Inside/Cache/x", "Inside/y", "Whole/a"}) {
    store->put_file(at(file), file);
  }
  const std::vector<std::string> exclude{"Excluded/x", "Inside/Cache"};
  const auto filter = Filter::make(exclude, {});
  ASSERT_OK(filter);
  const auto found = scan(*store, {.filter = &filter.value()});
  ASSERT_OK(found);
  std::vector<std::string> whole;
  for (const Entry& entry : found.value().tree.entries()) {
    if (entry.is_directory() && entry.modified.ticks != 0) whole.emplace_back(entry.path.text());
  }
  EXPECT_THAT(whole, ElementsAre("Whole"));
  // Without the filter, which left out what it would have to find now.
  const auto all = scan(*store, {.known = &found.value().tree});
  ASSERT_OK(all);
  expect_same(all.value(), scan(*store).value());
}

// A name that is gone, or another thing now, without a change of its folder's time: nobody should be able to do that.
TEST(KnownFolders, AreListedAfterAllWhenANameIsMissing) {
  const auto store = make_memory_store();
  for (const char* file : {"Desktop/a", "Desktop/b"}) store->put_file(at(file), file);
  Tree known = scan(*store).value().tree;
  ASSERT_OK(store->remove_file(at("Desktop/a")));
  Entry desktop = *known.find(at("Desktop"));
  desktop.modified = store->stat(at("Desktop")).value()->modified;
  known.put(desktop);
  const auto found = scan(*store, {.known = &known});
  ASSERT_OK(found);
  expect_same(found.value(), scan(*store).value());
}

// A base takes one file's name from the server and its neighbours' from here, and the two may spell a folder in two ways.
TEST(KnownFolders, AreSpelledLikeAllThatIsInThem) {
  const auto store = make_memory_store({.traits = {.case_sensitive = true}});
  for (const char* file : {"Docs/sub/x", "Docs/z", "Other/a"}) store->put_file(at(file), file);
  Tree known = scan(*store).value().tree;
  Entry x = *known.find(at("Docs/sub/x"));
  x.path = at("docs/sub/x");
  known.put(x);
  const auto found = scan(*store, {.known = &known});
  ASSERT_OK(found);
  expect_same(found.value(), scan(*store).value());
  EXPECT_THAT(calls_of_scan(*store, {.lanes = 1, .known = &known}),
              ElementsAre("list ", "list Docs", "list Docs/sub", "stat Other/a"));
}

class Profile {
 public:
  explicit Profile(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return random_() % end; }
  ProfilePath folder() {
    constexpr const char* folders[] = {"A", "B", "A/C", "A/C/D", "B/E", "B/e"};
    return at(folders[below(std::size(folders))]);
  }
  ProfilePath file() {
    constexpr const char* files[] = {"x", "y", "X", "z.t1.roamsync.tmp", "cache.bin", "long.txt"};
    const ProfilePath parent = folder();
    return parent.child_unchecked(files[below(std::size(files))]);
  }
  void change(Store& store) {
    static_cast<void>(make_directories(store, folder()));
    switch (below(6)) {
      case 0:
      case 1:
        if (auto writer = store.create(file())) {
          const std::string bytes(below(9), 'b');
          static_cast<void>(writer.value()->write(0, std::as_bytes(std::span(bytes))));
          static_cast<void>(writer.value()->finish({}));
        }
        break;
      case 2: static_cast<void>(store.remove_file(file())); break;
      case 3: static_cast<void>(store.replace(file(), file())); break;
      case 4: static_cast<void>(store.replace(folder(), folder())); break;
      case 5:
        if (below(4) == 0) static_cast<void>(remove_tree(store, folder()));
        break;
    }
  }

 private:
  std::mt19937 random_;
};

class Filters {
 public:
  const Filter* any(Profile& profile) {
    const std::size_t one = profile.below(3);
    return one == 0 ? nullptr : one == 1 ? &cache_ : &folder_;
  }

 private:
  static Filter of(std::vector<std::string> exclude) { return Filter::make(exclude, {}).value(); }
  const Filter cache_ = of({"*/cache.bin"});
  const Filter folder_ = of({"A/C"});
};

TEST(KnownFolders, HideNothingWhateverHappensInBetween) {
  Filters filters;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    Profile profile(seed);
    const auto store = make_memory_store({.traits = {.case_sensitive = seed % 2 == 0}});
    Tree known;
    for (int round = 0; round < 20; ++round) {
      for (std::size_t i = profile.below(4); i-- > 0;) profile.change(*store);
      const Filter* filter = filters.any(profile);
      const unsigned lanes = 1 + static_cast<unsigned>(profile.below(3));
      auto found = scan(*store, {.filter = filter, .lanes = lanes, .known = &known});
      ASSERT_OK(found);
      expect_same(found.value(), scan(*store, {.filter = filter}).value());
      if (::testing::Test::HasFatalFailure()) return;
      known = std::move(found).value().tree;
    }
  }
}

// The same on a disk, whose clock goes in steps: changes follow each other as fast as they can.
TEST(KnownFolders, HideNothingOnADisk) {
  const testing::TemporaryFolder folder;
  const auto store = open_disk_store({.root = folder.path()}).value();
  Filters filters;
  Profile profile(7);
  Tree known;
  std::size_t times = 0;
  for (int round = 0; round < 400; ++round) {
    for (std::size_t i = profile.below(3); i-- > 0;) profile.change(*store);
    if (round % 25 == 24) std::this_thread::sleep_for(std::chrono::milliseconds(150));
    const Filter* filter = filters.any(profile);
    auto found = scan(*store, {.filter = filter, .known = &known});
    ASSERT_OK(found);
    const auto all = scan(*store, {.filter = filter});
    ASSERT_OK(all);
    // A folder's time may have come of age between the two.
    const auto without_times = [](ScanResult result) {
      for (Entry& entry : result.tree.entries_for_update()) {
        if (entry.is_directory()) entry.modified = {};
      }
      return result;
    };
    expect_same(without_times(found.value()), without_times(all.value()));
    if (::testing::Test::HasFatalFailure()) return;
    known = std::move(found).value().tree;
    times += static_cast<std::size_t>(std::ranges::count_if(
        known.entries(), [](const Entry& entry) { return entry.is_directory() && entry.modified.ticks != 0; }));
  }
  if (times == 0) GTEST_SKIP() << "this file system tells no times of folders: every folder was listed";
}

}  // namespace
}  // namespace roamsync
