#include "session/machines.hpp"

#include "support/change_set.hpp"
#include "support/crash_store.hpp"
#include "support/fault_store.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::IsEmpty;
using testing::leftovers_of;
using testing::read;
using testing::SessionTest;

// As a deletion of the local copy that was interrupted leaves it, or a publish whose trace a power cut took.
TEST_F(SessionTest, TemporariesInTheLocalProfileAreSweptByLogonAndLogoff) {
  share_a_profile();
  a.put("deleted.0123456789ab.roamsync.tmp/Desktop/a.txt", "a1");
  ASSERT_OK(a.log_on(*server));
  EXPECT_THAT(leftovers_of(a.local->content()), IsEmpty());
  a.put("Desktop/a.txt.0123456789ab.roamsync.tmp", "half of it");
  ASSERT_OK(a.log_off(*server));
  EXPECT_THAT(leftovers_of(a.local->content()), IsEmpty());
}

// A power cut may keep what a first publish had staged and lose the record folder, and with it every trace.
TEST_F(SessionTest, RecoverSweepsAlsoWhereThereIsNoRecordFolder) {
  server->put_file(ProfilePath::literal("Desktop.0123456789ab.roamsync.tmp/a.txt"), "half of it");
  ASSERT_OK(recover_server(a.host, *server, std::chrono::milliseconds(0)));
  EXPECT_THAT(leftovers_of(server->content()), IsEmpty());
}

TEST_F(SessionTest, ALogoffThatIsKilledAnywhereInAConflictLeavesNothingThatRecoverDoesNotFind) {
  share_a_profile();
  a.put("Desktop/a.txt", "a of A");
  ASSERT_OK(a.log_off(*server));
  b.put("Desktop/a.txt", "a of B");
  const auto before = server->content();
  const auto state = b.state->content();
  bool ended = false;
  for (std::size_t operation = 1; !ended; ++operation) {
    SCOPED_TRACE(operation);
    server->set_content(before);
    b.state->set_content(state);
    testing::FaultStore faults(*server);
    faults.arm({.operation = operation, .and_all_after = true});
    ASSERT_OK(b.log_off(faults, {.policy = &server_wins(), .lanes = 1}));
    ended = faults.failed().empty();
    ASSERT_OK(recover_server(a.host, *server, std::chrono::milliseconds(0)));
    ASSERT_THAT(leftovers_of(server->content()), IsEmpty()) << faults.failed();
  }
}

TEST_F(SessionTest, ADeletedLocalCopyStaysDeletedInAPowerCut) {
  share_a_profile();
  testing::CrashStore local(a.local->content());
  const auto off = Session(a.host, {local, server.get(), *a.state}).log_off({.delete_cache = true, .lanes = 1});
  ASSERT_OK(off);
  for (const MemoryStore::Content& left : local.disks_after(local.operations(), 64, 1)) {
    ASSERT_THAT(testing::profile_of(left), IsEmpty());
  }
}

// KB Q261130: the local copy goes only when all of it is on the server. By the rules of NT 4 equal hives mean that nothing
// is copied.
TEST_F(SessionTest, ALocalCopyWithFilesThatTheRulesLeftAloneIsNotDeleted) {
  share_a_profile();
  a.put("Desktop/new.txt", "only here");
  const auto off = a.log_off(*server, {.rules = Rules::nt4, .delete_cache = true});
  ASSERT_OK(off);
  EXPECT_EQ(read(*server, "Desktop/new.txt"), "<none>");
  EXPECT_EQ(read(*a.local, "Desktop/new.txt"), "only here");
}

}  // namespace
}  // namespace roamsync
