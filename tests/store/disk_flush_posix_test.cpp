// Both ways to flush many files; which is taken depends on what the rest of the machine is writing.
#include "store/disk_flush_posix.hpp"

#include "store/disk_store_posix.hpp"
#include "support/result_matchers.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <boost/filesystem/fstream.hpp>

namespace roamsync::posix {
namespace {

class DiskFlush : public ::testing::TestWithParam<bool> {
 protected:
  DiskFlush() {
    for (int i = 0; i < 100; ++i) {
      const std::string folder = "folder" + std::to_string(i % 7);
      boost::filesystem::create_directories(folder_.path() / folder);
      files_.push_back(ProfilePath::literal(folder + "/file" + std::to_string(i)));
      boost::filesystem::ofstream(folder_.path() / files_.back().text()) << i;
    }
    file_system_.one_flush_serves_all = GetParam();
    file_system_.flush_needs_write_access = !GetParam();
  }

  testing::TemporaryFolder folder_;
  std::vector<ProfilePath> files_;
  std::unique_ptr<DiskRoot> root_ = DiskRoot::open({.root = folder_.path()}, Resolution::kernel).value();
  FileSystem file_system_;
  // So much of our own waits that the rest of the machine never has more.
  std::atomic<std::uint64_t> unflushed_bytes_ = std::uint64_t{1} << 62;
  DiskFlusher flusher_{*root_, file_system_, unflushed_bytes_};
};

INSTANTIATE_TEST_SUITE_P(Way, DiskFlush, ::testing::Bool(),
                         [](const auto& one) { return std::string(one.param ? "all_at_once" : "each"); });

TEST_P(DiskFlush, TakesManyFilesAndForgetsWhatWasUnflushed) {
  EXPECT_OK(flusher_.flush_files(files_));
  EXPECT_EQ(unflushed_bytes_, 0U);
}

TEST_P(DiskFlush, TakesManyFolders) {
  std::vector<ProfilePath> folders;
  for (int i = 0; i < 7; ++i) folders.push_back(ProfilePath::literal("folder" + std::to_string(i)));
  folders.emplace_back();
  EXPECT_OK(flusher_.flush_folders(folders));
}

TEST_P(DiskFlush, TakesReadOnlyFiles) {
  const auto file = folder_.path() / files_[0].text();
  boost::filesystem::permissions(file, boost::filesystem::owner_read);
  EXPECT_OK(flusher_.flush_files(std::span(files_).first(1)));
}

TEST_P(DiskFlush, FewFilesAreFlushedByThemselves) {
  EXPECT_OK(flusher_.flush_files(std::span(files_).first(3)));
  const std::vector<ProfilePath> missing{files_[0], ProfilePath::literal("nothing")};
  EXPECT_FAILS(flusher_.flush_files(missing), std::errc::no_such_file_or_directory);
}

TEST_P(DiskFlush, OfManyFailuresTheFirstIsTold) {
  if (GetParam()) GTEST_SKIP() << "one flush for all names no file";
  std::vector<ProfilePath> missing = files_;
  missing[30] = ProfilePath::literal("missing 30");
  missing[90] = ProfilePath::literal("missing 90");
  const auto flushed = flusher_.flush_files(missing);
  ASSERT_FAILS(flushed, std::errc::no_such_file_or_directory);
  EXPECT_EQ(flushed.error().context().path, root_->location_of(missing[30]));
}

}  // namespace
}  // namespace roamsync::posix
