// Restoring a generation: what it costs, and what it refuses.
#include "session/machines.hpp"

#include "support/forwarding_store.hpp"

#include <gmock/gmock.h>

#include <mutex>
#include <set>

namespace roamsync {
namespace {

using ::testing::Contains;
using testing::disk;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::read;
using testing::SessionTest;
using testing::sound_hive;

// Notes which files are opened.
class Watched : public testing::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override {
    {
      const std::scoped_lock lock(mutex_);
      opened_.emplace(path.text());
    }
    return ForwardingStore::open(path);
  }
  std::set<std::string> opened() const {
    const std::scoped_lock lock(mutex_);
    return opened_;
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> opened_;
};

class Restore : public SessionTest {
 protected:
  Result<Report> restore(Store& from, std::uint64_t generation, const char* path = nullptr) {
    return restore_generation(a.host, from, generation,
                              path == nullptr ? std::nullopt : std::optional(ProfilePath::literal(path)), {});
  }
};

TEST_F(Restore, DoesNotReadWhatIsAsTheHeadSays) {
  share_a_profile();
  a.put("Desktop/a.txt", "a2");
  ASSERT_OK(a.log_off(*server));
  Watched watched(*server);
  ASSERT_OK(restore(watched, 1));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a1");
  EXPECT_THAT(watched.opened(), Contains(".roamsync/history/1/Desktop/a.txt"));
  EXPECT_THAT(watched.opened(), Not(Contains("Desktop/b.txt")));
  EXPECT_THAT(watched.opened(), Not(Contains("NTUSER.DAT")));
}

// A stock workstation wrote there since: the head knows nothing of that version.
TEST_F(Restore, ReadsWhatWasWrittenSince) {
  share_a_profile();
  a.put("Desktop/a.txt", "a2");
  ASSERT_OK(a.log_off(*server));
  server->put_file(ProfilePath::literal("Desktop/b.txt"), "b?", a.host.now());
  const auto all = restore(*server, 1);
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code(), Errc::not_supported);
  EXPECT_THAT(all.error().message(), HasSubstr("Desktop/b.txt of that generation is not kept"));
}

TEST_F(Restore, TakesTheOldestVersionThatIsTheOne) {
  share_a_profile();
  for (const char* text : {"a2", "a1", "a4"}) {
    a.put("Desktop/a.txt", text);
    ASSERT_OK(a.log_off(*server));
  }
  Watched watched(*server);
  ASSERT_OK(restore(watched, 2, "Desktop"));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
  EXPECT_THAT(watched.opened(), Not(Contains(".roamsync/history/1/Desktop/a.txt"))) << "what was before is not it";
  ASSERT_OK(restore(*server, 3, "DESKTOP/A.TXT"));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a1");
}

TEST_F(Restore, GivesBackAFileWithTheNameOfTheHead) {
  a.put(".head", "one");
  share_a_profile();
  a.put(".head", "the second");
  ASSERT_OK(a.log_off(*server));
  const auto history = list_history(*server);
  ASSERT_OK(history);
  ASSERT_EQ(history.value().size(), 1U);
  ASSERT_EQ(history.value()[0].files.size(), 1U);
  EXPECT_EQ(history.value()[0].files[0].path.text(), ".head");
  ASSERT_OK(restore(*server, 1));
  EXPECT_EQ(read(*server, ".head"), "one");
  ASSERT_OK(restore(*server, 2, ".head"));
  EXPECT_EQ(read(*server, ".head"), "the second");
}

TEST_F(Restore, WhatIsUnchangedKeepsItsDigestInTheHead) {
  share_a_profile();
  a.put("Desktop/a.txt", "a2");
  ASSERT_OK(a.log_off(*server));
  ASSERT_OK(restore(*server, 1));
  Watched watched(*server);
  ASSERT_OK(restore(watched, 2));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
  EXPECT_THAT(watched.opened(), Not(Contains("Desktop/b.txt")));
}

// Published before there was a hive: as a whole it is no profile to log on with.
class RestoreWithoutAHive : public Restore {
 protected:
  void SetUp() override {
    a.put("Desktop/a.txt", "a1");
    ASSERT_OK(a.log_off(*server));
    a.put("Desktop/a.txt", "a2");
    ASSERT_OK(a.log_off(*server));
  }
  void add_a_hive() {
    a.put("NTUSER.DAT", sound_hive(u"later"));
    ASSERT_OK(a.log_off(*server));
  }
};

TEST_F(RestoreWithoutAHive, TakesNoHiveAway) {
  add_a_hive();
  const auto before = disk(*server);
  const auto all = restore(*server, 1);
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code(), Errc::hive_missing);
  const std::string message = all.error().message();
  EXPECT_THAT(message, HasSubstr("expected a hive in generation 1, as there is one now"));
  EXPECT_THAT(message, HasSubstr("NTUSER.DAT"));
  EXPECT_THAT(message, HasSubstr("restore single paths of it, or another generation"));
  EXPECT_TRUE(disk(*server) == before);
}

TEST_F(RestoreWithoutAHive, GivesBackSinglePaths) {
  add_a_hive();
  ASSERT_OK(restore(*server, 1, "Desktop"));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a1");
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"later"));
}

TEST_F(RestoreWithoutAHive, IsAsGoodAsAnotherWhereThereIsNoHiveNow) {
  ASSERT_OK(restore(*server, 1));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a1");
}

}  // namespace
}  // namespace roamsync
