#include "transaction/intent.hpp"

#include "support/change_set.hpp"
#include "support/result_matchers.hpp"

#include "base/record.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::at;
using testing::bytes_of;

Entry file_entry(std::string_view path, std::string_view text) {
  return {.path = at(path),
          .mode = 0644,
          .size = text.size(),
          .modified = FileTime{1234},
          .id = 7,
          .digest = digest_of(bytes_of(text))};
}

Intent sample() {
  Intent intent{.transaction = "t1",
                .head = StagedRecord{.name = "head",
                                     .temporary = "head.t1.roamsync.tmp",
                                     .size = 12,
                                     .digest = digest_of(bytes_of("generation 2"))}};
  intent.units.push_back(
      {.entry = {.path = at("New"), .kind = EntryKind::directory, .mode = 0755, .id = 9},
       .temporary = at("New.t1.roamsync.tmp"),
       .members = {{.path = at("New/Sub"), .kind = EntryKind::directory}, file_entry("New/Sub/c.txt", "new c")}});
  intent.units.push_back({.entry = file_entry("Desktop/a.txt", "new a"),
                          .temporary = at("Desktop/a.txt.t1.roamsync.tmp"),
                          .aside = at("Desktop/a.txt.t1.old.roamsync.tmp"),
                          .replaces = Entry{.path = at("Desktop/A.TXT"), .kind = EntryKind::directory, .id = 3}});
  intent.units.push_back({.entry = file_entry("NTUSER.DAT", "new hive"),
                          .temporary = at("NTUSER.DAT.tmp"),
                          .replaces = file_entry("NTUSER.DAT", "old hive"),
                          .last = true});
  intent.removals = {file_entry("Gone/x.txt", "old x"), {.path = at("Gone"), .kind = EntryKind::directory}};
  intent.refits = {{.path = at("Desktop"), .extended = {{"user.a", "one"}, {"user.b", std::string("\0\1", 2)}}},
                   {.path = at("Desktop/Sub")}};
  return intent;
}

// Frames a payload as an intent of this version.
std::vector<std::byte> framed(std::span<const std::byte> payload) {
  return frame_record({.magic = "RSINTENT", .version = 1, .name = "intent record"},
                      std::vector<std::byte>(payload.begin(), payload.end()));
}

std::span<const std::byte> payload_of(std::span<const std::byte> record) { return record.subspan(40); }

TEST(Intent, IsReadAsItWasWritten) {
  for (const Intent& intent : {sample(), Intent{.transaction = "empty"}}) {
    const auto read = decode_intent(encode_intent(intent), "intent");
    ASSERT_OK(read);
    EXPECT_EQ(read.value(), intent);
  }
}

TEST(Intent, FindsWhereAMemberIsStaged) {
  const Unit folder = sample().units[0];
  EXPECT_EQ(folder.staged_path(at("New")), at("New.t1.roamsync.tmp"));
  EXPECT_EQ(folder.staged_path(at("New/Sub/c.txt")), at("New.t1.roamsync.tmp/Sub/c.txt"));
}

TEST(Intent, NoChangedByteIsTrusted) {
  const auto good = encode_intent(sample());
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= std::byte{0x10};
    EXPECT_FAILS(decode_intent(bad, "intent"), Errc::record_damaged) << "byte " << i;
  }
}

TEST(Intent, NoTornRecordIsTrusted) {
  const auto good = encode_intent(sample());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FAILS(decode_intent(std::span(good).first(size), "intent"), Errc::record_damaged);
  }
}

TEST(Intent, ALaterVersionIsNotTakenForDamaged) {
  const auto good = encode_intent(sample());
  const auto payload = payload_of(good);
  const auto later = frame_record({.magic = "RSINTENT", .version = 2, .name = "intent record"},
                                  std::vector<std::byte>(payload.begin(), payload.end()));
  EXPECT_FAILS(decode_intent(later, "intent"), Errc::record_too_new);
}

// A right checksum proves who wrote it, not what: a payload cut or grown anywhere is refused without reading past it.
TEST(Intent, APayloadThatIsCutAnywhereIsRefused) {
  const auto good = encode_intent(sample());
  const std::vector<std::byte> payload(payload_of(good).begin(), payload_of(good).end());
  for (std::size_t size = 0; size < payload.size(); ++size) {
    EXPECT_FAILS(decode_intent(framed(std::span(payload).first(size)), "intent"), Errc::record_damaged);
  }
  auto grown = payload;
  grown.push_back(std::byte{0});
  EXPECT_FAILS(decode_intent(framed(grown), "intent"), Errc::record_damaged);
}

TEST(Intent, NamesNothingOutsideTheFolderOfItsTarget) {
  Intent intent = sample();
  const auto refused = [&](const Intent& one) {
    EXPECT_FAILS(decode_intent(encode_intent(one), "intent"), Errc::record_damaged);
  };
  intent.head->temporary = "../head";
  refused(intent);
  intent = sample();
  intent.head->name = "intent";
  refused(intent);
  intent = sample();
  intent.units[0].members[0].path = at("Elsewhere");
  refused(intent);
  intent = sample();
  intent.units[2].temporary = at("NTUSER.DAT");  // a rename onto itself
  refused(intent);
  intent = sample();
  intent.units[2].entry.digest.reset();
  refused(intent);
  intent = sample();
  std::swap(intent.units[0].members[0], intent.units[0].members[1]);
  refused(intent);
}

}  // namespace
}  // namespace roamsync
