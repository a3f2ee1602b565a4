// DeleteRoamingCache deletes what the server has, and nothing else.
#include "session/machines.hpp"

#include "support/named_store.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::HasSubstr;
using testing::profile;
using testing::read;
using testing::sound_hive;

class DeleteCacheTest : public testing::SessionTest {
 protected:
  std::string told(const Report& report) {
    std::string text;
    for (const Notice& notice : report.notices) text += notice.text + '\n';
    return text;
  }
  /// A logoff that deletes the cache, while `meanwhile` happens at the begin of `step`.
  Report log_off_while(std::string_view step, const std::function<void()>& meanwhile, SessionOptions options = {}) {
    options.delete_cache = true;
    options.on_event = [&](const Event& event) {
      if (const auto* begun = std::get_if<Step>(&event); begun != nullptr && begun->name == step) meanwhile();
    };
    auto report = b.log_off(*server, options);
    EXPECT_OK(report);
    return report ? std::move(report).value() : Report();
  }
};

TEST_F(DeleteCacheTest, WhatIsWrittenDuringTheLogoffStaysAndIsNamed) {
  share_a_profile();
  b.put("Desktop/up.txt", "u1");
  const Report report = log_off_while("delete the local copy", [&] {
    b.put("Desktop/late.txt", "new");
    b.put("Desktop/a.txt", "edited late");
    b.put("Desktop/up.txt", "edited after it went up");
  });
  EXPECT_EQ(report.outcome, Outcome::synced);
  EXPECT_EQ(profile(*b.local),
            "Desktop/\nDesktop/a.txt=edited late\nDesktop/late.txt=new\nDesktop/up.txt=edited after it went up\n");
  EXPECT_THAT(told(report), HasSubstr("Desktop/late.txt (not published by this session)"));
  EXPECT_THAT(told(report), HasSubstr("Desktop/a.txt (written since it was published)"));
  // The next session takes them for what they are: work of this machine.
  ASSERT_OK(b.log_on(*server));
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(read(*server, "Desktop/late.txt"), "new");
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "edited late");
  EXPECT_EQ(read(*server, "Desktop/up.txt"), "edited after it went up");
  EXPECT_EQ(read(*b.local, "Desktop/b.txt"), "b1");
}

TEST_F(DeleteCacheTest, AHiveThatIsWrittenLateKeepsItsLogs) {
  share_a_profile();
  b.put("NTUSER.DAT.LOG1", "log");
  log_off_while("delete the local copy", [&] { b.put("NTUSER.DAT", sound_hive(u"late")); });
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), sound_hive(u"late"));
  EXPECT_EQ(read(*b.local, "NTUSER.DAT.LOG1"), "log");
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "<none>");
}

TEST_F(DeleteCacheTest, WhatTheCallerExcludesStaysAndWhatWindowsExcludesGoes) {
  share_a_profile();
  b.put("Videos/only-here.mp4", "film");
  b.put("AppData/Local/cache.bin", "c");
  b.put("NTUSER.DAT.LOG1", "log");
  const std::vector<std::string> exclude{"Videos"};
  auto filter = Filter::make(exclude, {});
  ASSERT_OK(filter);
  const Report report = log_off_while("nothing", {}, {.filter = filter.value()});
  EXPECT_EQ(profile(*b.local), "Videos/\nVideos/only-here.mp4=film\n");
  EXPECT_THAT(told(report), HasSubstr("Videos/only-here.mp4 (excluded, so it never went up)"));
}

// An administrator's mistake, a disk half restored: the generation is the same, and most files are gone.
TEST_F(DeleteCacheTest, WhatAServerHasLostStaysWhenItIsTooMuch) {
  for (int i = 0; i < 30; ++i) a.put(("Documents/" + std::to_string(i) + ".txt").c_str(), "d");
  share_a_profile();
  const std::string before = profile(*b.local);
  ASSERT_OK(remove_tree(*server, ProfilePath::literal("Documents")));
  const Report report = log_off_while("nothing", {});
  EXPECT_EQ(read(*b.local, "Documents/7.txt"), "d");
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "<none>") << "the server has it";
  EXPECT_THAT(told(report), HasSubstr("Documents/7.txt (missing on the server"));
  ASSERT_OK(b.log_on(*server));
  EXPECT_EQ(profile(*b.local), before);
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(read(*server, "Documents/7.txt"), "d") << "it heals";
}

