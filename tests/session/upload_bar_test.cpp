// Sessions that must not upload do not, and preview says so before.
#include "session/machines.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::disk;
using ::testing::HasSubstr;
using testing::Machine;
using testing::profile;
using testing::read;
using testing::SessionTest;
using testing::sound_hive;

class UploadBar : public SessionTest {
 protected:
  Result<Preview> preview(Machine& machine, Store& store, const SessionOptions& options = {}) {
    sessions_.push_back(std::make_unique<Session>(machine.host, Endpoints{*machine.local, &store, *machine.state}));
    return sessions_.back()->preview(Direction::logoff, options);
  }
  /// What a preview of a logoff that does nothing looks like.
  void expect_nothing(Machine& machine, Store& store, const SessionOptions& options, Outcome outcome) {
    const auto before = machine.state->content();
    const auto seen = preview(machine, store, options);
    ASSERT_OK(seen);
    EXPECT_TRUE(seen.value().plan.actions.empty());
    EXPECT_EQ(seen.value().outcome, outcome);
    EXPECT_EQ(seen.value().cause.has_value(), outcome == Outcome::refused);
    EXPECT_FALSE(seen.value().notices.empty());
    EXPECT_TRUE(machine.state->content() == before);
  }

 private:
  std::vector<std::unique_ptr<Session>> sessions_;
};

// The folder's name says it, whatever the logon had to do with (KB Q174491).
TEST_F(UploadBar, ASuperMandatoryFolderIsNeverWrittenTo) {
  auto mandatory = make_memory_store({.location = "/srv/alice.man.V6"});
  mandatory->put_file(ProfilePath::literal("NTUSER.DAT"), sound_hive(u"mandatory"), a.host.now());
  a.put("NTUSER.DAT", sound_hive(u"mine"));
  a.put("Documents/evil.txt", "evil");
  const auto before = disk(*mandatory);
  expect_nothing(a, *mandatory, {}, Outcome::nothing_to_do);
  const auto off = a.log_off(*mandatory);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::nothing_to_do);
  EXPECT_TRUE(disk(*mandatory) == before);
}

TEST_F(UploadBar, ADamagedSessionRecordMayHaveForbiddenIt) {
  share_a_profile();
  ASSERT_OK(b.log_on(*server, {.read_only = true}));
  b.put("Desktop/a.txt", "a2");
  const std::string record = read(*b.state, "session");
  b.state->put_file(ProfilePath::literal("session"), record.substr(0, 20));
  const auto before = profile(*server);
  for (int i = 0; i < 2; ++i) {
    const auto off = b.log_off(*server);
    ASSERT_OK(off);
    EXPECT_EQ(off.value().outcome, Outcome::refused);
    EXPECT_EQ(off.value().cause->code(), Errc::upload_forbidden);
    EXPECT_THAT(off.value().cause->message(), HasSubstr("damaged"));
  }
  EXPECT_EQ(profile(*server), before);
  ASSERT_OK(b.log_on(*server));
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
}

TEST_F(UploadBar, PreviewShowsNothingOfAReadOnlySession) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  expect_nothing(b, *server, {.read_only = true}, Outcome::nothing_to_do);
  ASSERT_OK(b.log_on(*server, {.read_only = true}));
  expect_nothing(b, *server, {}, Outcome::nothing_to_do);
}

TEST_F(UploadBar, PreviewShowsNothingOfASessionThatMayNotUpload) {
  share_a_profile();
  const AbsentServer away{.location = "server:", .why = Error(std::make_error_code(std::errc::host_unreachable))};
  ASSERT_OK(Session(b.host, {*b.local, away, *b.state}).log_on({}));
  b.put("Desktop/a.txt", "a2");
  expect_nothing(b, *server, {}, Outcome::refused);
}

TEST_F(UploadBar, PreviewShowsNothingOfAMandatoryProfile) {
  server->put_file(ProfilePath::literal("NTUSER.MAN"), sound_hive(u"mandatory"), a.host.now());
  b.put("Desktop/a.txt", "a2");
  expect_nothing(b, *server, {}, Outcome::nothing_to_do);
  ASSERT_OK(b.log_on(*server));
  expect_nothing(b, *server, {}, Outcome::nothing_to_do);
}

