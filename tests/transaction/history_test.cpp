#include "transaction/history.hpp"

#include "support/change_set.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::at;
using testing::ChangeBuilder;
using ::testing::ElementsAre;
using testing::options_of;
using testing::records_of;
using testing::text_at;
using ::testing::UnorderedElementsAre;

class History : public ::testing::Test {
 protected:
  Result<Published> publish_generation(std::uint64_t replaced, const ChangeSet& changes,
                                       std::size_t generations_max = 10, std::uint64_t bytes_max = 1 << 20) {
    auto options = options_of("t" + std::to_string(replaced), "generation " + std::to_string(replaced + 1));
    options.history = {.generation = replaced, .generations_max = generations_max, .bytes_max = bytes_max};
    return publish(*target_, records_of(*target_), changes, options);
  }
  std::vector<std::string> generations() const {
    std::vector<std::string> found;
    for (const auto& [path, node] : target_->content()) {
      if (path.parent() == at(".roamsync/history")) found.emplace_back(path.name());
    }
    return found;
  }

  std::unique_ptr<MemoryStore> target_ = make_memory_store();
};

TEST_F(History, KeepsWhatIsReplacedOrDeletedAndTheHeadOfThatGeneration) {
  target_->put_file(at("NTUSER.DAT"), "old hive", FileTime{10});
  target_->put_file(at("Desktop/a.txt"), "old a", FileTime{20});
  target_->put_file(at("Desktop/same.txt"), "same", FileTime{20});
  target_->put_file(at("swap/x"), "old x", FileTime{20});
  target_->put_file(at(".roamsync/head"), "generation 4");
  ASSERT_OK(publish_generation(4, ChangeBuilder(*target_)
                                      .file("NTUSER.DAT", "new hive")
                                      .file("new.txt", "new")
                                      .file("swap", "a file now")
                                      .remove("swap/x")
                                      .remove("Desktop/a.txt")
                                      .take()));
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/NTUSER.DAT"), "old hive");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/Desktop/a.txt"), "old a");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/swap/x"), "old x");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/.head"), "generation 4");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/Desktop/same.txt"), "(nothing)");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/new.txt"), "(nothing)");
}

TEST_F(History, IsNotTouchedByAPublishThatDoesNotHappen) {
  target_->put_file(at("a"), "old a", FileTime{10});
  target_->put_file(at(".roamsync/head"), "generation 4");
  const auto changes = ChangeBuilder(*target_).file("a", "new a").file("b", "new b").take();
  target_->put_file(at("b"), "somebody's");
  const auto before = target_->content();
  EXPECT_FAILS(publish_generation(4, changes), Errc::target_changed);
  EXPECT_EQ(target_->content(), before);
}

TEST_F(History, WhatIsCalledLikeTheHeadIsKeptBesideIt) {
  target_->put_file(at(".head"), "a user's file", FileTime{10});
  target_->put_file(at(".roamsync/head"), "generation 4");
  ASSERT_OK(publish_generation(4, ChangeBuilder(*target_).remove(".head").take()));
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/.head"), "generation 4");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/.head (of the profile)"), "a user's file");
  target_->put_file(at(".Head/x"), "in a user's folder", FileTime{10});
  ASSERT_OK(publish_generation(5, ChangeBuilder(*target_).remove(".Head/x").take()));
  EXPECT_EQ(text_at(*target_, ".roamsync/history/5/.head"), "generation 5");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/5/.Head (of the profile)/x"), "in a user's folder");
}

TEST(PathsInTheHistory, AreThoseOfTheProfileAndBack) {
  const auto kept = [](const char* path) { return std::string(path_in_history(at(path)).text()); };
  EXPECT_EQ(kept("a/.head"), "a/.head");
  EXPECT_EQ(kept(".headers"), ".headers");
  EXPECT_EQ(kept(".HEAD"), ".HEAD (of the profile)");
  EXPECT_EQ(kept(".head (of the profile)/x"), ".head (of the profile) (of the profile)/x");
  for (const char* path : {"a/.head", ".headers", ".HEAD", ".head/x", ".head (of the profile)", "x (of the profile)"}) {
    EXPECT_EQ(path_in_profile(path_in_history(at(path))), at(path));
  }
}

// The loser of a conflict may lie there already.
TEST_F(History, ATakenNameStaysAndTheNewcomerGetsANumber) {
  target_->put_file(at("a.txt"), "replaced", FileTime{10});
  target_->put_file(at(".roamsync/history/4/a.txt"), "the loser", FileTime{5});
  ASSERT_OK(publish_generation(4, ChangeBuilder(*target_).file("a.txt", "new").take()));
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/a.txt"), "the loser");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/a (2).txt"), "replaced");
}

TEST_F(History, WhatACrashedPublishPreservedIsTakenUp) {
  target_->put_file(at("a.txt"), "replaced", FileTime{10});
  ASSERT_OK(make_directories(*target_, at(".roamsync/history/4")));
  ASSERT_OK(target_->preserve(at("a.txt"), at(".roamsync/history/4/a.txt")));
  ASSERT_OK(publish_generation(4, ChangeBuilder(*target_).file("a.txt", "new").take()));
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/a.txt"), "replaced");
  EXPECT_EQ(text_at(*target_, ".roamsync/history/4/a (2).txt"), "(nothing)");
}

TEST_F(History, TheOldestGenerationsGoFirstByNumberNotByName) {
  target_->put_file(at("a.txt"), "0", FileTime{10});
  for (std::uint64_t generation = 8; generation <= 11; ++generation) {
    ASSERT_OK(
        publish_generation(generation, ChangeBuilder(*target_).file("a.txt", std::to_string(generation)).take(), 3));
  }
  EXPECT_THAT(generations(), UnorderedElementsAre("9", "10", "11"));
}

TEST_F(History, IsBoundedInBytesButTheNewestStays) {
  target_->put_file(at("a.txt"), std::string(600, '0'), FileTime{10});
  for (std::uint64_t generation = 1; generation <= 3; ++generation) {
    ASSERT_OK(
        publish_generation(generation, ChangeBuilder(*target_).file("a.txt", std::string(600, '1')).take(), 10, 1300));
  }
  EXPECT_THAT(generations(), UnorderedElementsAre("2", "3"));
  ASSERT_OK(publish_generation(4, ChangeBuilder(*target_).file("a.txt", "small").take(), 10, 10));
  EXPECT_THAT(generations(), ElementsAre("4"));
}

TEST_F(History, OfGenerationZeroIsNotKept) {
  target_->put_file(at("a.txt"), "old", FileTime{10});
  ASSERT_OK(publish_generation(0, ChangeBuilder(*target_).file("a.txt", "new").take()));
  EXPECT_EQ(target_->stat(at(".roamsync/history")).value(), std::nullopt);
}

}  // namespace
}  // namespace roamsync