// As everywhere: what a link hides is not taken for deleted.
TEST_F(DeleteCacheTest, WhatIsHiddenOnTheServerStays) {
  share_a_profile();
  ASSERT_OK(remove_tree(*server, ProfilePath::literal("Desktop")));
  class Linked : public testing::ForwardingStore {
   public:
    using ForwardingStore::ForwardingStore;
    Result<Listing> list(const ProfilePath& directory) override {
      auto listing = ForwardingStore::list(directory);
      if (listing && directory.is_root()) listing.value().unusable.push_back({"Desktop", "a symbolic link to gone"});
      return listing;
    }
  } linked(*server);
  const auto report = b.log_off(linked, {.delete_cache = true});
  ASSERT_OK(report);
  EXPECT_EQ(profile(*b.local), "Desktop/\nDesktop/a.txt=a1\nDesktop/b.txt=b1\n");
  EXPECT_THAT(told(report.value()), HasSubstr("Desktop/a.txt (hidden on the server)"));
}

// A holder of a hive without a name would go on writing what nobody can ever read.
TEST_F(DeleteCacheTest, AHiveOfWhichASnapshotWasTakenStaysWithItsLogs) {
  share_a_profile();
  b.put("NTUSER.DAT", sound_hive(u"second"));
  b.put("NTUSER.DAT.LOG1", "log");
  testing::NamedStore local(*b.local);
  b.host.add_holder({.holder = {.pid = 77, .name = "spoolsv", .what = "NTUSER.DAT open for writing"}});
  const auto report = Session(b.host, {local, server.get(), *b.state})
                          .log_off({.delete_cache = true, .at_timeout = AtTimeout::snapshot});
  ASSERT_OK(report);
  EXPECT_EQ(report.value().outcome, Outcome::synced);
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"second"));
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), sound_hive(u"second"));
  EXPECT_EQ(read(*b.local, "NTUSER.DAT.LOG1"), "log");
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "<none>");
  EXPECT_THAT(told(report.value()), HasSubstr("NTUSER.DAT (in use"));
}

// Saved by a program between the look at a file and its removal.
TEST_F(DeleteCacheTest, AFileSavedWhileItIsRemovedIsPutBack) {
  share_a_profile();
  class SavedMeanwhile : public testing::ForwardingStore {
   public:
    SavedMeanwhile(MemoryStore& inner, testing::SimHost& host) : ForwardingStore(inner), memory_(inner), host_(host) {}
    Result<void> replace(const ProfilePath& from, const ProfilePath& to) override {
      if (from.name() == "a.txt") memory_.put_file(from, "saved just now", host_.now());
      return ForwardingStore::replace(from, to);
    }

   private:
    MemoryStore& memory_;
    testing::SimHost& host_;
  } local(*b.local, b.host);
  b.host.advance(std::chrono::hours(1));
  ASSERT_OK(Session(b.host, {local, server.get(), *b.state}).log_off({.delete_cache = true}));
  EXPECT_EQ(profile(*b.local), "Desktop/\nDesktop/a.txt=saved just now\n");
}

// KB Q261130 turned round: what cannot be deleted takes nothing back of what was published.
TEST_F(DeleteCacheTest, ALocalCopyThatCannotBeDeletedIsToldAndThePublishStands) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  class Locked : public testing::ForwardingStore {
   public:
    using ForwardingStore::ForwardingStore;
    Result<void> make_directory(const ProfilePath&, std::uint32_t) override {
      return Error(std::make_error_code(std::errc::permission_denied));
    }
  } local(*b.local);
  const auto report = Session(b.host, {local, server.get(), *b.state}).log_off({.delete_cache = true});
  ASSERT_OK(report);
  EXPECT_EQ(report.value().outcome, Outcome::synced);
  EXPECT_THAT(told(report.value()), HasSubstr("is not deleted, or not all of it"));
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a2");
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
}

}  // namespace
}  // namespace roamsync
