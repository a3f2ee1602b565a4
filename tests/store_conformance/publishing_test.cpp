#include "store_conformance/conformance.hpp"

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(StoreConformance, ReplaceGivesAFileAnotherName) {
  const auto written = put("file.tmp", "new", {.modified = FileTime::from_unix(3, 0)});
  ASSERT_OK(written);
  ASSERT_OK(store().make_directory(at("folder"), 0));
  ASSERT_OK(store().replace(at("file.tmp"), at("folder/file")));
  EXPECT_THAT(names(), ElementsAre("folder"));
  const auto moved = entry("folder/file");
  ASSERT_OK(moved);
  EXPECT_TRUE(same_stamp(moved.value(), written.value())) << "same file, same time, same id";
}

TEST_P(StoreConformance, ReplaceTakesThePlaceOfAFile) {
  ASSERT_OK(put("file", "old"));
  ASSERT_OK(put("file.tmp", "new"));
  ASSERT_OK(store().replace(at("file.tmp"), at("file")));
  EXPECT_THAT(names(), ElementsAre("file"));
  EXPECT_EQ(contents("file").value(), "new");
}

TEST_P(StoreConformance, ReplaceCarriesAFolderWithAllBelow) {
  ASSERT_OK(put("old name/a/b", "1"));
  ASSERT_OK(put("old name/c", "2"));
  ASSERT_OK(put("old name 2", "3"));
  ASSERT_OK(store().replace(at("old name"), at("new name")));
  EXPECT_THAT(names(), ElementsAre("new name", "old name 2"));
  EXPECT_THAT(names("new name"), ElementsAre("new name/a", "new name/c"));
  EXPECT_EQ(contents("new name/a/b").value(), "1");
}

TEST_P(StoreConformance, ReplaceRefusesAFolderInTheWay) {
  ASSERT_OK(put("file", "x"));
  ASSERT_OK(put("folder/inside", "y"));
  ASSERT_OK(store().make_directory(at("empty"), 0));
  EXPECT_FAILS(store().replace(at("file"), at("folder")), std::errc::is_a_directory);
  EXPECT_FAILS(store().replace(at("file"), at("empty")), std::errc::is_a_directory);
  EXPECT_FAILS(store().replace(at("folder"), at("empty")), std::errc::file_exists);
  EXPECT_FAILS(store().replace(at("empty"), at("folder")), std::errc::file_exists);
  EXPECT_THAT(names(), ElementsAre("empty", "file", "folder"));
  EXPECT_THAT(names("folder"), ElementsAre("folder/inside"));
}

TEST_P(StoreConformance, ReplaceRefusesAFileWhereAFolderComes) {
  ASSERT_OK(put("file", "x"));
  ASSERT_OK(put("folder/inside", "y"));
  EXPECT_FAILS(store().replace(at("folder"), at("file")), std::errc::not_a_directory);
  EXPECT_EQ(contents("file").value(), "x");
}

TEST_P(StoreConformance, ReplaceNeedsItsFileAndTheFolderItGoesTo) {
  ASSERT_OK(put("file", "x"));
  EXPECT_FAILS(store().replace(at("nothing"), at("file")), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().replace(at("file"), at("no/file")), std::errc::no_such_file_or_directory);
  EXPECT_EQ(contents("file").value(), "x");
}

TEST_P(StoreConformance, ReplaceOntoItselfChangesNothing) {
  ASSERT_OK(put("file", "x"));
  ASSERT_OK(store().preserve(at("file"), at("second")));
  ASSERT_OK(store().replace(at("file"), at("file")));
  EXPECT_THAT(names(), ElementsAre("file", "second"));
  EXPECT_EQ(contents("file").value(), "x");
}

// rename(2) does nothing when both names lead to one file; a publish that restores a preserved file relies on more.
TEST_P(StoreConformance, ReplaceByASecondNameOfTheSameFileLeavesOneName) {
  ASSERT_OK(put("file", "x"));
  ASSERT_OK(store().preserve(at("file"), at("second")));
  ASSERT_OK(store().replace(at("second"), at("file")));
  EXPECT_THAT(names(), ElementsAre("file"));
  EXPECT_EQ(contents("file").value(), "x");
}

TEST_P(StoreConformance, ReplaceChangesTheSpelling) {
  ASSERT_OK(put("name", "x"));
  ASSERT_OK(put("folder/inside", "y"));
  ASSERT_OK(store().replace(at("name"), at("Name")));
  ASSERT_OK(store().replace(at("folder"), at("Folder")));
  EXPECT_THAT(names(), ElementsAre("Folder", "Name"));
  EXPECT_THAT(names("Folder"), ElementsAre("Folder/inside"));
}

TEST_P(StoreConformance, AFolderCannotMoveIntoItself) {
  ASSERT_OK(put("folder/inside", "y"));
  EXPECT_FAILS(store().replace(at("folder"), at("folder/below")), std::errc::invalid_argument);
  EXPECT_THAT(names("folder"), ElementsAre("folder/inside"));
}

TEST_P(StoreConformance, RemovesAFileAndOnlyAFile) {
  ASSERT_OK(put("folder/file", "x"));
  ASSERT_OK(store().remove_file(at("folder/file")));
  EXPECT_FAILS(store().remove_file(at("folder/file")), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().remove_file(at("folder")), std::errc::is_a_directory);
  EXPECT_FAILS(store().remove_file(at("")), std::errc::is_a_directory);
  EXPECT_THAT(names(), ElementsAre("folder"));
}

TEST_P(StoreConformance, RemovesAnEmptyFolderOnly) {
  ASSERT_OK(put("folder/file", "x"));
  EXPECT_FAILS(store().remove_directory(at("folder")), std::errc::directory_not_empty);
  EXPECT_FAILS(store().remove_directory(at("folder/file")), std::errc::not_a_directory);
  EXPECT_FAILS(store().remove_directory(at("nothing")), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().remove_directory(at("")), std::errc::device_or_resource_busy);
  ASSERT_OK(store().remove_file(at("folder/file")));
  ASSERT_OK(store().remove_directory(at("folder")));
  EXPECT_THAT(names(), IsEmpty());
}

TEST_P(StoreConformance, RemoveTreeTakesAllBelow) {
  ASSERT_OK(put("folder/a/b/c", "x"));
  ASSERT_OK(put("folder/d", "x"));
  ASSERT_OK(put("folder 2", "x"));
  ASSERT_OK(remove_tree(store(), at("folder")));
  EXPECT_THAT(names(), ElementsAre("folder 2"));
}

}  // namespace
}  // namespace roamsync::testing
