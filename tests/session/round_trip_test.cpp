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

TEST_F(SessionTest, AProfileGoesUpAndComesDownWhole) {
  a.put("NTUSER.DAT", sound_hive(u"alice"));
  a.put("Desktop/a.txt", "hello");
  a.put("AppData/Roaming/App/settings.ini", "x=1");
  a.put("AppData/Local/Cache/big.bin", "does not roam");
  const auto up = a.log_off(*server);
  ASSERT_OK(up);
  EXPECT_EQ(up.value().outcome, Outcome::synced);
  EXPECT_EQ(up.value().generation, 1U);
  EXPECT_EQ(up.value().uploaded, 3U);
  EXPECT_EQ(up.value().hive, HiveChoice::local);

  const auto down = b.log_on(*server);
  ASSERT_OK(down);
  EXPECT_EQ(down.value().outcome, Outcome::synced);
  EXPECT_EQ(down.value().downloaded, 3U);
  EXPECT_EQ(down.value().hive, HiveChoice::server);
  EXPECT_EQ(profile(*b.local), profile(*server));
  EXPECT_EQ(read(*b.local, "AppData/Local/Cache/big.bin"), "<none>");
}

TEST_F(SessionTest, NothingChangedWritesNothingOnTheServer) {
  share_a_profile();
  const auto before = server->content();
  for (Machine* machine : {&a, &b}) {
    const auto again = machine->log_off(*server);
    ASSERT_OK(again);
    EXPECT_EQ(again.value().outcome, Outcome::nothing_to_do);
    EXPECT_EQ(again.value().hive, HiveChoice::equal);
    EXPECT_EQ(again.value().generation, 1U);
  }
  EXPECT_TRUE(server->content() == before) << "not even into the lock";
}

TEST_F(SessionTest, EditsDeletionsAndNewFilesTravel) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  b.remove("Desktop/b.txt");
  b.put("Documents/new/c.txt", "c1");
  b.put("NTUSER.DAT", sound_hive(u"second"));
  const auto up = b.log_off(*server);
  ASSERT_OK(up);
  EXPECT_EQ(up.value().outcome, Outcome::synced);
  EXPECT_EQ(up.value().uploaded, 3U);
  EXPECT_EQ(up.value().deleted, 1U);
  ASSERT_OK(a.log_on(*server));
  EXPECT_EQ(profile(*a.local), profile(*b.local));
  EXPECT_EQ(read(*a.local, "Desktop/a.txt"), "a2");
  EXPECT_EQ(read(*a.local, "Desktop/b.txt"), "<none>");
  EXPECT_EQ(read(*a.local, "NTUSER.DAT"), sound_hive(u"second"));
}

// KB Q185587: the last machine to log off decided all settings. Here each keeps what only it changed.
TEST_F(SessionTest, TwoMachinesThatChangeDifferentFilesBothKeepThem) {
  share_a_profile();
  a.put("Desktop/a.txt", "a of A");
  b.put("Desktop/b.txt", "b of B");
  ASSERT_OK(a.log_off(*server));
  const auto second = b.log_off(*server);
  ASSERT_OK(second);
  EXPECT_EQ(second.value().generation, 3U);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a of A");
  EXPECT_EQ(read(*server, "Desktop/b.txt"), "b of B");
  ASSERT_OK(b.log_on(*server));
  EXPECT_EQ(profile(*b.local), profile(*server));
}

