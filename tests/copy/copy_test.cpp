#include "copy/copy.hpp"

#include "copy/fake_files.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace roamsync {

inline bool operator==(const Extent& left, const Extent& right) {
  return left.offset == right.offset && left.size == right.size;
}
inline void PrintTo(const Extent& extent, std::ostream* out) { *out << extent.offset << '+' << extent.size; }

}  // namespace roamsync

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;
constexpr std::size_t page = PageDigests::page_size;

Copied copied_of(FakeReader& source, FakeWriter& target, const CopyOptions& options = {}) {
  CopyBuffer buffer;
  auto copied = copy_file(source, target, buffer, options);
  EXPECT_OK(copied);
  return copied ? copied.value() : Copied{};
}

/// The target has what the source had, and `copied` tells the truth about it.
void expect_whole(const Copied& copied, const Bytes& source, const FakeWriter& target) {
  EXPECT_EQ(copied.size, source.size());
  EXPECT_EQ(copied.digest, digest_of(source));
  EXPECT_TRUE(target.bytes == source) << "the target's bytes differ";
  if (source.size() < paged_size_min) {
    EXPECT_EQ(copied.pages, nullptr);
  } else {
    ASSERT_NE(copied.pages, nullptr);
    EXPECT_TRUE(*copied.pages == page_digests_of(source));
  }
}

TEST(CopyFile, ASmallFileIsOneReadAndOneWriteAndNothingElse) {
  FakeReader source(noise(5 * kib));
  FakeWriter target;
  const Copied copied = copied_of(source, target);
  expect_whole(copied, source.bytes, target);
  EXPECT_EQ(source.reads, 1);
  EXPECT_EQ(source.extent_calls, 0);
  EXPECT_THAT(target.writes, ElementsAre(Extent{0, 5 * kib}));
  EXPECT_EQ(target.other_calls, 0);
}

TEST(CopyFile, AnEmptyFileIsNotWritten) {
  FakeReader source({});
  FakeWriter target;
  const Copied copied = copied_of(source, target);
  expect_whole(copied, {}, target);
  EXPECT_THAT(target.writes, IsEmpty());
  EXPECT_EQ(target.other_calls, 0);
}

TEST(CopyFile, EveryByteIsReadOnceWhateverTheSize) {
  for (const std::size_t size :
       {std::size_t{1}, page - 1, page, page + 1, 64 * kib - 1, 64 * kib, 64 * kib + 1, CopyBuffer::block_size - 1,
        CopyBuffer::block_size, CopyBuffer::block_size + 1, mib - 1, mib, mib + 1, 3 * mib + 123}) {
    SCOPED_TRACE(size);
    FakeReader source(noise(size));
    FakeWriter target;
    const Copied copied = copied_of(source, target);
    expect_whole(copied, source.bytes, target);
    EXPECT_EQ(source.bytes_read, size);
    EXPECT_EQ(copied.read, size);
    EXPECT_EQ(copied.written, size);
    EXPECT_EQ(target.resizes, 0);
  }
}

TEST(CopyFile, RoomForALargeFileIsReservedBeforeItsFirstByte) {
  FakeReader source(noise(2 * mib));
  FakeWriter target;
  source.before_read = [&](int) { EXPECT_EQ(target.reserved, 2 * mib); };
  copied_of(source, target);
}

TEST(CopyFile, HolesAreNeitherReadNorWritten) {
  Bytes bytes(5 * mib);
  const Bytes data = noise(mib);
  std::copy(data.begin(), data.end(), bytes.begin() + mib);
  std::copy(data.begin(), data.end(), bytes.begin() + 3 * mib);
  FakeReader source(bytes);
  source.runs = {{.offset = mib, .size = mib}, {.offset = 3 * mib, .size = mib}};
  FakeWriter target;
  std::uint64_t passed = 0;
  const Copied copied = copied_of(source, target, {.on_block = [&](std::uint64_t size) { passed += size; }});
  expect_whole(copied, bytes, target);
  EXPECT_EQ(source.bytes_read, 2 * mib);
  EXPECT_EQ(copied.written, 2 * mib);
  EXPECT_EQ(passed, 5 * mib) << "progress counts the holes";
  EXPECT_FALSE(target.reserved.has_value()) << "reserving would fill the holes";
  for (const Extent& write : target.writes) {
    EXPECT_TRUE((write.offset >= mib && write.offset + write.size <= 2 * mib) || write.offset >= 3 * mib);
  }
}

TEST(CopyFile, AFileThatIsOneHoleIsOnlyResized) {
  FakeReader source(Bytes(2 * mib + 5));
  source.runs.emplace();
  FakeWriter target;
  const Copied copied = copied_of(source, target);
  expect_whole(copied, source.bytes, target);
  EXPECT_THAT(target.writes, IsEmpty());
  EXPECT_EQ(target.resizes, 1);
}

