// What an interrupted call left under a temporary name is swept; what a user has given such a name is the user's, stays and
// is told. Nothing is both.
#include "session/machines.hpp"

#include "support/fault_store.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::ElementsAre;
using testing::FaultCounter;
using testing::FaultStore;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::read;
using testing::SessionTest;

class ReservedNames : public SessionTest {
 protected:
  // They look more or less like roamsync's; none is.
  static constexpr std::array users_files{"Desktop/report.txt.roamsync.tmp", "notes.roamsync.tmp", "NTUSER.MAN.tmp",
                                          "old.0123456789AB.roamsync.tmp"};

  void put_users_files(MemoryStore& store) {
    for (const char* path : users_files) store.put_file(ProfilePath::literal(path), "mine");
  }
  void expect_users_files(MemoryStore& store) {
    for (const char* path : users_files) EXPECT_EQ(read(store, path), "mine") << path;
  }
  void remove_users_files(MemoryStore& store) {
    for (const char* path : users_files) ASSERT_OK(store.remove_file(ProfilePath::literal(path)));
  }

  template <class What>
  static void expect_told(const What& report) {
    std::vector<std::string> told;
    for (const Unusable& one : report.unusable) told.push_back(one.path);
    EXPECT_THAT(told, ::testing::UnorderedElementsAreArray(users_files));
    for (const char* path : users_files) {
      EXPECT_THAT(report.notices, ::testing::Contains(Field(&Notice::text, HasSubstr(path)))) << path;
    }
  }
};

TEST_F(ReservedNames, OfUsersStayAndAreTold) {
  share_a_profile();
  put_users_files(*a.local);
  const auto off = a.log_off(*server);
  ASSERT_OK(off);
  expect_told(off.value());
  expect_users_files(*a.local);
  const auto on = a.log_on(*server);
  ASSERT_OK(on);
  expect_told(on.value());
  expect_users_files(*a.local);
  remove_users_files(*a.local);
}

TEST_F(ReservedNames, OfUsersStayOnTheServerToo) {
  share_a_profile();
  put_users_files(*server);
  a.put("Desktop/a.txt", "a2");
  const auto off = a.log_off(*server, {.delete_cache = true});  // looks at the whole server
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced);
  expect_told(off.value());
  expect_users_files(*server);
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  expect_told(on.value());
  ASSERT_OK(recover_server(a.host, *server, std::chrono::milliseconds(0)));
  expect_users_files(*server);
  remove_users_files(*server);
}

TEST_F(ReservedNames, OfUsersAreNamedWhenTheLocalCopyGoes) {
  share_a_profile();
  a.put("notes.roamsync.tmp", "mine");
  const auto off = a.log_off(*server, {.delete_cache = true});
  ASSERT_OK(off);
  EXPECT_EQ(read(*a.local, "notes.roamsync.tmp"), "mine");
  EXPECT_THAT(off.value().notices,
              ::testing::Contains(Field(
                  &Notice::text, ::testing::AllOf(HasSubstr("is deleted but for"), HasSubstr("notes.roamsync.tmp")))));
  a.remove("notes.roamsync.tmp");
}

TEST_F(ReservedNames, OfInterruptedCallsAreSweptAndNotTold) {
  share_a_profile();
  for (const bool on : {true, false}) {
    SCOPED_TRACE(on);
    a.put("NTUSER.DAT.tmp", "half of it");
    a.put("Desktop/a.txt.0123456789ab.roamsync.tmp", "half of it");
    a.put("New.0123456789ab.roamsync.tmp/b.txt", "half of it");
    const auto report = on ? a.log_on(*server) : a.log_off(*server);
    ASSERT_OK(report);
    EXPECT_THAT(report.value().unusable, IsEmpty());
    EXPECT_THAT(report.value().notices, IsEmpty());
  }
}

TEST_F(ReservedNames, OfInterruptedCallsAreNotToldByAPreviewEither) {
  share_a_profile();
  put_users_files(*a.local);
  a.put("Desktop/a.txt.0123456789ab.roamsync.tmp", "half of it");
  const auto preview = Session(a.host, {*a.local, server.get(), *a.state}).preview(Direction::logoff, {});
  ASSERT_OK(preview);
  expect_told(preview.value());
  remove_users_files(*a.local);
  a.remove("Desktop/a.txt.0123456789ab.roamsync.tmp");
}

// A power cut may take the trace that recovery goes by.
TEST_F(ReservedNames, OfARealCallAreKnownWithoutItsTrace) {
  share_a_profile();
  a.put("NTUSER.DAT", testing::sound_hive(u"second"));
  a.put("Desktop/a.txt", "a2");
  a.put("New/c.txt", "c1");
  ASSERT_OK(a.log_off(*server));
  const auto local = b.local->content();
  const auto state = b.state->content();
  FaultCounter counter;
  for (std::size_t operation = 1; !counter.failed().starts_with("flush "); ++operation) {
    b.local->set_content(local);
    b.state->set_content(state);
    FaultStore faulty(*b.local, counter);
    counter.arm({.operation = operation, .and_all_after = true});
    static_cast<void>(Session(b.host, {faulty, server.get(), *b.state}).log_on({.lanes = 1}));
    ASSERT_FALSE(counter.failed().empty());
  }
  EXPECT_EQ(b.local->content().size(), local.size() + 4) << "a hive, a file and a folder with a file are staged";
  b.state->set_content(state);
  const auto on = b.log_on(*server);
  ASSERT_OK(on);
  EXPECT_THAT(on.value().unusable, IsEmpty());
  EXPECT_EQ(testing::profile(*b.local), testing::profile(*server));
}

}  // namespace
}  // namespace roamsync
