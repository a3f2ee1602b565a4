// What the conformance suite cannot ask of every store: links, devices, names, rights and holes of a POSIX disk.
#include "store/disk_store_posix.hpp"

#include "support/at.hpp"
#include "support/cached_pages_posix.hpp"
#include "support/result_matchers.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <boost/filesystem/fstream.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace roamsync {
namespace {

namespace fs = boost::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

using testing::at;
using testing::cached_pages;

class DiskStorePosix : public ::testing::TestWithParam<posix::Resolution> {
 protected:
  void SetUp() override {
    fs::create_directory(root_);
    fs::create_directory(outside_);
    write(outside_ / "secret", "outside");
    store_ = posix::open_disk_store({.root = root_}, GetParam()).value();
  }

  static void write(const fs::path& path, std::string_view text) {
    fs::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  static std::string read(const fs::path& path) {
    fs::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Result<Entry> put(std::string_view path, std::string_view text, const FileAttributes& attributes = {}) {
    BOOST_OUTCOME_TRY(const auto writer, store_->create(at(path)));
    BOOST_OUTCOME_TRYV(writer->write(0, std::as_bytes(std::span(text))));
    return writer->finish(attributes);
  }

  /// What `work` says while this process can make no larger file.
  template <class Work>
  static auto with_file_size_limit(rlim_t bytes, const Work& work) {
    struct ::rlimit before {};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    const struct ::rlimit limit { .rlim_cur = bytes, .rlim_max = before.rlim_max };
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto said = work();
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    return said;
  }

  roamsync::testing::TemporaryFolder folder_;
  fs::path root_ = folder_.path() / "profile";
  fs::path outside_ = folder_.path() / "outside";
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Resolution, DiskStorePosix,
                         ::testing::Values(posix::Resolution::kernel, posix::Resolution::walk), [](const auto& one) {
                           return std::string(one.param == posix::Resolution::kernel ? "kernel" : "walk");
                         });

// --- links and devices ---

TEST_P(DiskStorePosix, NoCallFollowsALinkOnTheWay) {
  fs::create_directory_symlink(outside_, root_ / "link");
  write(root_ / "mine", "mine");
  fs::create_directory(root_ / "folder");
  const ProfilePath below = at("link/secret");
  const std::vector<ProfilePath> files{below};
  const std::vector<ProfilePath> folders{at("link")};
  EXPECT_FAILS(store_->list(at("link")), Errc::unsafe_path);
  EXPECT_FAILS(store_->stat(below), Errc::unsafe_path);
  EXPECT_FAILS(store_->open(below), Errc::unsafe_path);
  EXPECT_FAILS(store_->create(at("link/new")), Errc::unsafe_path);
  EXPECT_FAILS(store_->duplicate(at("mine"), at("link/new")), Errc::unsafe_path);
  EXPECT_FAILS(store_->duplicate(below, at("new")), Errc::unsafe_path);
  EXPECT_FAILS(store_->preserve(at("mine"), at("link/new")), Errc::unsafe_path);
  EXPECT_FAILS(store_->preserve(below, at("new")), Errc::unsafe_path);
  EXPECT_FAILS(store_->make_directory(at("link/new"), 0), Errc::unsafe_path);
  EXPECT_FAILS(store_->flush(files), Errc::unsafe_path);
  EXPECT_FAILS(store_->flush_directories(folders), Errc::unsafe_path);
  EXPECT_FAILS(store_->replace(at("mine"), below), Errc::unsafe_path);
  EXPECT_FAILS(store_->replace(below, at("mine")), Errc::unsafe_path);
  EXPECT_FAILS(store_->replace(at("folder"), at("link/new")), Errc::unsafe_path);
  EXPECT_FAILS(store_->remove_file(below), Errc::unsafe_path);
  EXPECT_FAILS(store_->remove_directory(below), Errc::unsafe_path);
  EXPECT_FAILS(store_->lock(at("link/lock"), LockMode::exclusive, "me", std::chrono::milliseconds(0)),
               Errc::unsafe_path);
  EXPECT_EQ(read(outside_ / "secret"), "outside");
  EXPECT_EQ(read(root_ / "mine"), "mine");
  EXPECT_EQ(std::distance(fs::directory_iterator(outside_), {}), 1);
}

TEST_P(DiskStorePosix, NoCallFollowsALinkAtTheEnd) {
  fs::create_symlink(outside_ / "secret", root_ / "link");
  write(root_ / "mine", "mine");
  const std::vector<ProfilePath> files{at("link")};
  EXPECT_FAILS(store_->stat(at("link")), Errc::unsafe_path);
  EXPECT_FAILS(store_->open(at("link")), Errc::unsafe_path);
  EXPECT_FAILS(store_->list(at("link")), Errc::unsafe_path);
  EXPECT_FAILS(store_->create(at("link")), std::errc::file_exists);
  EXPECT_FAILS(store_->duplicate(at("link"), at("new")), Errc::unsafe_path);
  EXPECT_FAILS(store_->preserve(at("link"), at("new")), Errc::unsafe_path);
  EXPECT_FAILS(store_->make_directory(at("link"), 0), std::errc::file_exists);
  EXPECT_FAILS(store_->flush(files), Errc::unsafe_path);
  EXPECT_FAILS(store_->replace(at("link"), at("new")), Errc::unsafe_path);
  EXPECT_FAILS(store_->replace(at("mine"), at("link")), Errc::unsafe_path);
  EXPECT_FAILS(store_->remove_directory(at("link")), Errc::unsafe_path);
  EXPECT_FAILS(store_->lock(at("link"), LockMode::exclusive, "me", std::chrono::milliseconds(0)), Errc::unsafe_path);
  EXPECT_EQ(read(outside_ / "secret"), "outside");
}

TEST_P(DiskStorePosix, ErrorNamesTheLinkAndWhereItLeads) {
  fs::create_directory(root_ / "AppData");
  fs::create_directory_symlink("/etc", root_ / "AppData" / "Roaming");
  const auto opened = store_->open(at("AppData/Roaming/passwd"));
  ASSERT_FAILS(opened, Errc::unsafe_path);
  EXPECT_EQ(opened.error().context().found, "\"Roaming\", a symbolic link to /etc");
  EXPECT_EQ(opened.error().context().path, (root_ / "AppData/Roaming/passwd").string());
  EXPECT_TRUE(opened.error().context().cause);
}

TEST_P(DiskStorePosix, LinksDevicesAndForeignNamesAreListedAsUnusable) {
  fs::create_symlink("elsewhere", root_ / "link");
  ASSERT_EQ(::mkfifo((root_ / "pipe").c_str(), 0600), 0);
  write(root_ / "a:b", "");
  write(root_ / "bad\xff", "");
  write(root_ / "CON", "");
  write(root_ / "good", "");
  const auto listing = store_->list(at(""));
  ASSERT_OK(listing);
  ASSERT_EQ(listing.value().entries.size(), 1U);
  EXPECT_EQ(listing.value().entries[0].path, at("good"));
  std::vector<std::pair<std::string, std::string>> unusable;
  for (const Unusable& one : listing.value().unusable) unusable.emplace_back(one.path, one.found);
  std::ranges::sort(unusable);
  EXPECT_THAT(unusable, ElementsAre(Pair("CON", HasSubstr("Windows cannot have")), Pair("a:b", HasSubstr("colon")),
                                    Pair("bad\xff", HasSubstr("UTF-8")), Pair("link", "a symbolic link to elsewhere"),
                                    Pair("pipe", "a named pipe")));
}

TEST_P(DiskStorePosix, ANamedPipeIsRefusedWithoutWaiting) {
  ASSERT_EQ(::mkfifo((root_ / "pipe").c_str(), 0600), 0);
  write(root_ / "mine", "mine");
  EXPECT_FAILS(store_->open(at("pipe")), Errc::unsafe_path);
  EXPECT_FAILS(store_->stat(at("pipe")), Errc::unsafe_path);
  EXPECT_FAILS(store_->replace(at("mine"), at("pipe")), Errc::unsafe_path);
  EXPECT_FAILS(store_->lock(at("pipe"), LockMode::exclusive, "me", std::chrono::milliseconds(0)), Errc::unsafe_path);
}

TEST_P(DiskStorePosix, RemoveFileAndRemoveTreeRemoveLinksThemselves) {
  fs::create_directory(root_ / "folder");
  fs::create_directory_symlink(outside_, root_ / "folder" / "link");
  fs::create_symlink(outside_ / "secret", root_ / "link");
  EXPECT_OK(store_->remove_file(at("link")));
  EXPECT_OK(remove_tree(*store_, at("folder")));
  EXPECT_TRUE(fs::is_empty(root_));
  EXPECT_EQ(read(outside_ / "secret"), "outside");
}

TEST_P(DiskStorePosix, AFolderWithANameThatWindowsCannotHaveIsNotRemoved) {
  fs::create_directory(root_ / "folder");
  write(root_ / "folder" / "a:b", "x");
  EXPECT_FAILS(remove_tree(*store_, at("folder")), std::errc::directory_not_empty);
  EXPECT_TRUE(fs::exists(root_ / "folder" / "a:b"));
}

// --- the root ---

TEST_P(DiskStorePosix, TheRootItselfMayBeALink) {
  fs::create_directory_symlink(root_, folder_.path() / "shortcut");
  write(root_ / "mine", "mine");
  const auto store = posix::open_disk_store({.root = folder_.path() / "shortcut"}, GetParam());
  ASSERT_OK(store);
  EXPECT_OK(store.value()->open(at("mine")));
}

TEST_P(DiskStorePosix, KeepsItsRootWhenItIsRenamed) {
  write(root_ / "mine", "mine");
  fs::rename(root_, folder_.path() / "renamed");
  fs::create_directory(root_);
  EXPECT_OK(store_->open(at("mine")));
}

TEST_P(DiskStorePosix, PathsLongerThanTheKernelTakesAtOnceAreReached) {
  ProfilePath path;
  const std::string name(200, 'x');
  for (int depth = 0; depth < 25; ++depth) {
    path = path.child_unchecked(name);
    ASSERT_OK(store_->make_directory(path, 0));
  }
  const ProfilePath file = path.child_unchecked("file");
  ASSERT_GT(file.text().size(), std::size_t{PATH_MAX});
  ASSERT_OK(put(file.text(), "deep"));
  EXPECT_OK(store_->open(file));
  EXPECT_OK(store_->replace(file, path.child_unchecked("renamed")));
  EXPECT_OK(remove_tree(*store_, at(name)));
  EXPECT_TRUE(fs::is_empty(root_));
}

TEST_P(DiskStorePosix, ANameTooLongForTheDiskIsAbsentAndCannotBeMade) {
  std::string name;
  for (int i = 0; i < 200; ++i) name += "日";  // 200 units for Windows, 600 bytes here
  const auto found = store_->stat(at(name));
  ASSERT_OK(found);
  EXPECT_FALSE(found.value());
  EXPECT_FAILS(store_->create(at(name)), std::errc::filename_too_long);
  EXPECT_FAILS(store_->create(at(name + "/file")), std::errc::filename_too_long);
}

// --- attributes ---

TEST_P(DiskStorePosix, AStagedFileIsPrivateUntilItIsFinished) {
  const auto writer = store_->create(at("NTUSER.DAT.tmp"));
  ASSERT_OK(writer);
  EXPECT_EQ(fs::status(root_ / "NTUSER.DAT.tmp").permissions(), fs::owner_read | fs::owner_write);
  ASSERT_OK(writer.value()->finish({.mode = 0664}));
  EXPECT_EQ(static_cast<unsigned>(fs::status(root_ / "NTUSER.DAT.tmp").permissions()), 0664U);
}

TEST_P(DiskStorePosix, ModesLeftOpenFollowTheUmask) {
  const mode_t before = ::umask(027);
  const auto store = posix::open_disk_store({.root = root_}, GetParam());
  ASSERT_OK(store);
  const auto writer = store.value()->create(at("file"));
  ASSERT_OK(writer);
  ASSERT_OK(writer.value()->finish({}));
  ASSERT_OK(store.value()->make_directory(at("folder"), 0));
  ASSERT_OK(store.value()->make_directory(at("open"), 0777));
  ::umask(before);
  EXPECT_EQ(store.value()->stat(at("file")).value()->mode, 0640U);
  EXPECT_EQ(store.value()->stat(at("folder")).value()->mode, 0750U);
  EXPECT_EQ(store.value()->stat(at("open")).value()->mode, 0777U);
}

TEST_P(DiskStorePosix, UserAttributesRoamAndOthersStay) {
  write(root_ / "file", "x");
  const std::string path = (root_ / "file").string();
  if (::setxattr(path.c_str(), "user.DOSATTRIB", "0x22", 4, 0) != 0) GTEST_SKIP() << "no extended attributes here";
  ASSERT_EQ(::setxattr(path.c_str(), "user.big", std::string(1000, 'b').data(), 1000, 0), 0);
  ASSERT_EQ(::setxattr(path.c_str(), "user.overlay.opaque", "y", 1, 0), 0);
  const auto reader = store_->open(at("file"));
  ASSERT_OK(reader);
  const auto attributes = reader.value()->attributes();
  ASSERT_OK(attributes);
  EXPECT_THAT(attributes.value().extended,
              ElementsAre(Pair("user.DOSATTRIB", "0x22"), Pair("user.big", std::string(1000, 'b'))));
  ASSERT_OK(put("copy", "x", {.extended = {{"user.DOSATTRIB", "0x22"}, {"security.evil", "1"}}}));
  const auto copy = store_->open(at("copy"));
  ASSERT_OK(copy);
  EXPECT_THAT(copy.value()->attributes().value().extended, ElementsAre(Pair("user.DOSATTRIB", "0x22")));
}

TEST_P(DiskStorePosix, AttributesThatDoNotFitAreLeftOut) {
  write(root_ / "probe", "x");
  if (::setxattr((root_ / "probe").c_str(), "user.a", "1", 1, 0) != 0) GTEST_SKIP() << "no extended attributes here";
  EXPECT_OK(put("file", "x", {.extended = {{"user.huge", std::string(100'000, 'h')}, {"user.small", "s"}}}));
  EXPECT_THAT(store_->open(at("file")).value()->attributes().value().extended, ElementsAre(Pair("user.small", "s")));
}

TEST_P(DiskStorePosix, AFileWhoseTimeIsLeftOpenHasThatOfItsWriting) {
  const auto before = FileTime::from_unix(::time(nullptr) - 2, 0);
  const auto written = put("record", "x");
  ASSERT_OK(written);
  EXPECT_GE(written.value().modified, before);
}

TEST_P(DiskStorePosix, MarksTellAccessListsApart) {
  for (const char* name : {"a", "b", "c", "none"}) ASSERT_OK(put(name, "x"));
  ASSERT_OK(store_->make_directory(at("d"), 0));
  const std::string big(6000, 'x');
  const auto set = [&](const char* name, const std::string& list) {
    return ::setxattr((root_ / name).c_str(), "user.NTACL", list.data(), list.size(), 0) == 0;
  };
  if (!set("a", "one")) GTEST_SKIP() << "this file system has no user attributes";
  ASSERT_TRUE(set("b", "one") && set("c", "two") && set("d", "two"));
  auto listing = store_->list({});
  ASSERT_OK(listing);
  auto& entries = listing.value().entries;
  for (const Entry& entry : entries) EXPECT_EQ(entry.access_mark, access_mark_unknown) << "nobody asked";
  ASSERT_OK(store_->mark_access({}, entries));
  const auto mark = [&](std::string_view name) {
    return std::ranges::find(entries, at(name), &Entry::path)->access_mark;
  };
  EXPECT_EQ(mark("a"), access_mark_of("one"));
  EXPECT_EQ(mark("b"), mark("a"));
  EXPECT_EQ(mark("c"), access_mark_of("two"));
  EXPECT_EQ(mark("d"), mark("c"));
  EXPECT_EQ(mark("none"), access_mark_none);
  if (set("a", big)) {  // where the file system has room for it
    ASSERT_OK(store_->mark_access({}, entries));
    EXPECT_EQ(mark("a"), access_mark_of(big));
  }
}

TEST_P(DiskStorePosix, WhatRootMakesBelongsToTheOwnerOfTheProfile) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root makes files for others";
  ASSERT_EQ(::chown(root_.c_str(), 12345, 54321), 0);
  store_ = posix::open_disk_store({.root = root_}, GetParam()).value();
  ASSERT_OK(put("file", "x", {.mode = 0600}));
  ASSERT_OK(store_->make_directory(at("folder"), 0700));
  ASSERT_OK(store_->lock(at("lock"), LockMode::exclusive, "me", std::chrono::milliseconds(0)));
  for (const char* name : {"file", "folder", "lock"}) {
    struct ::stat status {};
    ASSERT_EQ(::stat((root_ / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 12345U) << name;
    EXPECT_EQ(status.st_gid, 54321U) << name;
  }
  EXPECT_EQ(store_->owner().value().name, "uid 12345");
  EXPECT_FALSE(store_->owner().value().is_administrator);
}

TEST_P(DiskStorePosix, OwnerIsNamed) {
  struct ::stat status {};
  ASSERT_EQ(::stat(root_.c_str(), &status), 0);
  const auto owner = store_->owner();
  ASSERT_OK(owner);
  EXPECT_THAT(owner.value().name, HasSubstr("uid " + std::to_string(status.st_uid)));
  EXPECT_EQ(owner.value().is_administrator, status.st_uid == 0);
}

// --- bytes ---

TEST_P(DiskStorePosix, SparseFilesStaySparse) {
  const auto writer = store_->create(at("old"));
  ASSERT_OK(writer);
  constexpr std::uint64_t far = 64 << 20;
  ASSERT_OK(writer.value()->write(far, std::as_bytes(std::span("data", 4))));
  ASSERT_OK(writer.value()->resize(2 * far));
  ASSERT_OK(writer.value()->finish({}));
  const auto reader = store_->open(at("old"));
  ASSERT_OK(reader);
  const auto extents = reader.value()->extents();
  ASSERT_OK(extents);
  ASSERT_EQ(extents.value().size(), 1U);
  EXPECT_LE(extents.value()[0].offset, far);
  EXPECT_GT(extents.value()[0].offset, 0U);
  EXPECT_LT(extents.value()[0].size, far);
  const auto copy = store_->duplicate(at("old"), at("new"));
  ASSERT_OK(copy);
  ASSERT_OK(copy.value()->finish({}));
  struct ::stat status {};
  ASSERT_EQ(::stat((root_ / "new").c_str(), &status), 0);
  EXPECT_EQ(status.st_size, static_cast<off_t>(2 * far));
  EXPECT_LT(status.st_blocks * 512, static_cast<off_t>(1 << 20));
}

std::string long_text(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (char& one : text) one = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return text;
}

TEST_P(DiskStorePosix, LargeFilesAreDuplicatedAndVerifiedPastThePageCacheWhereItCan) {
  const auto store =
      posix::open_disk_store({.root = root_}, GetParam(), posix::FileSystem{.has_direct_io = true}).value();
  constexpr std::size_t mib = 1 << 20;
  for (const std::size_t size : {mib, mib + 1, mib + 4096, 3 * mib + 5000, 5 * mib + 4095}) {
    SCOPED_TRACE(size);
    const std::string text = long_text(size);
    write(root_ / "old", text);
    const auto copy = store->duplicate(at("old"), at("new"));
    ASSERT_OK(copy);
    ASSERT_OK(copy.value()->write(8192, std::as_bytes(std::span("data", 4))));
    ASSERT_OK(copy.value()->finish({}));
    std::string expected = text;
    expected.replace(8192, 4, "data");
    EXPECT_TRUE(read(root_ / "new") == expected);
    for (const std::size_t offset : {std::size_t{0}, std::size_t{4096}, std::size_t{4095}}) {
      for (const std::size_t block : {mib, mib + 1}) {
        const auto reader = store->open_to_verify(at("new"));
        ASSERT_OK(reader);
        std::string found;
        const std::unique_ptr<void, decltype(&std::free)> room(std::aligned_alloc(4096, 2 * mib), std::free);
        for (std::size_t at = offset; at < size;) {
          const std::span bytes(static_cast<std::byte*>(room.get()), block);
          const auto count = reader.value()->read(at, bytes);
          ASSERT_OK(count);
          ASSERT_GT(count.value(), 0U);
          found.append(static_cast<const char*>(room.get()), count.value());
          at += count.value();
        }
        EXPECT_TRUE(found == expected.substr(offset)) << "from " << offset << " in blocks of " << block;
      }
    }
    fs::remove(root_ / "old");
    fs::remove(root_ / "new");
  }
}

TEST_P(DiskStorePosix, ADuplicateTakesNoMemoryOfThePageCacheOnADisk) {
  const posix::Handle folder(::open(root_.c_str(), O_RDONLY));
  if (!posix::file_system_of(folder.get()).has_direct_io) GTEST_SKIP() << "neither ext4 nor XFS";
  const std::string text = long_text(4 << 20);
  write(root_ / "old", text);
  ASSERT_OK(store_->duplicate(at("old"), at("new")).value()->finish({}));
  if (cached_pages(root_ / "old") == 0) GTEST_SKIP() << "nothing is cached here";
  EXPECT_EQ(cached_pages(root_ / "new"), 0U);
  const auto reader = store_->open_to_verify(at("new"));
  ASSERT_OK(reader);
  const std::unique_ptr<void, decltype(&std::free)> room(std::aligned_alloc(4096, text.size()), std::free);
  ASSERT_EQ(reader.value()->read(0, {static_cast<std::byte*>(room.get()), text.size()}).value(), text.size());
  EXPECT_EQ(std::memcmp(room.get(), text.data(), text.size()), 0);
  EXPECT_EQ(cached_pages(root_ / "new"), 0U);
}

TEST_P(DiskStorePosix, ADuplicateWithoutRoomFailsAndIsNotTakenForWhole) {
  const auto store =
      posix::open_disk_store({.root = root_}, GetParam(), posix::FileSystem{.has_direct_io = true}).value();
  write(root_ / "old", long_text(3 << 20));
  for (const rlim_t room : {rlim_t{1} << 20, (rlim_t{1} << 20) + 100, (rlim_t{2} << 20) + 4096}) {
    const auto copy = with_file_size_limit(room, [&] { return store->duplicate(at("old"), at("new")); });
    EXPECT_FAILS(copy, std::errc::file_too_large);
    fs::remove(root_ / "new");
  }
}

TEST_P(DiskStorePosix, WhatIsReservedAndNotWrittenIsGivenBack) {
  const auto writer = store_->create(at("file"));
  ASSERT_OK(writer);
  ASSERT_OK(writer.value()->reserve(16 << 20));
  ASSERT_OK(writer.value()->write(0, std::as_bytes(std::span("data", 4))));
  ASSERT_OK(writer.value()->finish({}));
  struct ::stat status {};
  ASSERT_EQ(::stat((root_ / "file").c_str(), &status), 0);
  EXPECT_LT(status.st_blocks * 512, static_cast<off_t>(1 << 20));
}

TEST_P(DiskStorePosix, PreserveIsAHardLink) {
  write(root_ / "file", "x");
  ASSERT_OK(store_->preserve(at("file"), at("second")));
  EXPECT_EQ(fs::hard_link_count(root_ / "file"), 2U);
}

// As on a mounted share. What a dead process left of such a copy is no obstacle.
TEST_P(DiskStorePosix, PreserveIsAWholeCopyWhereASecondNameWouldBeRefused) {
  const auto store =
      posix::open_disk_store({.root = root_}, GetParam(), posix::FileSystem{.second_name_is_refused = true}).value();
  write(root_ / "file", "x");
  const fs::path copy = root_ / posix::copy_before(at("second")).c_str();
  write(copy, "half a cop");
  ASSERT_OK(store->preserve(at("file"), at("second")));
  EXPECT_EQ(fs::hard_link_count(root_ / "file"), 1U);
  EXPECT_EQ(read(root_ / "second"), "x");
  EXPECT_EQ(store->stat(at("second")).value()->modified, store->stat(at("file")).value()->modified);
  EXPECT_FALSE(fs::exists(copy));
}

TEST_P(DiskStorePosix, ACopyThatFailsLeavesNothing) {
  const auto store =
      posix::open_disk_store({.root = root_}, GetParam(), posix::FileSystem{.second_name_is_refused = true}).value();
  write(root_ / "file", std::string(100'000, 'x'));
  const fs::path folder = root_ / "history";
  fs::create_directory(folder);
  const auto preserved = with_file_size_limit(50'000, [&] { return store->preserve(at("file"), at("history/file")); });
  EXPECT_FAILS(preserved, std::errc::file_too_large);
  EXPECT_TRUE(fs::is_empty(folder));
}

// --- locks ---

TEST_P(DiskStorePosix, LockIsFreedWhenItsHolderIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = store_->lock(at("lock"), LockMode::exclusive, "the child", std::chrono::milliseconds(0));
    const char answer = lock ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  const auto refused = store_->lock(at("lock"), LockMode::exclusive, "me", std::chrono::milliseconds(0));
  EXPECT_FAILS(refused, Errc::publish_running);
  EXPECT_THAT(refused.error().message(), HasSubstr("the child"));
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_OK(store_->lock(at("lock"), LockMode::exclusive, "me", std::chrono::milliseconds(0)));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_P(DiskStorePosix, ALockFileThatWasRemovedLocksNobodyOut) {
  const auto lost = store_->lock(at("lock"), LockMode::exclusive, "first", std::chrono::milliseconds(0));
  ASSERT_OK(lost);
  fs::remove(root_ / "lock");
  EXPECT_OK(store_->lock(at("lock"), LockMode::exclusive, "second", std::chrono::milliseconds(0)));
}

TEST_P(DiskStorePosix, SystemPathIsTheNameOtherProgramsUse) {
  write(root_ / "file", "x");
  const auto path = store_->system_path(at("file"));
  ASSERT_TRUE(path);
  EXPECT_TRUE(fs::equivalent(*path, root_ / "file"));
}

TEST_P(DiskStorePosix, AFolderThatMayNotBeReadIsAnErrorAndNotEmpty) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  fs::create_directory(root_ / "closed");
  fs::permissions(root_ / "closed", fs::no_perms);
  EXPECT_FAILS(store_->list(at("closed")), std::errc::permission_denied);
  EXPECT_FAILS(store_->stat(at("closed/file")), std::errc::permission_denied);
  fs::permissions(root_ / "closed", fs::owner_all);
}

// --- opening ---

TEST(OpenDiskStore, AMissingRootIsNotAMissingServer) {
  const roamsync::testing::TemporaryFolder folder;
  EXPECT_FAILS(open_disk_store({.root = folder.path() / "new user"}), std::errc::no_such_file_or_directory);
  const auto gone = open_disk_store({.root = folder.path() / "no share" / "user"});
  EXPECT_FAILS(gone, Errc::server_unavailable);
  EXPECT_THAT(gone.error().message(), HasSubstr("no share"));
  EXPECT_FAILS(open_disk_store({.root = folder.path() / "no share" / "user", .create = true}),
               Errc::server_unavailable);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(OpenDiskStore, MakesAPrivateRootWhenAsked) {
  const roamsync::testing::TemporaryFolder folder;
  const fs::path root = folder.path() / "user";
  ASSERT_OK(open_disk_store({.root = root, .create = true}));
  EXPECT_EQ(fs::status(root).permissions(), fs::owner_all);
  EXPECT_OK(open_disk_store({.root = root, .create = true})) << "once more";
}

TEST(OpenDiskStore, RefusesAFileAndNothing) {
  const roamsync::testing::TemporaryFolder folder;
  fs::ofstream(folder.path() / "file") << "x";
  EXPECT_FAILS(open_disk_store({.root = folder.path() / "file"}), std::errc::not_a_directory);
  EXPECT_FAILS(open_disk_store({}), std::errc::invalid_argument);
}

TEST(OpenDiskStore, TellsItsPlaceInFull) {
  const roamsync::testing::TemporaryFolder folder;
  const auto store = open_disk_store({.root = folder.path().string() + "/"});
  ASSERT_OK(store);
  EXPECT_EQ(store.value()->location(), folder.path().string());
  const auto here = open_disk_store({.root = "."});
  ASSERT_OK(here);
  EXPECT_TRUE(fs::path(here.value()->location()).is_absolute());
}

}  // namespace
}  // namespace roamsync