TEST(CopyFile, RunsOffThePageBordersAreCopiedWhole) {
  Bytes bytes(mib + 77);
  const Bytes data = noise(3000);
  std::copy(data.begin(), data.end(), bytes.begin() + 5000);
  std::copy(data.begin(), data.end(), bytes.begin() + 9000);
  FakeReader source(bytes);
  source.runs = {{.offset = 5000, .size = 3000}, {.offset = 9000, .size = 3000}};
  FakeWriter target;
  expect_whole(copied_of(source, target), bytes, target);
}

TEST(CopyFile, AFileThatGrowsIsCopiedToTheEndThatIsFound) {
  for (const std::size_t size : {std::size_t{100}, page, 100 * kib, mib, 2 * mib + 1}) {
    for (const std::size_t more : {std::size_t{1}, page, 3 * mib}) {
      SCOPED_TRACE(::testing::Message() << size << " and " << more);
      FakeReader source(noise(size));
      source.before_read = [&](int reads) {
        if (reads == 0) source.bytes = noise(size + more);
      };
      FakeWriter target;
      expect_whole(copied_of(source, target), noise(size + more), target);
    }
  }
}

TEST(CopyFile, AFileThatShrinksIsCopiedToTheEndThatIsFound) {
  FakeReader source(noise(3 * mib));
  source.before_read = [&](int reads) {
    if (reads == 1) source.bytes.resize(CopyBuffer::block_size + 10);
  };
  FakeWriter target;
  expect_whole(copied_of(source, target), source.bytes, target);
}

TEST(CopyFile, AFileCutInAHoleEndsThere) {
  Bytes bytes(3 * mib);
  const Bytes data = noise(mib);
  std::copy(data.begin(), data.end(), bytes.begin());
  std::copy(data.begin(), data.end(), bytes.begin() + 2 * mib);
  for (const std::size_t end : {mib, mib + 1, 2 * mib - 1, 2 * mib}) {
    SCOPED_TRACE(end);
    FakeReader source(bytes);
    source.runs = {{.offset = 0, .size = mib}, {.offset = 2 * mib, .size = mib}};
    source.before_read = [&](int) {
      if (source.bytes_read == mib) source.bytes.resize(end);
    };
    FakeWriter target;
    expect_whole(copied_of(source, target), Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end)),
                 target);
  }
}

TEST(CopyFile, BytesAppendedBehindALastHoleAreCopied) {
  Bytes bytes(2 * mib);
  const Bytes data = noise(mib);
  std::copy(data.begin(), data.end(), bytes.begin());
  FakeReader source(bytes);
  source.runs = {{.offset = 0, .size = mib}};
  source.before_read = [&](int reads) {
    if (reads == 0) source.bytes.insert(source.bytes.end(), data.begin(), data.end());
  };
  FakeWriter target;
  expect_whole(copied_of(source, target), source.bytes, target);
}

TEST(CopyFile, ACloneIsReadForItsDigestAndNotWritten) {
  FakeReader source(noise(2 * mib + 9));
  FakeWriter target;
  target.can_clone = true;
  const Copied copied = copied_of(source, target);
  expect_whole(copied, source.bytes, target);
  EXPECT_EQ(copied.written, 0U);
  EXPECT_THAT(target.writes, IsEmpty());
  EXPECT_EQ(source.bytes_read, source.bytes.size());
}

TEST(CopyFile, ACloneOfAFileWrittenMeanwhileIsCopiedAfterAll) {
  FakeReader source(noise(2 * mib));
  source.before_read = [&](int reads) {
    if (reads != 1) return;
    source.written_meanwhile = true;
    source.bytes = noise(mib + 5, 99);
  };
  FakeWriter target;
  target.can_clone = true;
  expect_whole(copied_of(source, target), noise(mib + 5, 99), target);
}

TEST(CopyFile, OnlyChangedPagesAreWrittenOntoADuplicate) {
  const Bytes old = noise(4 * mib);
  Bytes changed = old;
  changed[0] ^= std::byte{1};
  changed[page] ^= std::byte{1};  // the neighbour: one write with page 0
  changed[10 * page + 17] ^= std::byte{1};
  const std::size_t border = CopyBuffer::block_size;  // pages on both sides of it: two writes, one extent
  changed[border - 1] ^= std::byte{1};
  changed[border] ^= std::byte{1};
  changed.back() ^= std::byte{1};

  const PageDigests pages = page_digests_of(old);
  FakeReader source(changed);
  FakeWriter target(old);
  const Copied copied = copied_of(source, target, {.pages_of_target = &pages});
  expect_whole(copied, changed, target);
  EXPECT_EQ(copied.written, 6 * page);
  EXPECT_THAT(copied.written_extents, ElementsAre(Extent{0, 2 * page}, Extent{10 * page, page},
                                                  Extent{border - page, 2 * page}, Extent{4 * mib - page, page}));
  EXPECT_EQ(target.writes.size(), 5U);
  EXPECT_EQ(target.other_calls, 0);
}

