#include <roamsync/hive_diff.hpp>

#include "session/machines.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::disk;
using ::testing::HasSubstr;
using testing::profile;
using testing::read;
using testing::SessionTest;
using testing::sound_hive;

class ConflictTest : public SessionTest {
 protected:
  /// Both machines change the same file; A has published its version, B's is the later one.
  void change_on_both() {
    share_a_profile();
    a.put("Desktop/a.txt", "a of A");
    ASSERT_OK(a.log_off(*server));
    b.host.advance(std::chrono::hours(1));
    b.put("Desktop/a.txt", "a of B");
  }

  /// Every content the history holds of one path.
  std::vector<std::string> kept_of(const std::string& path) {
    std::vector<std::string> contents;
    const auto history = list_history(*server);
    EXPECT_OK(history);
    for (const HistoryGeneration& generation : history.value()) {
      for (const Entry& file : generation.files) {
        if (file.path.text() == path) {
          contents.push_back(read(*server, ".roamsync/history/" + std::to_string(generation.generation) + "/" + path));
        }
      }
    }
    return contents;
  }
};

TEST_F(ConflictTest, NewestWinsAndTheLoserIsInTheHistory) {
  change_on_both();
  const auto up = b.log_off(*server, {.policy = &newest_wins()});
  ASSERT_OK(up);
  ASSERT_EQ(up.value().conflicts.size(), 1U);
  EXPECT_EQ(up.value().conflicts[0].path.text(), "Desktop/a.txt");
  EXPECT_EQ(up.value().conflicts[0].choice, Choice::keep_local);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a of B");
  EXPECT_THAT(kept_of("Desktop/a.txt"), ::testing::Contains("a of A"));
}

TEST_F(ConflictTest, ServerWinsAndTheLocalLoserIsInTheHistory) {
  change_on_both();
  const auto up = b.log_off(*server, {.policy = &server_wins()});
  ASSERT_OK(up);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a of A");
  EXPECT_THAT(kept_of("Desktop/a.txt"), ::testing::Contains("a of B"));
  ASSERT_OK(b.log_on(*server));
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a of A");
  EXPECT_EQ(profile(*b.local), profile(*server));
}

TEST_F(ConflictTest, AtLogonTheLocalLoserGoesToTheServersHistoryToo) {
  change_on_both();
  const auto on = b.log_on(*server, {.policy = &server_wins()});
  ASSERT_OK(on);
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a of A");
  EXPECT_THAT(kept_of("Desktop/a.txt"), ::testing::Contains("a of B"));
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::nothing_to_do);
}

TEST_F(ConflictTest, AtLogonTheLocalWinnerGoesUpAtLogoffWithoutAskingAgain) {
  change_on_both();
  ASSERT_OK(b.log_on(*server, {.policy = &local_wins()}));
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a of B");
  const auto off = b.log_off(*server, {.policy = &asks()});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced);
  EXPECT_TRUE(off.value().conflicts.empty());
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a of B");
  EXPECT_THAT(kept_of("Desktop/a.txt"), ::testing::Contains("a of A"));
}

TEST_F(ConflictTest, KeepBothKeepsBothOnEveryMachine) {
  change_on_both();
  ASSERT_OK(b.log_off(*server, {.policy = &keeps_both()}));
  ASSERT_OK(b.log_on(*server));
  ASSERT_OK(a.log_on(*server));
  EXPECT_EQ(profile(*a.local), profile(*server));
  EXPECT_EQ(profile(*b.local), profile(*server));
  const std::string both = profile(*server);
  EXPECT_THAT(both, HasSubstr("=a of A\n"));
  EXPECT_THAT(both, HasSubstr("=a of B\n"));
}

TEST_F(ConflictTest, KeepBothAtLogonSettlesIt) {
  change_on_both();
  ASSERT_OK(b.log_on(*server, {.policy = &keeps_both()}));
  const auto off = b.log_off(*server, {.policy = &asks()});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced) << off.value();
  ASSERT_OK(a.log_on(*server));
  EXPECT_EQ(profile(*a.local), profile(*b.local));
  EXPECT_THAT(profile(*a.local), HasSubstr("=a of A\n"));
  EXPECT_THAT(profile(*a.local), HasSubstr("=a of B\n"));
}

