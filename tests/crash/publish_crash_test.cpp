#include "crash/explorer.hpp"

#include "support/change_set.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Longer than a page, so that it can be torn in the middle.
std::string hive_text(char letter) { return std::string(5000, letter); }

MemoryStore::Content profile_before() {
  const auto store = make_memory_store();
  store->put_file(at("NTUSER.DAT"), hive_text('o'), FileTime{10});
  store->put_file(at("Desktop/a.txt"), "old a", FileTime{20});
  store->put_file(at("Desktop/b.txt"), "old b", FileTime{30});
  store->put_file(at("Gone/x.txt"), "old x", FileTime{40});
  store->put_file(at("same.txt"), "same", FileTime{50});
  store->put_file(at(".roamsync/head"), "generation 1");
  return store->content();
}

// Publishes what `changes` puts together for the target as it is then.
CrashScenario::Publish publishing(const std::function<ChangeSet(Store& target)>& changes, std::uint64_t history,
                                  const std::string& head = "generation 2") {
  return [=](Store& target, RecordFolder records) -> Result<void> {
    auto options = options_of("t1", head);
    if (head.empty()) options.head_name.clear();
    options.history = {.generation = history, .generations_max = 1};
    BOOST_OUTCOME_TRYV(publish(target, records, changes(target), options));
    return success();
  };
}

ChangeSet many_changes(Store& target) {
  return ChangeBuilder(target)
      .file("NTUSER.DAT", hive_text('n'))
      .file("Desktop/a.txt", "new a")
      .directory("New")
      .directory("New/Sub")
      .file("New/Sub/c.txt", "new c")
      .remove("Desktop/b.txt")
      .remove("Gone/x.txt")
      .remove("Gone")
      .take();
}

CrashScenario edit() {
  return {.before = profile_before(), .records = at(".roamsync"), .publishes = {publishing(many_changes, 1)}};
}

CrashScenario edit_without_head() {
  return {.before = profile_before(), .records = at(".roamsync"), .publishes = {publishing(many_changes, 0, "")}};
}

CrashScenario first_publish() {
  const auto changes = [](Store& target) {
    return ChangeBuilder(target)
        .file("NTUSER.DAT", hive_text('n'))
        .directory("Desktop")
        .file("Desktop/a.txt", "new a")
        .directory("Desktop/Empty")
        .file("b.txt", "new b")
        .take();
  };
  return {.records = at(".roamsync"), .publishes = {publishing(changes, 0)}};
}

CrashScenario swaps() {
  const auto changes = [](Store& target) {
    return ChangeBuilder(target)
        .file("NTUSER.DAT", hive_text('n'))
        .directory("Desktop/a.txt")
        .file("Desktop/a.txt/inside", "new")
        .file("Gone", "a file now")
        .remove("Gone/x.txt")
        .take();
  };
  return {.before = profile_before(), .records = at(".roamsync"), .publishes = {publishing(changes, 0)}};
}

CrashScenario local_profile() {
  const auto store = make_memory_store();
  store->put_file(at("profile/NTUSER.DAT"), hive_text('o'), FileTime{10});
  store->put_file(at("profile/Desktop/a.txt"), "old a", FileTime{20});
  store->put_file(at("profile/Desktop/b.txt"), "old b", FileTime{20});
  store->put_file(at("state/other"), "stays");
  const auto changes = [](Store& target) {
    return ChangeBuilder(target)
        .file("NTUSER.DAT", hive_text('n'))
        .file("Desktop/a.txt", "new a")
        .remove("Desktop/b.txt")
        .take();
  };
  return {.before = store->content(),
          .profile = at("profile"),
          .records = at("state/local"),
          .publishes = {publishing(changes, 3)}};
}

// An intent whose removal nobody waited for may come back in the middle of the next publish.
CrashScenario twice() {
  const auto next = [](Store& target) {
    return ChangeBuilder(target)
        .file("NTUSER.DAT", hive_text('N'))
        .file("Desktop/a.txt", "newer a")
        .remove("New/Sub/c.txt")
        .take();
  };
  CrashScenario scenario = edit();
  scenario.publishes.push_back(publishing(next, 2, "generation 3"));
  return scenario;
}

struct Named {
  const char* name;
  CrashScenario (*make)();
};

class PublishCrash : public ::testing::TestWithParam<std::tuple<Named, NameOrder>> {};

// KB Q191834: cut the line wherever you like, the server's hive is whole, and here the whole profile with it.
TEST_P(PublishCrash, LeavesTheOldProfileOrTheNewOneWhereverThePowerGoes) {
  Explorer explorer(std::get<0>(GetParam()).make(), {.names = std::get<1>(GetParam())});
  EXPECT_THAT(explorer.explore(), IsEmpty());
  RecordProperty("disks", static_cast<int>(explorer.disks_seen()));
  RecordProperty("cuts", static_cast<int>(explorer.cuts_made()));
  std::cout << explorer.cuts_made() << " cuts, " << explorer.disks_seen() << " different disks\n";
}

INSTANTIATE_TEST_SUITE_P(
    Scenarios, PublishCrash,
    ::testing::Combine(::testing::Values(Named{"Edit", &edit}, Named{"FirstPublish", &first_publish},
                                         Named{"Swaps", &swaps}, Named{"LocalProfile", &local_profile},
                                         Named{"Twice", &twice}),
                       ::testing::Values(NameOrder::in_order, NameOrder::any_subset)),
    [](const auto& tested) {
      const bool in_order = std::get<1>(tested.param) == NameOrder::in_order;
      return std::get<0>(tested.param).name + std::string(in_order ? "InOrder" : "AnySubset");
    });

// The canaries: a test of crashes that cannot fail proves nothing.
std::vector<std::string> explore_on_a_disk_that_lies_about(std::string_view what, CrashScenario scenario = edit()) {
  return Explorer(std::move(scenario),
                  {.names = NameOrder::any_subset,
                   .lies_about = [path = at(what)](const ProfilePath& one) { return one == path; }})
      .explore();
}

TEST(CrashCanary, AHiveThatWasNotFlushedIsCaught) {
  EXPECT_THAT(explore_on_a_disk_that_lies_about("NTUSER.DAT.tmp"),
              Contains(HasSubstr("the hive is none of those published")));
}

TEST(CrashCanary, AFolderThatWasNotFlushedBeforeTheHiveIsCaught) {
  EXPECT_THAT(explore_on_a_disk_that_lies_about("Desktop"),
              Contains(HasSubstr("beside the hive of generation 1 stands another's Desktop/")));
}

TEST(CrashCanary, AnIntentThatWasNotFlushedIsCaught) {
  EXPECT_THAT(explore_on_a_disk_that_lies_about(".roamsync", edit_without_head()),
              Contains(HasSubstr("this was never published")));
}

}  // namespace
}  // namespace roamsync::testing
