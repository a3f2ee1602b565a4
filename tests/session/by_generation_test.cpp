// A logoff looks at the server only where something changed here, as long as nobody has published since. What somebody did
// there without roamsync must not be lost by that.
#include "session/machines.hpp"
#include "support/fault_store.hpp"
#include "support/forwarding_store.hpp"

#include <gmock/gmock.h>

#include <set>

namespace roamsync {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::profile;
using testing::read;

// Which of the profile's folders were listed.
class ListingStore : public testing::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<Listing> list(const ProfilePath& directory) override {
    if (directory.first() != record_folder_name) listed.emplace(directory.text());
    return inner_.list(directory);
  }
  std::set<std::string> listed;
};

// Answers for the head and is away when a file of the profile is asked for.
class VanishingStore : public testing::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::optional<Entry>> stat(const ProfilePath& path) override {
    if (path.first() != "Desktop") return inner_.stat(path);
    ++questions;
    return Error(std::make_error_code(std::errc::timed_out), {.step = "look", .path = std::string(path.text())});
  }
  int questions = 0;
};

class ByGeneration : public testing::SessionTest {
 protected:
  void SetUp() override {
    a.put("Desktop/deep/c.txt", "c1");
    share_a_profile();
    ASSERT_OK(a.log_off(*server));
  }
  void put_on_server(const char* path, std::string_view bytes) {
    a.host.advance(std::chrono::seconds(10));
    server->put_file(ProfilePath::literal(path), bytes, a.host.now());
  }
  Outcome log_off_outcome() {
    const auto report = a.log_off(*server);
    EXPECT_OK(report);
    return report ? report.value().outcome : Outcome::refused;
  }
};

TEST_F(ByGeneration, NothingChangedListsOnlyTheRootOfTheServer) {
  const auto operations = [&](const SessionOptions& options) {
    testing::FaultStore counted(*server);
    counted.arm({});
    const auto report = Session(a.host, {*a.local, &counted, *a.state}).log_off(options);
    EXPECT_OK(report);
    EXPECT_EQ(report.value().outcome, Outcome::nothing_to_do);
    return counted.operations();
  };
  const std::size_t few = operations({});
  const std::size_t many = operations({.rules = Rules::nt4});
  EXPECT_EQ(many - few, 2U) << "Desktop and Desktop/deep are listed by the rules that know no generations";
}

TEST_F(ByGeneration, AFileThatWasWrittenToIsLookedAtAloneANewOneMakesItsFolderListed) {
  const auto listed = [&] {
    ListingStore watched(*server);
    EXPECT_OK(Session(a.host, {*a.local, &watched, *a.state}).log_off({.lanes = 1}));
    return watched.listed;
  };
  a.put("Desktop/deep/c.txt", "c2");
  EXPECT_THAT(listed(), ElementsAre(""));
  a.put("Desktop/deep/new.txt", "n1");
  EXPECT_THAT(listed(), ElementsAre("", "Desktop", "Desktop/deep"));
}

TEST_F(ByGeneration, AServerThatHasGoneAwayIsNotAskedForEveryFile) {
  for (const char* path : {"Desktop/a.txt", "Desktop/b.txt", "Desktop/deep/c.txt"}) a.put(path, "written to");
  VanishingStore away(*server);
  const auto report = Session(a.host, {*a.local, &away, *a.state}).log_off({.lanes = 1});
  ASSERT_OK(report);
  EXPECT_EQ(report.value().outcome, Outcome::used_local);
  EXPECT_EQ(away.questions, 1);
}

TEST_F(ByGeneration, AFileChangedOnBothSidesIsAConflictStill) {
  put_on_server("Desktop/a.txt", "by another program");
  a.put("Desktop/a.txt", "a2");
  const auto report = a.log_off(*server, {.policy = &local_wins()});
  ASSERT_OK(report);
  ASSERT_EQ(report.value().conflicts.size(), 1U);
  EXPECT_EQ(report.value().conflicts[0].path.text(), "Desktop/a.txt");
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
  EXPECT_EQ(read(*server, ".roamsync/history/1/Desktop/a.txt"), "by another program");
}

