#include "base/record.hpp"

#include "support/result_matchers.hpp"

#include <gtest/gtest.h>

namespace roamsync {
namespace {

constexpr RecordKind kind{.magic = "RSTEST\r\n", .version = 3, .name = "test record"};

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

Tree sample_tree() {
  std::vector<Entry> entries;
  const auto add = [&](const char* path, EntryKind what, std::uint64_t size) {
    entries.push_back({.path = ProfilePath::literal(path),
                       .kind = what,
                       .mode = 0640,
                       .size = size,
                       .modified = {static_cast<std::int64_t>(size) + 7},
                       .id = size * 3,
                       .access_mark = size % 2 == 0 ? access_mark_unknown : access_mark_of(path)});
  };
  add("Desktop", EntryKind::directory, 0);
  add("Desktop/Äpfel.txt", EntryKind::file, 123'456'789'012);
  add("Desktop/Äste.txt", EntryKind::file, 1);
  add("NTUSER.DAT", EntryKind::file, 262'144);
  entries.back().digest = Digest{.low = 1, .high = UINT64_MAX};
  return Tree(std::move(entries));
}

TEST(Record, PayloadComesBack) {
  const auto record = frame_record(kind, bytes_of("payload"));
  const auto payload = open_record(kind, record, "here");
  ASSERT_OK(payload);
  EXPECT_EQ(std::vector<std::byte>(payload.value().begin(), payload.value().end()), bytes_of("payload"));
}

TEST(Record, EveryFlippedBitAndEveryCutIsTold) {
  const auto record = frame_record(kind, bytes_of("payload"));
  for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
    auto damaged = record;
    damaged[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_FAILS(open_record(kind, damaged, "here"), Errc::record_damaged) << "bit " << bit;
  }
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_FAILS(open_record(kind, std::span(record).first(size), "here"), Errc::record_damaged) << "cut at " << size;
  }
}

TEST(Record, LaterVersionIsNotCalledDamage) {
  const RecordKind later{.magic = kind.magic, .version = 4, .name = kind.name};
  const auto record = frame_record(later, bytes_of("x"));
  EXPECT_FAILS(open_record(kind, record, "here"), Errc::record_too_new);
}

TEST(Record, TreeComesBack) {
  const Tree tree = sample_tree();
  ByteWriter out;
  put_tree(out, tree);
  const auto bytes = out.take();
  ByteReader in(bytes);
  const auto back = take_tree(in);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, tree);
  EXPECT_EQ(in.left(), 0U);
}

TEST(Record, TreeThatIsCutIsNoTree) {
  ByteWriter out;
  put_tree(out, sample_tree());
  const auto bytes = out.take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in(ByteView(bytes).part(0, size)->bytes());
    EXPECT_FALSE(take_tree(in)) << size;
  }
}

TEST(Record, TreeWithAPathOutOfTheProfileIsNoTree) {
  ByteWriter out;
  out.put_varint(1);
  out.put(std::uint8_t{0});
  out.put_varint(0);
  out.put_text("../../etc/passwd");
  out.put_varint(0);
  out.put_varint(0);
  put_time(out, {});
  out.put_varint(0);
  const auto bytes = out.take();
  ByteReader in(bytes);
  EXPECT_FALSE(take_tree(in));
}

TEST(Record, TreeThatAnnouncesMoreThanItHoldsTakesNoMemory) {
  ByteWriter out;
  out.put_varint(UINT64_MAX);
  const auto bytes = out.take();
  ByteReader in(bytes);
  EXPECT_FALSE(take_tree(in));
}

}  // namespace
}  // namespace roamsync
