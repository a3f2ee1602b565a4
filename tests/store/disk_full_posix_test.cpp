// A disk that is full, for real: a tmpfs of one megabyte.
#include "store/disk_store_posix.hpp"

#include "support/result_matchers.hpp"
#include "support/small_disk_posix.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>

namespace roamsync::posix {
namespace {

template <class R>
std::string code_of(const R& result) {
  if (result) return "ok";
  return result.error().code() == std::errc::no_space_on_device ? "full" : result.error().message();
}

TEST(DiskFull, ShowsAtReserveBeforeTheFirstByte) {
  const testing::TemporaryFolder folder;
  const auto found = testing::on_small_disk(folder.path(), [](Store& store) {
    const auto writer = store.create(ProfilePath::literal("file")).value();
    std::string text = code_of(writer->reserve(8 << 20)) + ' ';
    text += code_of(writer->reserve(256 << 10)) + ' ';
    return text + std::to_string(store.space().value().available);
  });
  if (!found) GTEST_SKIP() << "no mount namespaces for this user";
  EXPECT_EQ(*found, "full ok " + std::to_string(768 << 10));
}

TEST(DiskFull, ShowsAtWriteAndDuplicateLeavesNothing) {
  const testing::TemporaryFolder folder;
  const auto found = testing::on_small_disk(folder.path(), [](Store& store) {
    const std::vector<std::byte> bytes(700 << 10, std::byte{1});
    std::string text;
    {
      const auto writer = store.create(ProfilePath::literal("file")).value();
      text += code_of(writer->write(0, bytes)) + ' ';
      text += code_of(writer->write(bytes.size(), bytes)) + ' ';
      text += code_of(writer->resize(bytes.size())) + ' ';
      text += code_of(writer->finish({})) + ' ';
    }
    text += code_of(store.duplicate(ProfilePath::literal("file"), ProfilePath::literal("copy"))) + ' ';
    return text + std::to_string(store.list({}).value().entries.size());
  });
  if (!found) GTEST_SKIP() << "no mount namespaces for this user";
  EXPECT_EQ(*found, "ok full ok ok full 1");
}

}  // namespace
}  // namespace roamsync::posix
