#include "store_conformance/conformance.hpp"

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(StoreConformance, CreateNeedsAFreeNameInAFolderThatIsThere) {
  ASSERT_OK(put("file", "old"));
  ASSERT_OK(store().make_directory(at("folder"), 0));
  EXPECT_FAILS(store().create(at("file")), std::errc::file_exists);
  EXPECT_FAILS(store().create(at("folder")), std::errc::file_exists);
  EXPECT_FAILS(store().create(at("")), std::errc::file_exists);
  EXPECT_FAILS(store().create(at("no/file")), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().create(at("file/below")), std::errc::not_a_directory);
  EXPECT_EQ(contents("file").value(), "old");
}

TEST_P(StoreConformance, WritesInAnyOrderAndFillsGapsWithZeros) {
  const auto writer = store().create(at("file"));
  ASSERT_OK(writer);
  ASSERT_OK(writer.value()->write(6, bytes_of("world")));
  ASSERT_OK(writer.value()->write(0, bytes_of("hello")));
  ASSERT_OK(writer.value()->write(0, {}));
  const auto entry_then = writer.value()->finish({});
  ASSERT_OK(entry_then);
  EXPECT_EQ(entry_then.value().size, 11U);
  EXPECT_EQ(contents("file").value(), std::string("hello\0world", 11));
}

TEST_P(StoreConformance, ResizeCutsAndExtendsWithZeros) {
  const auto writer = store().create(at("file"));
  ASSERT_OK(writer);
  ASSERT_OK(writer.value()->write(0, bytes_of("hello world")));
  ASSERT_OK(writer.value()->resize(5));
  ASSERT_OK(writer.value()->resize(7));
  ASSERT_OK(writer.value()->finish({}));
  EXPECT_EQ(contents("file").value(), std::string("hello\0\0", 7));
}

TEST_P(StoreConformance, ReserveChangesNoSize) {
  for (const std::uint64_t size : {std::uint64_t{100}, std::uint64_t{1} << 20}) {
    SCOPED_TRACE(size);
    const ProfilePath path = at("file" + std::to_string(size));
    const auto writer = store().create(path);
    ASSERT_OK(writer);
    ASSERT_OK(writer.value()->reserve(size));
    ASSERT_OK(writer.value()->write(0, bytes_of("short")));
    const auto written = writer.value()->finish({});
    ASSERT_OK(written);
    EXPECT_EQ(written.value().size, 5U);
    EXPECT_EQ(contents(path.text()).value(), "short");
  }
}

