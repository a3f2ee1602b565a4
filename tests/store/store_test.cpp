#include <roamsync/memory_store.hpp>

#include "support/at.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using testing::at;

TEST(StoreLocation, IsTheRootWithThePathBelow) {
  const auto store = make_memory_store({.location = "/srv/profiles/alice"});
  EXPECT_EQ(store->location_of(ProfilePath()), "/srv/profiles/alice");
  EXPECT_EQ(store->location_of(at("Desktop/a.txt")), "/srv/profiles/alice/Desktop/a.txt");
  const auto root = make_memory_store({.location = "/"});
  EXPECT_EQ(root->location_of(at("a")), "/a");
  EXPECT_FALSE(root->system_path(at("a")));
}

TEST(ReadFile, GivesAllBytes) {
  const auto store = make_memory_store();
  store->put_file(at("a"), "hello");
  store->put_file(at("empty"), "");
  const auto bytes = read_file(*store, at("a"), 5);
  ASSERT_OK(bytes);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.value().data()), bytes.value().size()), "hello");
  const auto nothing = read_file(*store, at("empty"), 0);
  ASSERT_OK(nothing);
  EXPECT_THAT(nothing.value(), IsEmpty());
}

TEST(ReadFile, RefusesAFileAboveItsLimit) {
  const auto store = make_memory_store();
  store->put_file(at("a"), "hello");
  const auto bytes = read_file(*store, at("a"), 4);
  EXPECT_FAILS(bytes, std::errc::file_too_large);
  EXPECT_THAT(bytes.error().message(), HasSubstr("at most 4 bytes"));
  EXPECT_FAILS(read_file(*store, at("b"), 4), std::errc::no_such_file_or_directory);
}

TEST(RemoveTree, TakesAFolderWithAllBelowAndNothingBeside) {
  const auto store = make_memory_store();
  store->put_file(at("a/b/c"), "1");
  store->put_file(at("a/d"), "2");
  store->put_file(at("a b"), "3");
  EXPECT_OK(remove_tree(*store, at("a")));
  EXPECT_EQ(store->content().size(), 1U);
  EXPECT_TRUE(store->content().contains(at("a b")));
}

TEST(RemoveTree, TakesAFileAndIsContentWithNothing) {
  const auto store = make_memory_store();
  store->put_file(at("a"), "1");
  EXPECT_OK(remove_tree(*store, at("a")));
  EXPECT_OK(remove_tree(*store, at("a")));
  EXPECT_OK(remove_tree(*store, at("no/such/folder")));
  EXPECT_THAT(store->content(), IsEmpty());
}

TEST(MakeDirectories, MakesWhatIsMissingOutermostFirst) {
  const auto store = make_memory_store();
  store->put_file(at("a/file"), "");
  const auto made = make_directories(*store, at("a/b/c"));
  ASSERT_OK(made);
  EXPECT_THAT(made.value(), ElementsAre(at("a/b"), at("a/b/c")));
  const auto again = make_directories(*store, at("a/b/c"));
  ASSERT_OK(again);
  EXPECT_THAT(again.value(), IsEmpty());
  EXPECT_OK(make_directories(*store, ProfilePath()));
}

TEST(MakeDirectories, RefusesAFileInTheWay) {
  const auto store = make_memory_store();
  store->put_file(at("a/file"), "");
  EXPECT_FAILS(make_directories(*store, at("a/file")), std::errc::not_a_directory);
  EXPECT_FAILS(make_directories(*store, at("a/file/b")), std::errc::not_a_directory);
}

}  // namespace
}  // namespace roamsync