// As files from one archive are: nothing but the number of the file tells that another one took the name.
TEST_F(SessionTest, AFileThatTakesAnothersNameIsUploadedAlsoWhenItIsOfTheSameSizeAndTime) {
  a.put("NTUSER.DAT", sound_hive(u"first"));
  for (const char* name : {"a", "b"}) a.local->put_file(ProfilePath::literal(name), name, FileTime{1'000});
  ASSERT_OK(a.log_off(*server));
  ASSERT_OK(a.local->replace(ProfilePath::literal("b"), ProfilePath::literal("a")));
  ASSERT_OK(a.log_on(*server));
  ASSERT_OK(a.log_off(*server));
  EXPECT_EQ(read(*server, "a"), "b");
  EXPECT_EQ(profile(*server), profile(*a.local));
}

TEST_F(SessionTest, ALargeHiveMovesOnlyItsChangedPages) {
  std::string hive = sound_hive(u"first", 2 << 20);
  a.put("NTUSER.DAT", hive);
  ASSERT_OK(a.log_off(*server));
  // Data of the last value: a change that leaves the structure alone.
  const std::size_t at = hive.rfind(sound_hive(u"x").substr(0, 4)) == 0 ? hive.size() - 5000 : hive.size() - 5000;
  hive[at] = static_cast<char>(hive[at] ^ 1);
  a.put("NTUSER.DAT", hive);
  const auto up = a.log_off(*server);
  ASSERT_OK(up);
  ASSERT_EQ(up.value().outcome, Outcome::synced) << up.value();
  EXPECT_LE(up.value().bytes.written, 2 * PageDigests::page_size);
  EXPECT_GE(up.value().bytes.verified, hive.size());
  EXPECT_EQ(read(*server, "NTUSER.DAT"), hive);
}

TEST_F(SessionTest, WithoutABaseEqualFilesAreNotMoved) {
  share_a_profile();
  b.state->set_content({});
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::nothing_to_do);
  EXPECT_TRUE(on.value().conflicts.empty());
}

TEST_F(SessionTest, DamagedRecordsAreToldAndMadeAnew) {
  share_a_profile();
  for (const char* record : {".roamsync/head"}) server->put_file(ProfilePath::literal(record), "garbage");
  for (const char* record : {"base", "session"}) b.state->put_file(ProfilePath::literal(record), "garbage");
  b.put("Desktop/a.txt", "a2");
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  const auto up = b.log_off(*server);
  ASSERT_OK(up);
  EXPECT_EQ(up.value().outcome, Outcome::synced);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
  std::string told;
  for (const Notice& notice : on.value().notices) told += notice.text + '\n';
  EXPECT_THAT(told, HasSubstr("head record"));
  EXPECT_THAT(told, HasSubstr("base record"));
  EXPECT_THAT(told, HasSubstr("session record"));
  ASSERT_OK(a.log_on(*server));
  EXPECT_EQ(read(*a.local, "Desktop/a.txt"), "a2");
}

TEST_F(SessionTest, ARecordOfALaterVersionStopsTheSession) {
  share_a_profile();
  auto content = server->content();
  auto& head = content.at(ProfilePath::literal(".roamsync/head")).bytes;
  Digester digester;
  head[8] = std::byte{99};
  digester.update(std::span(head).first(24));
  digester.update(std::span(head).subspan(40));
  const Digest digest = digester.digest();
  std::memcpy(head.data() + 24, &digest.low, 8);
  std::memcpy(head.data() + 32, &digest.high, 8);
  server->set_content(content);
  b.put("Desktop/a.txt", "a2");
  const auto up = b.log_off(*server);
  ASSERT_OK(up);
  EXPECT_EQ(up.value().outcome, Outcome::refused);
  EXPECT_EQ(up.value().cause->code(), Errc::record_too_new);
  content.erase(ProfilePath::literal(".roamsync/lock"));
  EXPECT_TRUE(disk(*server) == content);
}

TEST_F(SessionTest, PreviewWritesNothing) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  const auto server_before = disk(*server);
  const auto state_before = b.state->content();
  Session session(b.host, {*b.local, server.get(), *b.state});
  const auto preview = session.preview(Direction::logoff, {});
  ASSERT_OK(preview);
  ASSERT_EQ(preview.value().plan.actions.size(), 1U);
  EXPECT_EQ(preview.value().plan.actions[0].verb, Verb::upload);
  EXPECT_EQ(preview.value().plan.actions[0].path.text(), "Desktop/a.txt");
  EXPECT_TRUE(disk(*server) == server_before);
  EXPECT_TRUE(b.state->content() == state_before);
}

TEST_F(SessionTest, StatusTellsWhatDiffers) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  a.put("Desktop/b.txt", "b2");
  ASSERT_OK(a.log_off(*server));
  const auto status = Session(b.host, {*b.local, server.get(), *b.state}).status({});
  ASSERT_OK(status);
  EXPECT_EQ(status.value().server_generation, 2U);
  EXPECT_EQ(status.value().base_generation, 1U);
  EXPECT_EQ(status.value().last_writer, "MACHINE-A");
  EXPECT_EQ(status.value().last_operation, "logon");
  EXPECT_EQ(status.value().last_outcome, "synced");
  ASSERT_EQ(status.value().changed_here.size(), 1U);
  EXPECT_EQ(status.value().changed_here[0].text(), "Desktop/a.txt");
  ASSERT_EQ(status.value().changed_on_server.size(), 1U);
  EXPECT_EQ(status.value().changed_on_server[0].text(), "Desktop/b.txt");
}

TEST_F(SessionTest, StatusTellsWhatLogonDecidedAndWhatIsDamaged) {
  share_a_profile();
  ASSERT_OK(b.log_on(*server, {.read_only = true}));
  server->put_file(ProfilePath::literal(".roamsync/head"), "garbage");
  const auto status = Session(b.host, {*b.local, server.get(), *b.state}).status({});
  ASSERT_OK(status);
  EXPECT_TRUE(status.value().read_only);
  EXPECT_FALSE(status.value().mandatory);
  ASSERT_EQ(status.value().notices.size(), 1U);
  EXPECT_THAT(status.value().notices[0].text, HasSubstr("head record"));
}

TEST_F(SessionTest, FirstLogoffMakesTheServerFolder) {
  a.put("NTUSER.DAT", sound_hive(u"alice"));
  int made = 0;
  const AbsentServer absent{.location = "server:",
                            .why = Error(std::make_error_code(std::errc::no_such_file_or_directory)),
                            .create = [&]() -> Result<std::unique_ptr<Store>> {
                              ++made;
                              return std::unique_ptr<Store>(make_memory_store());
                            }};
  Session session(a.host, {*a.local, absent, *a.state});
  const auto on = session.log_on({});
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::nothing_to_do);
  EXPECT_EQ(made, 0);
  const auto off = session.log_off({});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced);
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace roamsync