TEST(CopyFile, AnUnchangedFileIsNotWrittenOntoItsDuplicate) {
  const Bytes old = noise(2 * mib + 100);
  const PageDigests pages = page_digests_of(old);
  FakeReader source(old);
  FakeWriter target(old);
  const Copied copied = copied_of(source, target, {.pages_of_target = &pages});
  expect_whole(copied, old, target);
  EXPECT_EQ(copied.written, 0U);
  EXPECT_THAT(copied.written_extents, IsEmpty());
}

TEST(CopyFile, ADuplicateOfAnotherSizeGetsTheNewSize) {
  for (const std::size_t before : {std::size_t{0}, mib + 5, 2 * mib, 2 * mib + 100}) {
    for (const std::size_t after : {std::size_t{0}, std::size_t{1}, mib, mib + 4, mib + 6, 2 * mib, 3 * mib}) {
      SCOPED_TRACE(::testing::Message() << before << " to " << after);
      const Bytes old = noise(before);
      const PageDigests pages = page_digests_of(old);
      FakeReader source(noise(after));
      FakeWriter target(old);
      const Copied copied = copied_of(source, target, {.pages_of_target = &pages});
      expect_whole(copied, source.bytes, target);
      EXPECT_EQ(target.resizes, after < before ? 1 : 0);
    }
  }
}

TEST(CopyFile, AHoleOverOldPagesIsWrittenAndAHoleBehindThemIsNot) {
  const Bytes old = noise(mib);
  const PageDigests pages = page_digests_of(old);
  Bytes bytes(4 * mib);
  std::copy(old.begin(), old.begin() + 512 * kib, bytes.begin());
  FakeReader source(bytes);
  source.runs = {{.offset = 0, .size = 512 * kib}};
  FakeWriter target(old);
  const Copied copied = copied_of(source, target, {.pages_of_target = &pages});
  expect_whole(copied, bytes, target);
  EXPECT_EQ(copied.written, 512 * kib);
  EXPECT_THAT(copied.written_extents, ElementsAre(Extent{512 * kib, 512 * kib}));
}

TEST(CopyFile, RandomEditsOfADuplicateAlwaysGiveTheNewFile) {
  std::mt19937 random(20);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    const Bytes old = noise(random() % (2 * mib), 5);
    const PageDigests pages = page_digests_of(old);
    Bytes bytes = old;
    bytes.resize(round % 3 == 0 ? random() % (3 * mib) : old.size());
    std::vector<Extent> runs;
    for (std::size_t offset = 0; offset < bytes.size();) {
      const std::size_t size = std::min<std::size_t>(bytes.size() - offset, 1 + random() % (300 * kib));
      const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(offset);
      switch (random() % 3) {
        case 0: std::fill_n(begin, size, std::byte{0}); break;
        case 1: bytes[offset] ^= std::byte{1}; [[fallthrough]];
        default: runs.push_back({.offset = offset, .size = size});
      }
      offset += size;
    }
    FakeReader source(bytes);
    source.runs = runs;
    FakeWriter onto_duplicate(old);
    expect_whole(copied_of(source, onto_duplicate, {.pages_of_target = &pages}), bytes, onto_duplicate);
    FakeWriter fresh;
    expect_whole(copied_of(source, fresh), bytes, fresh);
  }
}

TEST(CopyFile, StopsBetweenBlocks) {
  std::stop_source stop;
  FakeReader source(noise(5 * mib));
  FakeWriter target;
  CopyBuffer buffer;
  const CopyOptions options = {.on_block = [&](std::uint64_t) { stop.request_stop(); }, .stop = stop.get_token()};
  EXPECT_FAILS(copy_file(source, target, buffer, options), Errc::cancelled);
  EXPECT_EQ(source.reads, 1);
}

TEST(CopyFile, AReadThatFailsNamesStepSourceAndCause) {
  FakeReader source(noise(100));
  source.read_error = Error(std::make_error_code(std::errc::io_error), {.path = "/profiles/alice/Desktop/a.txt"});
  FakeWriter target;
  CopyBuffer buffer;
  const auto copied = copy_file(source, target, buffer, {});
  ASSERT_FAILS(copied, std::errc::io_error);
  EXPECT_EQ(copied.error().context().step, "copy");
  EXPECT_EQ(copied.error().context().path, "/profiles/alice/Desktop/a.txt");
}

