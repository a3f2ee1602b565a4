// What a session tells stands in its report, and under Windows' number where there is one.
#include "session/machines.hpp"

#include "support/small_faults.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::HasSubstr;
using testing::read;
using testing::tells;

class Notices : public testing::SessionTest {
 protected:
  void SetUp() override { share_a_profile(); }
};

std::string text_of(const Report& report, int id) {
  for (const Notice& notice : report.notices) {
    if (notice.id == id) return notice.text;
  }
  return {};
}

TEST_F(Notices, OfATransactionStandInTheReportToo) {
  b.put("Desktop/a.txt", "listed");
  std::vector<std::string> sunk;
  const EventSink sink = [&](const Event& event) {
    if (const auto* step = std::get_if<Step>(&event); step != nullptr && step->name == "plan") {
      b.put("Desktop/a.txt", "changed meanwhile");
    }
    if (const auto* notice = std::get_if<Notice>(&event)) sunk.push_back(notice->text);
  };
  const auto off = b.log_off(*server, {.on_event = sink});
  ASSERT_OK(off);
  std::vector<std::string> reported;
  for (const Notice& notice : off.value().notices) reported.push_back(notice.text);
  EXPECT_THAT(reported, ::testing::Contains(HasSubstr("changed after it was listed")));
  EXPECT_EQ(reported, sunk) << "each once";
}

// 1509 names the file; what becomes of the session has a number of its own.
TEST_F(Notices, NameTheFileThatCouldNotBeCopied) {
  b.put("Desktop/a.txt", "a2");
  testing::UnreadableFile local(*b.local, "Desktop/a.txt", std::errc::io_error);
  const auto off = Session(b.host, {local, server.get(), *b.state}).log_off({});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_THAT(text_of(off.value(), event_id::copy_failed), HasSubstr("Desktop/a.txt"));
  EXPECT_TRUE(tells(off.value(), event_id::not_updated_completely));
}

TEST_F(Notices, TellNothingOfACopyWhereNothingWasCopied) {
  b.put("Desktop/a.txt", "a2");
  const auto off = b.log_off(*server, {.profile_size_max = 1});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_FALSE(tells(off.value(), event_id::copy_failed));
}

// Windows 2000's rules leave what is older (1007).
TEST_F(Notices, NameWhatIsSkippedForItIsOlder) {
  b.put("Desktop/a.txt", "b's");
  b.put("Desktop/b.txt", "b's");
  a.host.advance(std::chrono::hours(1));
  a.put("Desktop/a.txt", "a's");
  ASSERT_OK(a.log_off(*server));
  const auto off = b.log_off(*server, {.rules = Rules::windows2000});
  ASSERT_OK(off);
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a's");
  EXPECT_EQ(read(*server, "Desktop/b.txt"), "b's");
  EXPECT_EQ(text_of(off.value(), event_id::skipped_older),
            "1 file is skipped, older here than what would be overwritten: Desktop/a.txt");
}

TEST_F(Notices, CallAFullLocalDiskByItsNumberAndSayWhatFollows) {
  a.put("Desktop/large.bin", std::string(10'000, 'x'));
  ASSERT_OK(a.log_off(*server));
  testing::StoreWithSpace local(*b.local, {.available = 1000});
  const auto on = Session(b.host, {local, server.get(), *b.state}).log_on({});
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::used_local);
  EXPECT_THAT(text_of(on.value(), event_id::disk_full), HasSubstr("1000 bytes free"));
  EXPECT_THAT(text_of(on.value(), event_id::roaming_unavailable), HasSubstr("its changes are not uploaded"));
}

}  // namespace
}  // namespace roamsync
