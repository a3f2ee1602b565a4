#include "store_conformance/conformance.hpp"

#include <chrono>
#include <thread>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(StoreConformance, StartsEmptyWithARoot) {
  EXPECT_THAT(names(), IsEmpty());
  const auto root = entry("");
  ASSERT_OK(root);
  EXPECT_TRUE(root.value().is_directory());
  EXPECT_TRUE(root.value().path.is_root());
}

TEST_P(StoreConformance, AbsenceIsAValue) {
  ASSERT_OK(put("file", "x"));
  for (const char* path : {"nothing", "no/such/folder/file", "file/below"}) {
    SCOPED_TRACE(path);
    const auto found = store().stat(at(path));
    ASSERT_OK(found);
    EXPECT_FALSE(found.value());
  }
}

TEST_P(StoreConformance, ListsOneFolderWithPathsFromTheRoot) {
  ASSERT_OK(put("a/b/deep.txt", "12345"));
  ASSERT_OK(put("a/file.txt", "1"));
  ASSERT_OK(put("top.txt", ""));
  EXPECT_THAT(names(), ElementsAre("a", "top.txt"));
  EXPECT_THAT(names("a"), ElementsAre("a/b", "a/file.txt"));
  EXPECT_THAT(names("a/b"), ElementsAre("a/b/deep.txt"));
}

