// A large old file is copied by the system, which takes its time: whoever wants to stop does not wait for all of it.
#include "store/disk_store_posix.hpp"

#include "support/at.hpp"
#include "support/result_matchers.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <boost/filesystem/fstream.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace {

struct Watch {
  std::vector<std::size_t> asked;  ///< bytes, of one call after the other
  std::stop_source stop;           ///< at the first
};
Watch* watch = nullptr;

}  // namespace

// Takes the place of the C library's in this program.
ssize_t copy_file_range(int from, off64_t* from_offset, int to, off64_t* to_offset, size_t size, unsigned flags) {
  if (watch != nullptr) {
    watch->asked.push_back(size);
    watch->stop.request_stop();
  }
  return ::syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
}

namespace roamsync {
namespace {

namespace fs = boost::filesystem;
using testing::at;

class DuplicateStop : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(root_);
    watch = &watch_;
  }
  void TearDown() override { watch = nullptr; }

  /// Appends to the old file: a hole up to `offset`, then so many bytes.
  void put_old(std::uint64_t offset, std::size_t size) {
    const fs::path old = root_ / "old";
    fs::ofstream(old, std::ios::binary | std::ios::app).close();
    fs::resize_file(old, offset);
    fs::ofstream(old, std::ios::binary | std::ios::app) << std::string(size, 'x');
  }
  Result<std::unique_ptr<Writer>> duplicate(bool has_direct_io, std::stop_token stop) {
    store_ = posix::open_disk_store({.root = root_}, posix::Resolution::kernel,
                                    posix::FileSystem{.has_direct_io = has_direct_io})
                 .value();
    return store_->duplicate(at("old"), at("new"), std::move(stop));
  }

  testing::TemporaryFolder folder_;
  fs::path root_ = folder_.path() / "root";
  std::unique_ptr<Store> store_;
  Watch watch_;
};

TEST_F(DuplicateStop, TheSystemIsAskedForPieces) {
  put_old(0, 20 << 20);
  const auto copy = duplicate(false, {});
  ASSERT_OK(copy);
  if (watch_.asked.empty()) GTEST_SKIP() << "reflinks";
  EXPECT_THAT(watch_.asked, ::testing::Each(::testing::Le(std::size_t{8} << 20)));
  EXPECT_EQ(fs::file_size(root_ / "new"), std::uintmax_t{20} << 20);
}

TEST_F(DuplicateStop, TheFirstPieceIsTheLast) {
  put_old(0, 20 << 20);
  const auto copy = duplicate(false, watch_.stop.get_token());
  if (watch_.asked.empty()) GTEST_SKIP() << "reflinks";
  EXPECT_FAILS(copy, Errc::cancelled);
  EXPECT_EQ(watch_.asked.size(), 1U);
  EXPECT_FALSE(fs::exists(root_ / "new"));
}

// A small run of bytes, for which the system is asked; after a hole a large one, which goes past the page cache.
TEST_F(DuplicateStop, AlsoPastThePageCache) {
  put_old(0, 4096);
  put_old(4 << 20, 2 << 20);
  const auto copy = duplicate(true, watch_.stop.get_token());
  if (watch_.asked.empty()) GTEST_SKIP() << "reflinks, or no holes";
  EXPECT_FAILS(copy, Errc::cancelled);
  EXPECT_EQ(watch_.asked.size(), 1U);
  EXPECT_FALSE(fs::exists(root_ / "new"));
}

}  // namespace
}  // namespace roamsync