TEST_F(ConflictTest, AnUndecidedConflictChangesNothing) {
  change_on_both();
  const auto before = disk(*server);
  const auto up = b.log_off(*server, {.policy = &asks()});
  ASSERT_OK(up);
  EXPECT_EQ(up.value().outcome, Outcome::refused);
  EXPECT_EQ(up.value().cause->code(), Errc::decision_needed);
  EXPECT_THAT(up.value().cause->message(), HasSubstr("Desktop/a.txt"));
  EXPECT_TRUE(disk(*server) == before);
}

TEST_F(ConflictTest, APersonIsAskedOnceForEachConflict) {
  change_on_both();
  int asked = 0;
  const auto up = b.log_off(*server, {.policy = &asks(), .decide = [&](const Triple& triple, ConflictKind kind) {
                                        ++asked;
                                        EXPECT_EQ(triple.path().text(), "Desktop/a.txt");
                                        EXPECT_EQ(kind, ConflictKind::both_changed);
                                        return Choice::keep_local;
                                      }});
  ASSERT_OK(up);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a of B");
}

// Fencing: while the person thinks, another machine publishes. The plan is made again, nothing of either is lost.
TEST_F(ConflictTest, APublishDuringTheQuestionIsSeen) {
  change_on_both();
  const auto up = b.log_off(*server, {.policy = &asks(), .decide = [&](const Triple&, ConflictKind) {
                                        a.put("Desktop/b.txt", "b of A, later");
                                        EXPECT_OK(a.log_off(*server));
                                        return Choice::keep_local;
                                      }});
  ASSERT_OK(up);
  EXPECT_EQ(up.value().outcome, Outcome::synced);
  EXPECT_EQ(up.value().generation, 4U);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a of B");
  EXPECT_EQ(read(*server, "Desktop/b.txt"), "b of A, later");
}

TEST_F(ConflictTest, BothHivesChangedTheNewerIsTakenAndTheOtherKept) {
  share_a_profile();
  a.put("NTUSER.DAT", sound_hive(u"A"));
  ASSERT_OK(a.log_off(*server));
  b.host.advance(std::chrono::hours(1));
  b.put("NTUSER.DAT", sound_hive(u"B"));
  ASSERT_OK(b.log_off(*server, {.policy = &keeps_both()}));
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"B"));
  EXPECT_THAT(kept_of("NTUSER.DAT"), ::testing::Contains(sound_hive(u"A")));
}

// No product does this: two machines log off after changing different settings, and both keep everything.
TEST_F(ConflictTest, TwoHivesAreMergedKeyByKey) {
  const auto make_hive = [](const std::u16string& left, const std::u16string& right) {
    const testing::HiveSpec spec{
        .root = {.name = u"ROOT",
                 .subkeys = {{.name = u"Left", .values = {testing::text_value(u"V", left)}},
                             {.name = u"Right", .values = {testing::text_value(u"V", right)}}}}};
    return testing::text_of_bytes(testing::build_hive(spec));
  };
  const SessionOptions merging{.policy = &merges()};
  a.put("NTUSER.DAT", make_hive(u"1", u"1"));
  ASSERT_OK(a.log_off(*server, merging));
  ASSERT_OK(b.log_on(*server, merging));
  a.put("NTUSER.DAT", make_hive(u"2", u"1"));
  b.put("NTUSER.DAT", make_hive(u"1", u"2"));
  ASSERT_OK(a.log_off(*server, merging));
  const auto up = b.log_off(*server, merging);
  ASSERT_OK(up);
  EXPECT_EQ(up.value().outcome, Outcome::synced) << up.value();
  EXPECT_EQ(up.value().hive, HiveChoice::merged);
  const std::string merged = read(*server, "NTUSER.DAT");
  const std::string wanted = make_hive(u"2", u"2");
  const auto open = [](const std::string& bytes) { return hive::Hive::open(std::as_bytes(std::span(bytes))); };
  const auto merged_hive = open(merged);
  const auto wanted_hive = open(wanted);
  ASSERT_OK(merged_hive);
  ASSERT_OK(wanted_hive);
  std::string differences;
  hive::diff_hives(wanted_hive.value().root(), merged_hive.value().root(),
                   [&](const hive::Change& change) { differences += std::string(change.path) + '\n'; });
  EXPECT_EQ(differences, "");
  ASSERT_OK(a.log_on(*server, merging));
  ASSERT_OK(b.log_on(*server, merging));
  EXPECT_EQ(read(*a.local, "NTUSER.DAT"), read(*server, "NTUSER.DAT"));
  EXPECT_EQ(read(*b.local, "NTUSER.DAT"), read(*server, "NTUSER.DAT"));
}