TEST_P(StoreConformance, ListingStatReaderAndWriterTellTheSame) {
  const auto written = put("a/file.txt", "hello", {.modified = FileTime{132'000'000'000'000'000}, .mode = 0640});
  ASSERT_OK(written);
  const auto listing = store().list(at("a"));
  ASSERT_OK(listing);
  ASSERT_THAT(listing.value().entries, ElementsAre(written.value()));
  EXPECT_THAT(listing.value().unusable, IsEmpty());
  const auto found = entry("a/file.txt");
  ASSERT_OK(found);
  EXPECT_EQ(found.value(), written.value());
  const auto reader = store().open(at("a/file.txt"));
  ASSERT_OK(reader);
  EXPECT_EQ(reader.value()->entry(), written.value());
  const auto now = reader.value()->entry_now();
  ASSERT_OK(now);
  EXPECT_EQ(now.value(), written.value());
  EXPECT_TRUE(written.value().is_file());
  EXPECT_EQ(written.value().size, 5U);
}

TEST_P(StoreConformance, NamesThatAreKnownAreSeenAsAListingShowsThem) {
  for (const char* path : {"a/one", "a/two", "a/deep/three"}) ASSERT_OK(put(path, path));
  const std::vector<Entry> listed = store().list(at("a")).value().entries;
  std::vector<const Entry*> known;
  for (const Entry& entry : listed) known.push_back(&entry);
  const auto seen = store().stat_names(at("a"), known);
  ASSERT_OK(seen);
  ASSERT_TRUE(seen.value());
  ASSERT_EQ(seen.value()->size(), listed.size());
  for (std::size_t i = 0; i < listed.size(); ++i) EXPECT_EQ((*seen.value())[i].path, listed[i].path);
  ASSERT_OK(store().remove_file(at("a/two")));
  const auto gone = store().stat_names(at("a"), known);
  ASSERT_OK(gone);
  EXPECT_FALSE(gone.value());
}

// Where a folder has a time at all, no name comes or goes without changing it.
TEST_P(StoreConformance, AFoldersTimeTellsOfNames) {
  ASSERT_OK(put("a/one", "1"));
  ASSERT_OK(put("b/two", "2"));
  const auto time_of_a = [&] {
    for (int i = 0; i < 30; ++i) {
      const FileTime time = entry("a").value().modified;
      if (time.ticks != 0) return time;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return FileTime{};
  };
  FileTime before = time_of_a();
  if (before.ticks == 0) GTEST_SKIP() << "its folders have no times";
  const auto expect_change = [&](const char* what, const Result<void>& done) {
    ASSERT_OK(done) << what;
    const FileTime after = time_of_a();
    EXPECT_NE(after, before) << what;
    before = after;
  };
  expect_change("create", put("a/new", "n") ? Result<void>(success()) : Result<void>(Errc::cancelled));
  expect_change("make_directory", store().make_directory(at("a/folder"), 0));
  expect_change("preserve", store().preserve(at("a/one"), at("a/kept")));
  expect_change("replace here", store().replace(at("a/new"), at("a/other")));
  expect_change("replace an old one", store().replace(at("a/other"), at("a/one")));
  expect_change("replace from elsewhere", store().replace(at("b/two"), at("a/two")));
  expect_change("replace to elsewhere", store().replace(at("a/two"), at("b/two")));
  expect_change("remove_file", store().remove_file(at("a/one")));
  expect_change("remove_directory", store().remove_directory(at("a/folder")));
  ASSERT_OK(put("b/three", "3"));
  EXPECT_EQ(time_of_a(), before) << "nothing happened there";
}

TEST_P(StoreConformance, FoldersHaveNoSize) {
  ASSERT_OK(put("a/file.txt", "hello"));
  const auto folder = entry("a");
  ASSERT_OK(folder);
  EXPECT_TRUE(folder.value().is_directory());
  EXPECT_EQ(folder.value().size, 0U);
}

TEST_P(StoreConformance, LookingAtWhatIsNotThereFails) {
  ASSERT_OK(put("file", "x"));
  ASSERT_OK(store().make_directory(at("folder"), 0));
  EXPECT_FAILS(store().list(at("nothing")), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().list(at("file")), std::errc::not_a_directory);
  EXPECT_FAILS(store().open(at("nothing")), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().open(at("no/folder")), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().open(at("folder")), std::errc::is_a_directory);
  EXPECT_FAILS(store().open(at("")), std::errc::is_a_directory);
}

TEST_P(StoreConformance, ErrorsNameTheWholePath) {
  const auto missing = store().open(at("no/such.txt"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().context().path, store().location_of(at("no/such.txt")));
}

TEST_P(StoreConformance, NamesKeepTheirLetters) {
  for (const char* path :
       {"Ünïcode/日本語", "with space/a b.txt", ".hidden", "a..b", "e\xCC\x81", "\xF0\x9F\x98\x80.txt"}) {
    SCOPED_TRACE(path);
    ASSERT_OK(put(path, path));
    const auto found = entry(path);
    ASSERT_OK(found);
    EXPECT_EQ(found.value().path, at(path));
    const auto text = contents(path);
    ASSERT_OK(text);
    EXPECT_EQ(text.value(), path);
  }
  EXPECT_THAT(names("Ünïcode"), ElementsAre("Ünïcode/日本語"));
}

TEST_P(StoreConformance, CaseCountsOnlyWhereTheTraitsSaySo) {
  ASSERT_OK(put("Name", "first"));
  const auto other = store().stat(at("NAME"));
  ASSERT_OK(other);
  EXPECT_EQ(other.value().has_value(), !traits().case_sensitive);
  const auto second = put("NAME", "second");
  if (traits().case_sensitive) {
    ASSERT_OK(second);
    EXPECT_THAT(names(), ElementsAre("NAME", "Name"));
  } else {
    EXPECT_FAILS(second, std::errc::file_exists);
  }
  EXPECT_EQ(contents("Name").value(), "first");
}

TEST_P(StoreConformance, ReadsAnyPartAndLessOnlyAtTheEnd) {
  ASSERT_OK(put("file", "0123456789"));
  const auto reader = store().open(at("file"));
  ASSERT_OK(reader);
  std::string buffer(4, '-');
  const auto read = [&](std::uint64_t offset) {
    const auto count = reader.value()->read(offset, std::as_writable_bytes(std::span(buffer)));
    EXPECT_OK(count);
    return count ? buffer.substr(0, count.value()) : "failed";
  };
  EXPECT_EQ(read(0), "0123");
  EXPECT_EQ(read(5), "5678");
  EXPECT_EQ(read(8), "89");
  EXPECT_EQ(read(10), "");
  EXPECT_EQ(read(1000), "");
}

TEST_P(StoreConformance, ReaderNoticesThatTheFileGrows) {
  const auto writer = store().create(at("file"));
  ASSERT_OK(writer);
  ASSERT_OK(writer.value()->write(0, bytes_of("one")));
  const auto reader = store().open(at("file"));
  ASSERT_OK(reader);
  ASSERT_OK(writer.value()->write(3, bytes_of("two")));
  EXPECT_EQ(reader.value()->entry().size, 3U);
  const auto now = reader.value()->entry_now();
  ASSERT_OK(now);
  EXPECT_EQ(now.value().size, 6U);
}

TEST_P(StoreConformance, ReaderKeepsTheFileItOpened) {
  ASSERT_OK(put("file", "old"));
  ASSERT_OK(put("new", "new bytes"));
  const auto reader = store().open(at("file"));
  ASSERT_OK(reader);
  ASSERT_OK(store().replace(at("new"), at("file")));
  std::string buffer(16, '-');
  const auto count = reader.value()->read(0, std::as_writable_bytes(std::span(buffer)));
  ASSERT_OK(count);
  EXPECT_EQ(buffer.substr(0, count.value()), "old");
  const auto now = reader.value()->entry_now();
  ASSERT_OK(now);
  EXPECT_TRUE(same_stamp(now.value(), reader.value()->entry()));
  EXPECT_EQ(contents("file").value(), "new bytes");
}

TEST_P(StoreConformance, ExtentsCoverEveryByteThatIsNotZero) {
  const auto writer = store().create(at("file"));
  ASSERT_OK(writer);
  constexpr std::uint64_t far = 4 << 20;
  ASSERT_OK(writer.value()->write(0, bytes_of("front")));
  ASSERT_OK(writer.value()->write(far, bytes_of("back")));
  ASSERT_OK(writer.value()->resize(2 * far));
  ASSERT_OK(writer.value()->finish({}));
  const auto reader = store().open(at("file"));
  ASSERT_OK(reader);
  const auto extents = reader.value()->extents();
  ASSERT_OK(extents);
  const auto covered = [&](std::uint64_t offset) {
    return std::ranges::any_of(extents.value(), [&](const Extent& extent) {
      return extent.offset <= offset && offset < extent.offset + extent.size;
    });
  };
  EXPECT_TRUE(covered(0));
  EXPECT_TRUE(covered(far + 3));
  std::uint64_t end = 0;
  for (const Extent& extent : extents.value()) {
    EXPECT_GE(extent.offset, end) << "in order, apart";
    EXPECT_GT(extent.size, 0U);
    end = extent.offset + extent.size;
  }
  EXPECT_LE(end, 2 * far);
}

TEST_P(StoreConformance, AnEmptyFileHasNoExtents) {
  ASSERT_OK(put("file", ""));
  const auto reader = store().open(at("file"));
  ASSERT_OK(reader);
  const auto extents = reader.value()->extents();
  ASSERT_OK(extents);
  EXPECT_THAT(extents.value(), IsEmpty());
}

TEST_P(StoreConformance, TellsRoomAndOwner) {
  const auto space = store().space();
  ASSERT_OK(space);
  EXPECT_GT(space.value().available, 0U);
  const auto owner = store().owner();
  ASSERT_OK(owner);
  EXPECT_FALSE(owner.value().name.empty());
}

}  // namespace
}  // namespace roamsync::testing
