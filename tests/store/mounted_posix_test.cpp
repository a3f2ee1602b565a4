// What a mount changes: files that lie on another machine, another file system in the middle of a profile.
#include "store/disk_store_posix.hpp"

#include "support/at.hpp"
#include "support/cached_pages_posix.hpp"
#include "support/result_matchers.hpp"
#include "support/small_disk_posix.hpp"
#include "support/temporary_folder.hpp"

#include <boost/filesystem/fstream.hpp>
#include <chrono>
#include <thread>

namespace roamsync::posix {
namespace {

namespace fs = boost::filesystem;
using roamsync::testing::at;
using roamsync::testing::cached_pages;

class Mounted : public ::testing::Test {
 protected:
  FileSystem file_system() const { return file_system_of(Handle(::open(root_.c_str(), O_RDONLY)).get()); }
  std::unique_ptr<Store> store_on(const FileSystem& taken_for) const {
    return open_disk_store({.root = root_}, Resolution::kernel, taken_for).value();
  }

  roamsync::testing::TemporaryFolder folder_;
  const fs::path root_ = folder_.path();
};

// What was flushed is read from the other end, whatever this machine remembers of it.
TEST_F(Mounted, OfARemoteFileNothingIsReadFromMemory) {
  FileSystem remote = file_system();
  if (!remote.traits.durable_flush) GTEST_SKIP() << "a file system in memory";
  remote.traits.is_remote = true;
  const auto store = store_on(remote);
  fs::ofstream(root_ / "file") << std::string(1 << 16, 'x');
  const ProfilePath path = at("file");
  ASSERT_OK(store->flush(std::span(&path, 1)));
  if (cached_pages(root_ / "file") == 0) GTEST_SKIP() << "nothing is cached here";
  ASSERT_OK(store->open(path));
  EXPECT_NE(cached_pages(root_ / "file"), 0U);
  ASSERT_OK(store->open_to_verify(path));
  EXPECT_EQ(cached_pages(root_ / "file"), 0U);
}

// What holds for the file system of the root need not for one that is mounted below.
TEST_F(Mounted, OnlyFoldersOfTheRootsFileSystemHaveTimes) {
  for (const char* name : {"Plain", "Other"}) fs::create_directory(root_ / name);
  const auto times = roamsync::testing::on_small_disk(root_ / "Other", [&](Store&) {
    FileSystem telling = file_system();
    telling.change_times_tell = true;
    fs::create_directory(root_ / "Other/deep");
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    const auto store = store_on(telling);
    std::string text;
    for (const char* path : {"Plain", "Other", "Other/deep"}) {
      text += std::string(path) + (store->stat(at(path)).value()->modified.ticks != 0 ? " has one; " : " has none; ");
    }
    return text;
  });
  if (!times) GTEST_SKIP() << "no mount namespaces for this user";
  EXPECT_EQ(*times, "Plain has one; Other has none; Other/deep has none; ");
}

}  // namespace
}  // namespace roamsync::posix