TEST_F(ByGeneration, ANewFileMeetsTheSameNameInOtherLetters) {
  put_on_server("Desktop/NEW.TXT", "by another program");
  a.put("Desktop/new.txt", "mine");
  const auto report = a.log_off(*server, {.policy = &local_wins()});
  ASSERT_OK(report);
  EXPECT_EQ(report.value().conflicts.size(), 1U);
  EXPECT_THAT(profile(*server), HasSubstr("=mine"));
  EXPECT_THAT(profile(*server), ::testing::Not(HasSubstr("by another program")));
}

TEST_F(ByGeneration, AForeignChangeElsewhereStaysAndIsFetchedAtTheNextLogon) {
  put_on_server("Desktop/deep/c.txt", "by another program");
  put_on_server("Desktop/deep/d.txt", "new there");
  a.put("Desktop/b.txt", "b2");
  EXPECT_EQ(log_off_outcome(), Outcome::synced);
  EXPECT_EQ(read(*server, "Desktop/deep/c.txt"), "by another program");
  ASSERT_OK(a.log_on(*server));
  EXPECT_EQ(read(*a.local, "Desktop/deep/c.txt"), "by another program");
  EXPECT_EQ(read(*a.local, "Desktop/deep/d.txt"), "new there");
  EXPECT_EQ(profile(*a.local), profile(*server));
}

TEST_F(ByGeneration, AFolderDeletedThereByOthersIsNoDeadEnd) {
  ASSERT_OK(remove_tree(*server, ProfilePath::literal("Desktop/deep")));
  a.put("Desktop/deep/c.txt", "c2");
  const auto report = a.log_off(*server, {.policy = &local_wins()});
  ASSERT_OK(report);
  EXPECT_EQ(report.value().outcome, Outcome::synced);
  EXPECT_EQ(read(*server, "Desktop/deep/c.txt"), "c2");
}

TEST_F(ByGeneration, AHiveReplacedThereByOthersIsSeen) {
  put_on_server("NTUSER.DAT", testing::sound_hive(u"by another program"));
  a.put("NTUSER.DAT", testing::sound_hive(u"mine"));
  const auto report = a.log_off(*server, {.policy = &server_wins()});
  ASSERT_OK(report);
  EXPECT_EQ(report.value().conflicts.size(), 1U);
  EXPECT_EQ(read(*server, "NTUSER.DAT"), testing::sound_hive(u"by another program"));
}

TEST_F(ByGeneration, AnEmptiedServerIsSeen) {
  for (const char* path : {"NTUSER.DAT", "Desktop"}) ASSERT_OK(remove_tree(*server, ProfilePath::literal(path)));
  const auto report = a.log_off(*server);
  ASSERT_OK(report);
  EXPECT_EQ(report.value().outcome, Outcome::used_local);
  EXPECT_EQ(read(*a.local, "Desktop/a.txt"), "a1");
}

// The base has it all, and the time of a folder tells that no name came or went.
TEST_F(ByGeneration, OfTheLocalSideOnlyFoldersWithOtherNamesAreListed) {
  const auto listed_here = [&] {
    ListingStore local(*a.local);
    EXPECT_OK(Session(a.host, {local, server.get(), *a.state}).log_off({}));
    return local.listed;
  };
  a.put("Desktop/a.txt", "a2");
  listed_here();
  EXPECT_THAT(listed_here(), ElementsAre(""));
  a.put("Desktop/deep/new.txt", "new");
  EXPECT_THAT(listed_here(), ElementsAre("", "Desktop/deep"));
  EXPECT_EQ(read(*server, "Desktop/deep/new.txt"), "new");
}

TEST_F(ByGeneration, TheLocalCopyIsDeletedOnlyAfterALookAtEverything) {
  ASSERT_OK(server->remove_file(ProfilePath::literal("Desktop/deep/c.txt")));
  const auto report = a.log_off(*server, {.delete_cache = true});
  ASSERT_OK(report);
  EXPECT_EQ(profile(*a.local), "");
  EXPECT_EQ(read(*server, "Desktop/b.txt"), "b1");
}

}  // namespace
}  // namespace roamsync
