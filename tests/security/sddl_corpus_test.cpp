// What Windows made of SDDL, how it spells it, and descriptors as they stand in real hives.
#include <roamsync/security_sddl.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/bytes_of_hex.hpp"
#include "support/corpus.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using testing::bytes_of_hex;
using testing::corpus_table;
using testing::hex_of_bytes;

// The domain of the machine that made the tables.
const Sid domain = Sid::parse("S-1-5-21-2457507606-2709100691-398136650").value();

class SddlCorpus : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::has_corpus()) GTEST_SKIP() << "the corpus is not there";
  }
};

TEST_F(SddlCorpus, TextMakesTheBytesThatWindowsMade) {
  std::size_t compared = 0;
  for (const auto& row : corpus_table("sddl/windows_sd.tsv")) {
    SCOPED_TRACE(row[0]);
    const auto descriptor = parse_sddl(row[0], domain);
    ASSERT_OK(descriptor);
    ASSERT_EQ(hex_of_bytes(descriptor.value().bytes()), row[1]);
    ++compared;
  }
  EXPECT_GE(compared, 5000U);
}

TEST_F(SddlCorpus, BytesThatWindowsMadeAreReadAndWrittenBackTheSame) {
  for (const auto& row : corpus_table("sddl/windows_sd.tsv")) {
    SCOPED_TRACE(row[1]);
    const auto descriptor = SecurityDescriptor::parse(bytes_of_hex(row[1]));
    ASSERT_OK(descriptor);
    ASSERT_EQ(hex_of_bytes(descriptor.value().bytes()), row[1]);
  }
}

// The first column of these sets is text that Windows printed.
TEST_F(SddlCorpus, BytesThatWindowsMadeAreSpelledAsWindowsSpellsThem) {
  for (const auto& row : corpus_table("sddl/windows_sd.tsv")) {
    if (row[4] == "conditional_aces") continue;  // these are as somebody typed them
    ASSERT_EQ(print_sddl(SecurityDescriptor::parse(bytes_of_hex(row[1])).value(), domain), row[0]);
  }
}

TEST_F(SddlCorpus, PrintedTextIsReadBackToTheSameBytes) {
  for (const auto& row : corpus_table("sddl/windows_sd.tsv")) {
    const auto descriptor = SecurityDescriptor::parse(bytes_of_hex(row[1])).value();
    for (const std::optional<Sid>& given : {std::optional<Sid>(domain), std::optional<Sid>()}) {
      const std::string text = print_sddl(descriptor, given);
      SCOPED_TRACE(text);
      const auto again = parse_sddl(text, given);
      ASSERT_OK(again);
      ASSERT_EQ(print_sddl(again.value(), given), text);
    }
  }
}

TEST_F(SddlCorpus, SpellingIsWindowsOwn) {
  std::size_t refused = 0;
  for (const auto& row : corpus_table("sddl/text_forms.tsv")) {
    SCOPED_TRACE(row[0] + ": " + row[1]);
    const auto descriptor = parse_sddl(row[1], domain);
    if (row[0] == "must-fail" || row[0] == "windows-refuses-samba-takes") {
      EXPECT_FAILS(descriptor, Errc::bad_descriptor);
      ++refused;
      continue;
    }
    ASSERT_OK(descriptor);
    EXPECT_EQ(print_sddl(descriptor.value(), domain), row[2]);
    EXPECT_EQ(print_sddl(parse_sddl(row[2], domain).value(), domain), row[2]);
  }
  EXPECT_EQ(refused, 32U);
}

TEST_F(SddlCorpus, DescriptorsOfRealHivesAreWrittenBackByteForByte) {
  for (const char* table : {"sddl/hive_sd.tsv", "sddl/share_sd.tsv"}) {
    for (const auto& row : corpus_table(table)) {
      const std::string& hex = row[std::string_view(table) == "sddl/hive_sd.tsv" ? 0 : 1];
      SCOPED_TRACE(hex);
      EXPECT_FALSE(check_descriptor(bytes_of_hex(hex)).has_value());
      const auto descriptor = SecurityDescriptor::parse(bytes_of_hex(hex));
      ASSERT_OK(descriptor);
      EXPECT_EQ(hex_of_bytes(descriptor.value().bytes()), hex);
    }
  }
}

// Samba spells rights in an order of its own, so what its text means is compared.
TEST_F(SddlCorpus, SambasTextOfRealDescriptorsMeansTheSame) {
  std::size_t compared = 0;
  for (const auto& row : corpus_table("sddl/hive_sd.tsv")) {
    if (row[1] == "-") continue;
    SCOPED_TRACE(row[1]);
    const auto stored = SecurityDescriptor::parse(bytes_of_hex(row[0])).value();
    const auto text = parse_sddl(row[1]);
    ASSERT_OK(text);
    EXPECT_EQ(print_sddl(stored), print_sddl(text.value()));
    ++compared;
  }
  EXPECT_GE(compared, 500U);
}

}  // namespace
}  // namespace roamsync
