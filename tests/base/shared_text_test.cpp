#include <roamsync/shared_text.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace roamsync {
namespace {

TEST(SharedText, HoldsItsPiecesOneAfterTheOther) {
  EXPECT_EQ(SharedText("Desktop").view(), "Desktop");
  EXPECT_EQ(SharedText({"Desktop", "/", "", "a.txt"}).view(), "Desktop/a.txt");
  EXPECT_STREQ(SharedText({"Desktop", "/", "a.txt"}).c_str(), "Desktop/a.txt");
}

TEST(SharedText, EmptyIsEmptyHoweverItWasMade) {
  for (const SharedText& text : {SharedText(), SharedText(""), SharedText({"", ""})}) {
    EXPECT_TRUE(text.view().empty());
    EXPECT_STREQ(text.c_str(), "");
    EXPECT_EQ(text, SharedText());
  }
}

TEST(SharedText, CopiesShareWhatOutlivesTheFirst) {
  std::optional<SharedText> first("Desktop/a.txt");
  const char* const characters = first->c_str();
  const SharedText copy = *first;
  EXPECT_EQ(copy.c_str(), characters);
  first.reset();
  EXPECT_EQ(copy.view(), "Desktop/a.txt");
}

TEST(SharedText, EqualIsWhatReadsEqual) {
  const SharedText text("a");
  EXPECT_EQ(text, SharedText(text));
  EXPECT_EQ(text, SharedText("a"));
  EXPECT_FALSE(text == SharedText("A"));
  EXPECT_FALSE(text == SharedText("ab"));
}

TEST(SharedText, IsCopiedAndDroppedOnManyThreads) {
  const SharedText text(std::string(100, 'x'));
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([text] {
        for (int copy = 0; copy < 10'000; ++copy) {
          const SharedText one = text;
          if (one.view().size() != 100) FAIL();
        }
      });
    }
  }
  EXPECT_EQ(text.view(), std::string(100, 'x'));
}

}  // namespace
}  // namespace roamsync
