#include <roamsync/event.hpp>

#include <gtest/gtest.h>

#include <sstream>

namespace roamsync {
namespace {

std::string text(const Event& event) {
  std::ostringstream out;
  out << event;
  return out.str();
}

TEST(Event, NoticePrintsLevelNumberAndText) {
  EXPECT_EQ(text(Notice{.id = event_id::hive_released, .level = Level::warning, .text = "held by bash"}),
            "warning 1530: held by bash");
  EXPECT_EQ(text(Notice{.text = "nothing to do"}), "information: nothing to do");
}

TEST(Event, StepPrintsItsName) { EXPECT_EQ(text(Step{"stage"}), "stage …"); }

TEST(Event, ProgressPrintsWhatIsKnown) {
  EXPECT_EQ(text(Progress{.files_done = 1, .files_total = 2, .bytes_done = 512, .bytes_total = 1536}),
            "1 of 2 files, 512 bytes of 1.5 KiB");
  EXPECT_EQ(text(Progress{.files_done = 1,
                          .files_total = 2,
                          .bytes_done = 0,
                          .bytes_total = 5 << 20,
                          .bytes_per_second = 1048576,
                          .left = std::chrono::milliseconds(4100)}),
            "1 of 2 files, 0 bytes of 5.0 MiB, 1.0 MiB/s, 5 s left");
}

}  // namespace
}  // namespace roamsync
