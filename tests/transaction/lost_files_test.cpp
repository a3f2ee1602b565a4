// Files that the history is given although the target never had them.
#include "support/change_set.hpp"
#include "support/fault_store.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::at;
using testing::bytes_of;
using testing::ChangeBuilder;
using ::testing::IsEmpty;
using testing::leftovers_of;
using testing::options_of;
using testing::records_of;
using testing::text_at;

class LostFilesOfAPublish : public ::testing::Test {
 protected:
  void SetUp() override {
    target_->put_file(at("a.txt"), "old a", FileTime{10});
    target_->put_file(at(".roamsync/head"), "generation 4");
    elsewhere_->put_file(at("Desktop/lost.txt"), "the loser", FileTime{20});
    elsewhere_->put_file(at(".head"), "a user's file", FileTime{20});
  }
  PublishOptions with_lost(std::initializer_list<const char*> paths) {
    auto options = options_of("t4", "generation 6");
    options.history.generation = 5;
    for (const char* path : paths) {
      options.lost.files.push_back({.store = elsewhere_.get(), .entry = *elsewhere_->stat(at(path)).value()});
    }
    options.lost.make_head = [](const std::vector<Entry>& read) {
      std::string text = "generation 5 with";
      for (const Entry& entry : read) {
        text += ' ' + std::string(entry.path.text()) + (entry.digest == digest_of(bytes_of("the loser")) ? "!" : "?");
      }
      return bytes_of(text);
    };
    return options;
  }
  Result<Published> publish_new_a(Store& target, const PublishOptions& options) {
    return publish(target, records_of(target), ChangeBuilder(*target_).file("a.txt", "new a").take(), options);
  }

  std::unique_ptr<MemoryStore> target_ = make_memory_store();
  std::unique_ptr<MemoryStore> elsewhere_ = make_memory_store();
};

TEST_F(LostFilesOfAPublish, AreKeptWithWhatItReplacesAndAHeadOfTheirOwn) {
  ASSERT_OK(publish_new_a(*target_, with_lost({"Desktop/lost.txt"})));
  EXPECT_EQ(text_at(*target_, ".roamsync/history/5/Desktop/lost.txt"), "the loser");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/5/a.txt"), "old a");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/5/.head"), "generation 5 with Desktop/lost.txt!");
  EXPECT_EQ(text_at(*target_, "Desktop/lost.txt"), "(nothing)");
  EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
}

TEST_F(LostFilesOfAPublish, LeaveTheHeadRecordItsName) {
  ASSERT_OK(publish_new_a(*target_, with_lost({".head"})));
  EXPECT_EQ(text_at(*target_, ".roamsync/history/5/.head"), "generation 5 with .head?");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/5/.head (of the profile)"), "a user's file");
}

TEST_F(LostFilesOfAPublish, AreGoneAgainWhenItFails) {
  const auto before = target_->content();
  auto options = with_lost({"Desktop/lost.txt"});
  options.before_intent = [&]() -> Result<void> {
    EXPECT_EQ(text_at(*target_, ".roamsync/history/5/Desktop/lost.txt"), "the loser") << "it is safe by then";
    return Error(Errc::generation_moved);
  };
  EXPECT_FAILS(publish_new_a(*target_, options), Errc::generation_moved);
  EXPECT_EQ(target_->content(), before);
}

TEST_F(LostFilesOfAPublish, ATargetThatChangesDuringTheLastCallIsSeen) {
  auto options = with_lost({});
  options.before_intent = [&]() -> Result<void> {
    target_->put_file(at("a.txt"), "somebody's", FileTime{30});
    return success();
  };
  EXPECT_FAILS(publish_new_a(*target_, options), Errc::target_changed);
  EXPECT_EQ(text_at(*target_, "a.txt"), "somebody's");
}

// Recovery clears what a process that died left; should a power cut have taken its trace, the next publish does.
TEST_F(LostFilesOfAPublish, HalfAFolderOfThemIsSwept) {
  for (const bool has_trace : {true, false}) {
    bool seen = false;
    for (std::size_t cut = 1;; ++cut) {
      const auto target = make_memory_store();
      target->set_content(target_->content());
      testing::FaultStore faults(*target);
      faults.arm({.operation = cut, .and_all_after = true});
      static_cast<void>(publish_new_a(faults, with_lost({"Desktop/lost.txt"})));
      if (faults.failed().empty()) break;
      seen |= target->stat(at(".roamsync/history/5.t4.roamsync.tmp")).value().has_value();
      if (has_trace) {
        ASSERT_OK(recover(*target, records_of(*target)));
      } else {
        if (target->stat(at(".roamsync/intent")).value()) continue;
        ASSERT_OK(remove_tree(*target, at(".roamsync/intent.t4.roamsync.tmp")));
        auto options = options_of("t5");
        options.history.generation = 4;
        ASSERT_OK(publish(*target, records_of(*target), {}, options));
      }
      ASSERT_EQ(target->stat(at(".roamsync/history/5.t4.roamsync.tmp")).value(), std::nullopt) << cut;
    }
    EXPECT_TRUE(seen);
  }
}

}  // namespace
}  // namespace roamsync
