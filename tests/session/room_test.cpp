// A full disk or an exhausted quota is found before anything is written, and told by Windows' numbers.
#include "session/room.hpp"

#include "session/machines.hpp"

#include "support/small_faults.hpp"

#include <gmock/gmock.h>

#include <cerrno>

namespace roamsync {
namespace {

using ::testing::HasSubstr;
using testing::SessionTest;
using testing::StoreWithSpace;
using testing::tells;

class Room : public SessionTest {
 protected:
  Report log_off_with(const StoreSpace& space) {
    a.put("NTUSER.DAT", testing::sound_hive(u"a"));
    a.put("Desktop/a.txt", "a1");
    StoreWithSpace full(*server, space);
    auto off = a.log_off(full);
    EXPECT_OK(off);
    return std::move(off).value();
  }
};

TEST_F(Room, AFullDiskStopsAFirstLogoffBeforeItMakesItsRecords) {
  const Report report = log_off_with({.available = 1000});
  EXPECT_EQ(report.outcome, Outcome::refused);
  EXPECT_EQ(report.cause->code(), Errc::no_space);
  EXPECT_TRUE(tells(report, event_id::disk_full));
  EXPECT_THAT(report.cause->message(), HasSubstr("free space on that file system"));
  EXPECT_TRUE(server->content().empty()) << "not even a lock";
}

TEST_F(Room, AnExhaustedQuotaIsNamed) {
  const Report report = log_off_with({.available = 1000, .quota = "the quota of user 1000"});
  EXPECT_TRUE(tells(report, event_id::quota_exceeded));
  EXPECT_THAT(report.cause->message(), HasSubstr("raise the quota of user 1000"));
  EXPECT_TRUE(server->content().empty());
}

TEST_F(Room, FilesCountToo) {
  const Report report = log_off_with({.available = UINT64_MAX, .files = 2});
  EXPECT_EQ(report.cause->code(), Errc::no_space);
  EXPECT_THAT(report.cause->message(), HasSubstr("room for 2"));
}

TEST_F(Room, TheFolderOfANewProfileIsNotMadeOnAFullDisk) {
  bool made = false;
  a.put("NTUSER.DAT", testing::sound_hive(u"a"));
  const auto above = make_memory_store();
  const AbsentServer absent{.location = "server:",
                            .why = Error(std::make_error_code(std::errc::no_such_file_or_directory)),
                            .create = [&]() -> Result<std::unique_ptr<Store>> {
                              made = true;
                              return std::unique_ptr<Store>(make_memory_store());
                            },
                            .open_above = [&]() -> Result<std::unique_ptr<Store>> {
                              return std::unique_ptr<Store>(new StoreWithSpace(*above, {.available = 1000}));
                            }};
  const auto off = Session(a.host, {*a.local, absent, *a.state}).log_off({});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().cause->code(), Errc::no_space);
  EXPECT_FALSE(made);
}

TEST(CureForRoom, IsNoneForAnythingElse) {
  EXPECT_EQ(cure_for_room(std::make_error_code(std::errc::permission_denied)), "");
  EXPECT_EQ(cure_for_room(std::make_error_code(std::errc::no_space_on_device)), "free space on that file system");
  EXPECT_THAT(cure_for_room(std::error_code(EDQUOT, std::system_category())), HasSubstr("quota"));
  EXPECT_EQ(event_for_room(std::error_code(EDQUOT, std::system_category())), event_id::quota_exceeded);
  EXPECT_EQ(event_for_room(std::make_error_code(std::errc::no_space_on_device)), event_id::disk_full);
  EXPECT_EQ(event_for_room(Errc::over_quota), event_id::none) << "the profile's own limit";
}

}  // namespace
}  // namespace roamsync