TEST_F(ConflictTest, HistoryIsListedAndRestoredAsANewGeneration) {
  share_a_profile();
  b.put("NTUSER.DAT", sound_hive(u"second"));
  b.put("Desktop/a.txt", "a2");
  b.remove("Desktop/b.txt");
  b.put("Desktop/c.txt", "c2");
  ASSERT_OK(b.log_off(*server));
  const auto history = list_history(*server);
  ASSERT_OK(history);
  ASSERT_EQ(history.value().size(), 1U);
  EXPECT_EQ(history.value()[0].generation, 1U);
  EXPECT_EQ(history.value()[0].machine, "MACHINE-A");
  EXPECT_EQ(history.value()[0].files.size(), 3U);

  const auto one = restore_generation(a.host, *server, 1, ProfilePath::literal("Desktop/a.txt"), {});
  ASSERT_OK(one);
  EXPECT_EQ(one.value().generation, 3U);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a1");
  EXPECT_EQ(read(*server, "NTUSER.DAT"), sound_hive(u"second"));

  const std::string first = profile(*a.local);
  const auto all = restore_generation(a.host, *server, 1, std::nullopt, {});
  ASSERT_OK(all);
  EXPECT_EQ(all.value().generation, 4U);
  EXPECT_EQ(profile(*server), first);
  // And what the restore replaced can be had back.
  ASSERT_OK(restore_generation(a.host, *server, 2, std::nullopt, {}));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
  EXPECT_EQ(read(*server, "Desktop/c.txt"), "c2");
  EXPECT_EQ(read(*server, "Desktop/b.txt"), "<none>");
  EXPECT_FAILS(restore_generation(a.host, *server, 77, std::nullopt, {}), Errc::not_supported);
}

// What a filter kept out of the profile, or somebody put there by hand, is in no generation and goes with none.
TEST_F(ConflictTest, ARestoreLeavesAloneWhatWasNeverPublished) {
  share_a_profile();
  server->put_file(ProfilePath::literal("Videos/by-an-admin.mp4"), "film");
  server->put_file(ProfilePath::literal("Desktop/only-there.iso"), "image");
  const std::vector<std::string> exclude{"Videos", "*.iso"};
  const auto filter = Filter::make(exclude, {});
  ASSERT_OK(filter);
  b.put("Desktop/a.txt", "a2");
  b.put("Desktop/new/c.txt", "c2");
  ASSERT_OK(b.log_off(*server, {.filter = filter.value()}));
  for (int again = 0; again < 2; ++again) {
    const auto all = restore_generation(a.host, *server, 1, std::nullopt, {});
    ASSERT_OK(all);
    EXPECT_EQ(read(*server, "Desktop/new/c.txt"), "<none>");
    EXPECT_EQ(read(*server, "Desktop/a.txt"), "a1");
    EXPECT_EQ(read(*server, "Videos/by-an-admin.mp4"), "film");
    EXPECT_EQ(read(*server, "Desktop/only-there.iso"), "image");
  }
}

TEST_F(ConflictTest, HistoryIsBounded) {
  share_a_profile();
  for (int i = 0; i < 15; ++i) {
    a.put("NTUSER.DAT", sound_hive(u"edit" + std::u16string(1, static_cast<char16_t>(u'a' + i))));
    ASSERT_OK(a.log_off(*server, {.history = {.generations_max = 4}}));
  }
  const auto history = list_history(*server);
  ASSERT_OK(history);
  EXPECT_EQ(history.value().size(), 4U);
  EXPECT_EQ(history.value()[0].generation, 15U);
}

}  // namespace
}  // namespace roamsync