TEST_P(StoreConformance, GivesTheTimeAskedForAsFarAsItCan) {
  for (const FileTime time : {FileTime::from_unix(1'700'000'000, 123'456'700), FileTime::from_unix(1, 0)}) {
    const std::string name = "file" + std::to_string(time.ticks);
    const auto written = put(name, "x", {.modified = time});
    ASSERT_OK(written);
    EXPECT_TRUE(same_time(written.value().modified, time, traits().time_resolution)) << written.value();
    const auto reader = store().open(at(name));
    ASSERT_OK(reader);
    const auto attributes = reader.value()->attributes();
    ASSERT_OK(attributes);
    EXPECT_EQ(attributes.value().modified, written.value().modified);
  }
}

TEST_P(StoreConformance, GivesTheModeAskedForWhereItHasModes) {
  for (const std::uint32_t mode : {0600U, 0644U, 0400U, 0755U}) {
    const auto written = put("file" + std::to_string(mode), "x", {.mode = mode});
    ASSERT_OK(written);
    EXPECT_EQ(written.value().mode, traits().posix_modes ? mode : 0);
  }
  const auto plain = put("plain", "x");
  ASSERT_OK(plain);
  EXPECT_EQ(plain.value().mode != 0, traits().posix_modes);
  if (traits().posix_modes) {
    EXPECT_EQ(plain.value().mode & 0600, 0600U);
  }
}

TEST_P(StoreConformance, AttributesReadAreAttributesThatCanBeGiven) {
  ASSERT_OK(put("file", "x",
                {.modified = FileTime::from_unix(5, 0),
                 .mode = 0640,
                 .extended = {{"user.b", "2"}, {"user.a", std::string("1\0", 2)}}}));
  const auto reader = store().open(at("file"));
  ASSERT_OK(reader);
  const auto attributes = reader.value()->attributes();
  ASSERT_OK(attributes);
  EXPECT_TRUE(std::ranges::is_sorted(attributes.value().extended));
  ASSERT_OK(put("copy", "x", attributes.value()));
  const auto copy = store().open(at("copy"));
  ASSERT_OK(copy);
  const auto again = copy.value()->attributes();
  ASSERT_OK(again);
  EXPECT_EQ(again.value(), attributes.value());
}

TEST_P(StoreConformance, AWriterDroppedHalfWayLeavesAFileThatCanBeRemoved) {
  {
    const auto writer = store().create(at("file.tmp"));
    ASSERT_OK(writer);
    ASSERT_OK(writer.value()->write(0, bytes_of("half")));
  }
  EXPECT_THAT(names(), ElementsAre("file.tmp"));
  ASSERT_OK(store().remove_file(at("file.tmp")));
  EXPECT_THAT(names(), IsEmpty());
}

TEST_P(StoreConformance, DuplicateIsAFileOfItsOwn) {
  const std::string text(100'000, 'x');
  ASSERT_OK(put("old", text));
  {
    const auto writer = store().duplicate(at("old"), at("new"));
    ASSERT_OK(writer);
    ASSERT_OK(writer.value()->write(50'000, bytes_of("changed")));
    const auto written = writer.value()->finish({.modified = FileTime::from_unix(7, 0)});
    ASSERT_OK(written);
    EXPECT_EQ(written.value().size, text.size());
  }
  EXPECT_EQ(contents("old").value(), text);
  std::string changed = text;
  changed.replace(50'000, 7, "changed");
  EXPECT_EQ(contents("new").value(), changed);
}

TEST_P(StoreConformance, DuplicateKeepsHolesAndSize) {
  const auto writer = store().create(at("old"));
  ASSERT_OK(writer);
  ASSERT_OK(writer.value()->write(1 << 20, bytes_of("middle")));
  ASSERT_OK(writer.value()->resize(3 << 20));
  ASSERT_OK(writer.value()->finish({}));
  {
    const auto copy = store().duplicate(at("old"), at("new"));
    ASSERT_OK(copy);
    ASSERT_OK(copy.value()->finish({}));
  }
  EXPECT_EQ(contents("new").value(), contents("old").value());
  EXPECT_EQ(entry("new").value().size, std::uint64_t{3 << 20});
}

TEST_P(StoreConformance, DuplicateAskedToStopChangesNothing) {
  ASSERT_OK(put("old", "old"));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FAILS(store().duplicate(at("old"), at("new"), stop.get_token()), Errc::cancelled);
  EXPECT_THAT(names(), ElementsAre("old"));
}

TEST_P(StoreConformance, DuplicateThatFailsChangesNothing) {
  ASSERT_OK(put("old", "old"));
  ASSERT_OK(put("taken", "taken"));
  EXPECT_FAILS(store().duplicate(at("old"), at("taken")), std::errc::file_exists);
  EXPECT_FAILS(store().duplicate(at("nothing"), at("new")), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().duplicate(at("old"), at("no/new")), std::errc::no_such_file_or_directory);
  EXPECT_THAT(names(), ElementsAre("old", "taken"));
  EXPECT_EQ(contents("taken").value(), "taken");
}

TEST_P(StoreConformance, CloneGivesAllBytesOrDeclines) {
  ASSERT_OK(put("old", "some bytes"));
  const auto reader = store().open(at("old"));
  ASSERT_OK(reader);
  const auto writer = store().create(at("new"));
  ASSERT_OK(writer);
  const auto cloned = writer.value()->clone_from(*reader.value());
  ASSERT_OK(cloned);
  ASSERT_OK(writer.value()->finish({}));
  EXPECT_EQ(contents("new").value(), cloned.value() ? "some bytes" : "");
}

TEST_P(StoreConformance, PreservedFileOutlivesItsReplacement) {
  ASSERT_OK(put("NTUSER.DAT", "generation 1", {.modified = FileTime::from_unix(9, 0)}));
  ASSERT_OK(put("NTUSER.DAT.tmp", "generation 2"));
  ASSERT_OK(store().make_directory(at("history"), 0));
  ASSERT_OK(store().preserve(at("NTUSER.DAT"), at("history/NTUSER.DAT")));
  ASSERT_OK(store().replace(at("NTUSER.DAT.tmp"), at("NTUSER.DAT")));
  EXPECT_EQ(contents("history/NTUSER.DAT").value(), "generation 1");
  EXPECT_EQ(entry("history/NTUSER.DAT").value().modified,
            put("same-time", "", {.modified = FileTime::from_unix(9, 0)}).value().modified);
  EXPECT_EQ(contents("NTUSER.DAT").value(), "generation 2");
}

TEST_P(StoreConformance, PreserveNeedsAFileAndAFreeName) {
  ASSERT_OK(put("file", "x"));
  ASSERT_OK(put("taken", "y"));
  ASSERT_OK(store().make_directory(at("folder"), 0));
  EXPECT_FAILS(store().preserve(at("file"), at("taken")), std::errc::file_exists);
  EXPECT_FAILS(store().preserve(at("nothing"), at("new")), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().preserve(at("folder"), at("new")), std::errc::is_a_directory);
  EXPECT_FAILS(store().preserve(at("file"), at("no/new")), std::errc::no_such_file_or_directory);
  EXPECT_EQ(contents("taken").value(), "y");
}

TEST_P(StoreConformance, MakesOneFolderAtATime) {
  ASSERT_OK(store().make_directory(at("a"), 0));
  ASSERT_OK(store().make_directory(at("a/b"), 0700));
  EXPECT_FAILS(store().make_directory(at("a"), 0), std::errc::file_exists);
  EXPECT_FAILS(store().make_directory(at(""), 0), std::errc::file_exists);
  EXPECT_FAILS(store().make_directory(at("no/b"), 0), std::errc::no_such_file_or_directory);
  const auto folder = entry("a/b");
  ASSERT_OK(folder);
  EXPECT_TRUE(folder.value().is_directory());
  EXPECT_EQ(folder.value().mode, traits().posix_modes ? 0700U : 0U);
}

TEST_P(StoreConformance, FlushTakesFilesAndFoldersFewOrMany) {
  std::vector<ProfilePath> files;
  for (int i = 0; i < 40; ++i) {
    const std::string path = "folder" + std::to_string(i % 3) + "/file" + std::to_string(i);
    ASSERT_OK(put(path, path));
    files.push_back(at(path));
  }
  EXPECT_OK(store().flush({}));
  EXPECT_OK(store().flush(std::span(files).first(1)));
  EXPECT_OK(store().flush(files));
  EXPECT_OK(store().flush_directories({}));
  const std::vector<ProfilePath> folders{at(""), at("folder0"), at("folder1"), at("folder1")};
  EXPECT_OK(store().flush_directories(folders));
}

TEST_P(StoreConformance, FlushOfAFileThatIsGoneIsAnError) {
  const std::vector<ProfilePath> files{at("nothing")};
  EXPECT_FAILS(store().flush(files), std::errc::no_such_file_or_directory);
  EXPECT_FAILS(store().flush_directories(files), std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace roamsync::testing