TEST_F(UploadBar, PreviewShowsNothingOfAProfileOverItsLimit) {
  share_a_profile();
  b.put("Desktop/a.txt", std::string(10'000, 'x'));
  expect_nothing(b, *server, {.profile_size_max = 5'000}, Outcome::refused);
}

TEST_F(UploadBar, PreviewShowsWhatTheDeletionGuardRefuses) {
  a.put("NTUSER.DAT", sound_hive(u"alice"));
  for (int i = 0; i < 40; ++i) a.put(("Documents/" + std::to_string(i) + ".txt").c_str(), "x");
  ASSERT_OK(a.log_off(*server));
  for (int i = 0; i < 30; ++i) a.remove(("Documents/" + std::to_string(i) + ".txt").c_str());
  const auto seen = preview(a, *server);
  ASSERT_OK(seen);
  EXPECT_EQ(seen.value().outcome, Outcome::refused);
  ASSERT_TRUE(seen.value().cause.has_value());
  EXPECT_EQ(seen.value().cause->code(), Errc::too_many_deletions);
  EXPECT_THAT(seen.value().cause->message(), HasSubstr("server:"));
  EXPECT_THAT(seen.value().cause->message(), HasSubstr("--max-deletions"));
  EXPECT_EQ(seen.value().plan.deleted_files(), 30U);
}

TEST_F(UploadBar, PreviewOfAMandatoryLogonShowsWhatIsOverwritten) {
  server->put_file(ProfilePath::literal("NTUSER.MAN"), sound_hive(u"mandatory"), a.host.now());
  server->put_file(ProfilePath::literal("Desktop/a.txt"), "a1", a.host.now());
  ASSERT_OK(b.log_on(*server));
  b.put("Desktop/a.txt", "changed by the user");
  Session session(b.host, {*b.local, server.get(), *b.state});
  const auto seen = session.preview(Direction::logon, {});
  ASSERT_OK(seen);
  ASSERT_EQ(seen.value().plan.actions.size(), 1U);
  EXPECT_EQ(seen.value().plan.actions[0].verb, Verb::download);
}

// An administrator alone makes a profile mandatory, by renaming on the server (KB Q185587).
TEST_F(UploadBar, AMandatoryHiveHereStaysHere) {
  share_a_profile();
  const std::string hive = read(*server, "NTUSER.DAT");
  ASSERT_OK(b.local->replace(ProfilePath::literal("NTUSER.DAT"), ProfilePath::literal("NTUSER.MAN")));
  b.put("Desktop/a.txt", "a2");
  const auto off = b.log_off(*server);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced);
  EXPECT_EQ(read(*server, "NTUSER.DAT"), hive);
  EXPECT_EQ(read(*server, "NTUSER.MAN"), "<none>");
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
  ASSERT_EQ(off.value().unusable.size(), 1U);
  EXPECT_EQ(off.value().unusable[0].path, "NTUSER.MAN");
}

// KB Q172647 for --rules windows2000: T tells nothing of a session that uploaded nothing.
TEST_F(UploadBar, Windows2000TakesNothingForDeletedThatWasNeverUploaded) {
  share_a_profile();
  const SessionOptions rules{.rules = Rules::windows2000};
  ASSERT_OK(b.log_on(*server, {.rules = Rules::windows2000, .read_only = true}));
  b.put("Desktop/own.txt", "own");
  ASSERT_OK(b.log_off(*server, rules));
  ASSERT_OK(b.log_on(*server, rules));
  EXPECT_EQ(read(*b.local, "Desktop/own.txt"), "own");

  const std::vector<std::string> own{"Desktop/own.txt"};
  const auto excluding = Filter::make(own, {});
  ASSERT_OK(excluding);
  ASSERT_OK(b.log_off(*server, {.rules = Rules::windows2000, .filter = excluding.value()}));
  ASSERT_OK(b.log_on(*server, rules));
  EXPECT_EQ(read(*b.local, "Desktop/own.txt"), "own");
  ASSERT_OK(b.log_off(*server, rules));
  EXPECT_EQ(read(*server, "Desktop/own.txt"), "own");

  ASSERT_OK(a.log_on(*server, rules));
  a.remove("Desktop/own.txt");
  ASSERT_OK(a.log_off(*server, rules));
  ASSERT_OK(b.log_on(*server, rules));
  EXPECT_EQ(read(*b.local, "Desktop/own.txt"), "<none>") << "and a deletion elsewhere is one still";
}

}  // namespace
}  // namespace roamsync