TEST(CopyFile, AWriteThatFailsNamesTargetAndSource) {
  FakeReader source(noise(100));
  FakeWriter target;
  target.write_error = Error(Errc::no_space, {.path = "/srv/alice/Desktop/a.txt.1.roamsync.tmp"});
  CopyBuffer buffer;
  const auto copied = copy_file(source, target, buffer, {});
  ASSERT_FAILS(copied, Errc::no_space);
  EXPECT_EQ(copied.error().context().path, "/srv/alice/Desktop/a.txt.1.roamsync.tmp");
  EXPECT_THAT(copied.error().message(), HasSubstr("100 bytes of Desktop/a.txt"));
}

TEST(CopyBytes, WritesWhatItIsGiven) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, 100 * kib, 2 * mib + 3}) {
    SCOPED_TRACE(size);
    const Bytes bytes = noise(size);
    FakeWriter target;
    CopyBuffer buffer;
    const auto copied = copy_bytes(bytes, target, buffer, {});
    ASSERT_OK(copied);
    expect_whole(copied.value(), bytes, target);
  }
}

TEST(CopyBytes, WritesOnlyChangedPagesOntoADuplicate) {
  const Bytes old = noise(3 * mib);
  Bytes bytes = old;
  bytes[2 * mib] ^= std::byte{1};
  const PageDigests pages = page_digests_of(old);
  FakeWriter target(old);
  CopyBuffer buffer;
  const CopyOptions options{.pages_of_target = &pages};
  const auto copied = write_changed_pages(bytes, digest_bytes(bytes, buffer, options).value(), target, options);
  ASSERT_OK(copied);
  expect_whole(copied.value(), bytes, target);
  EXPECT_THAT(target.writes, ElementsAre(Extent{2 * mib, page}));
}

TEST(CopyBytes, RandomEditsOfADuplicateAlwaysGiveTheNewFile) {
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    const Bytes old = noise(mib + random() % (3 * mib));
    Bytes bytes = old;
    bytes.resize(mib + random() % (3 * mib), std::byte{7});
    for (int edit = 0; edit < 5; ++edit) bytes[random() % bytes.size()] ^= std::byte{1};
    const PageDigests pages = page_digests_of(old);
    FakeWriter target(old);
    CopyBuffer buffer;
    const CopyOptions options{.pages_of_target = &pages};
    auto digested = digest_bytes(bytes, buffer, options);
    ASSERT_OK(digested);
    EXPECT_EQ(digested.value().written, 0U);
    const auto copied = write_changed_pages(bytes, std::move(digested).value(), target, options);
    ASSERT_OK(copied);
    expect_whole(copied.value(), bytes, target);
    std::uint64_t told = 0;
    for (const Extent& extent : copied.value().written_extents) told += extent.size;
    EXPECT_EQ(copied.value().written, told);
  }
}

TEST(CopyBytes, WritingChangedPagesStopsBetweenBlocks) {
  const Bytes bytes = noise(3 * mib);
  const PageDigests pages = page_digests_of(Bytes(3 * mib));
  FakeWriter target(Bytes(3 * mib));
  CopyBuffer buffer;
  auto digested = digest_bytes(bytes, buffer, {.pages_of_target = &pages});
  ASSERT_OK(digested);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FAILS(write_changed_pages(bytes, std::move(digested).value(), target,
                                   {.pages_of_target = &pages, .stop = stop.get_token()}),
               Errc::cancelled);
  EXPECT_THAT(target.writes, IsEmpty());
}

TEST(DigestFile, ReadsAllOnceAndTellsProgress) {
  CopyBuffer buffer;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, page, mib, 2 * mib + 3}) {
    SCOPED_TRACE(size);
    FakeReader file(noise(size));
    std::uint64_t passed = 0;
    const auto digest = digest_file(file, buffer, [&](std::uint64_t bytes) { passed += bytes; });
    ASSERT_OK(digest);
    EXPECT_EQ(digest.value(), digest_of(file.bytes));
    EXPECT_EQ(passed, size);
    EXPECT_EQ(file.bytes_read, size);
  }
}

TEST(DigestFile, StopsBetweenBlocks) {
  std::stop_source stop;
  CopyBuffer buffer;
  FakeReader file(noise(3 * mib));
  EXPECT_FAILS(digest_file(
                   file, buffer, [&](std::uint64_t) { stop.request_stop(); }, stop.get_token()),
               Errc::cancelled);
  EXPECT_EQ(file.reads, 1);
}

}  // namespace
}  // namespace roamsync::testing
