// A large file of which some pages change, on a disk: duplicated and verified past the page cache where the disk can.
#include <roamsync/transaction.hpp>

#include "store/disk_store_posix.hpp"
#include "support/change_set.hpp"
#include "support/result_matchers.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <boost/filesystem/fstream.hpp>

namespace roamsync {
namespace {

using testing::at;
using testing::ChangeBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::options_of;
using testing::records_of;
using testing::text_of;

struct Case {
  std::uint64_t size;
  Verify verify;
  unsigned lanes;
};

class PublishOnDisk : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    for (std::size_t i = 0; i < hive_.size(); i += 7) hive_[i] = static_cast<char>(i / 4096);
    const auto published = publish_with(ChangeBuilder(*target_).file("NTUSER.DAT", hive_).take());
    ASSERT_OK(published);
    pages_ = published.value().pages.at(0).second;
    hive_[5 * 4096] ^= 1;
    hive_.back() ^= 1;
  }

  Result<Published> publish_with(const ChangeSet& changes) {
    auto options = options_of("t" + std::to_string(++transactions_));
    options.lanes = GetParam().lanes;
    options.verify = verify_;
    options.on_event = [this](const Event& event) {
      if (const auto* notice = std::get_if<Notice>(&event)) notices_.push_back(notice->text);
    };
    return publish(*target_, records_of(*target_), changes, options);
  }
  Result<Published> publish_changed_pages() {
    ChangeSet changes = ChangeBuilder(*target_).file("NTUSER.DAT", hive_, FileTime{2'000'000'000}).take();
    changes.files[0].pages_of_replaced = pages_;
    return publish_with(changes);
  }
  std::string hive_now() { return text_of(read_file(*target_, at("NTUSER.DAT"), 1 << 30).value()); }

  testing::TemporaryFolder folder_;
  std::unique_ptr<Store> target_ = posix::open_disk_store({.root = folder_.path()}, posix::Resolution::kernel,
                                                          posix::FileSystem{.traits = {.atomic_replace = true,
                                                                                       .durable_flush = true,
                                                                                       .posix_modes = true,
                                                                                       .duplicates_cheaply = true},
                                                                            .has_direct_io = true})
                                       .value();
  std::string hive_ = std::string(GetParam().size, 'h');
  std::shared_ptr<const PageDigests> pages_;
  std::vector<std::string> notices_;
  Verify verify_ = GetParam().verify;
  int transactions_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Hive, PublishOnDisk,
                         ::testing::Values(Case{paged_size_min, Verify::full, 2},
                                           Case{paged_size_min + 100, Verify::full, 1},
                                           Case{3 * paged_size_min + 5000, Verify::full, 2},
                                           Case{3 * paged_size_min + 5000, Verify::written, 2}),
                         [](const auto& one) {
                           return std::to_string(one.param.size) + "_lanes_" + std::to_string(one.param.lanes) +
                                  (one.param.verify == Verify::full ? "_full" : "_written");
                         });

TEST_P(PublishOnDisk, MovesOnlyChangedPages) {
  const auto published = publish_changed_pages();
  ASSERT_OK(published);
  EXPECT_EQ(hive_now(), hive_);
  EXPECT_LE(published.value().bytes.written, 2 * PageDigests::page_size);
  EXPECT_EQ(published.value().bytes.verified,
            GetParam().verify == Verify::full ? hive_.size() : published.value().bytes.written);
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_P(PublishOnDisk, RotInTheOldFileDoesNotGetIntoTheNewOne) {
  verify_ = Verify::full;
  const Entry before = *target_->stat(at("NTUSER.DAT")).value();
  {
    boost::filesystem::fstream file(folder_.path() / "NTUSER.DAT", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100'000);
    file.put('?');
  }
  timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                       {.tv_sec = before.modified.unix_seconds(), .tv_nsec = before.modified.unix_nanoseconds()}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder_.path() / "NTUSER.DAT").c_str(), times, 0), 0);
  ASSERT_OK(publish_changed_pages());
  EXPECT_EQ(hive_now(), hive_);
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("it is written whole")));
}

}  // namespace
}  // namespace roamsync
