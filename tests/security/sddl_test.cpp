#include <roamsync/security_sddl.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/bytes_of_hex.hpp"
#include "support/alice.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using testing::bytes_of_hex;
using testing::domain;
using testing::hex_of_bytes;

std::string respelled(std::string_view text, const std::optional<Sid>& of_domain = {}) {
  const auto descriptor = parse_sddl(text, of_domain);
  return descriptor ? print_sddl(descriptor.value(), of_domain) : "refused: " + descriptor.error().message();
}

TEST(Sddl, RightsAreSpelledAsAWholeAsLettersFromTheLowestBitOrAsANumber) {
  EXPECT_EQ(print_sddl_rights(access::file_all), "FA");
  EXPECT_EQ(print_sddl_rights(access::file_read), "FR");
  EXPECT_EQ(print_sddl_rights(key_mapping.all), "KA");
  EXPECT_EQ(print_sddl_rights(key_mapping.read), "KR");
  EXPECT_EQ(print_sddl_rights(access::share_change), "0x1301bf");
  EXPECT_EQ(print_sddl_rights(0xE00F0000), "SDRCWDWOGXGWGR");
  EXPECT_EQ(print_sddl_rights(0), "");
}

TEST(Sddl, AliasesOfADomainNeedTheDomain) {
  EXPECT_EQ(respelled("O:DAG:DU", domain), "O:DAG:DU");
  EXPECT_EQ(respelled("O:S-1-5-21-1-2-3-512", domain), "O:DA");
  EXPECT_EQ(respelled("O:S-1-5-21-1-2-4-512", domain), "O:S-1-5-21-1-2-4-512");
  EXPECT_EQ(respelled("O:S-1-5-21-1-2-3-512"), "O:S-1-5-21-1-2-3-512");
  EXPECT_FAILS(parse_sddl("O:DA"), Errc::bad_descriptor);
}

TEST(Sddl, EveryAliasAndEveryFlagIsReadBack) {
  std::size_t found = 0;
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = 'A'; second <= 'Z'; ++second) {
      const std::string alias{first, second};
      const auto sid = parse_sddl_sid(alias, domain);
      if (!sid) continue;
      EXPECT_EQ(print_sddl(sid.value(), domain), alias);
      ++found;
    }
  }
  EXPECT_EQ(found, 66U);
  for (unsigned flags = 0; flags <= 0xFF; ++flags) {
    Acl acl;
    ASSERT_OK(acl.add(Ace{.flags = static_cast<std::uint8_t>(flags), .mask = 1, .sid = sids::system}));
    SecurityDescriptor descriptor;
    descriptor.set_dacl(acl);
    EXPECT_EQ(parse_sddl(print_sddl(descriptor)).value(), descriptor) << flags;
  }
}

TEST(Sddl, NullDaclEmptyDaclAndNoDaclAreSpelledApart) {
  EXPECT_EQ(respelled("D:NO_ACCESS_CONTROL"), "D:NO_ACCESS_CONTROL");
  EXPECT_EQ(hex_of_bytes(parse_sddl("D:NO_ACCESS_CONTROL").value().bytes()),
            "0100048000000000000000000000000000000000");
  EXPECT_EQ(respelled("D:"), "D:");
  EXPECT_TRUE(parse_sddl("D:").value().dacl.has_value());
  EXPECT_EQ(respelled(""), "");
  EXPECT_EQ(respelled("D:PNO_ACCESS_CONTROL"), "D:PNO_ACCESS_CONTROL");
}

TEST(Sddl, TheLetterOfTheNextSectionIsNoDigit) {
  EXPECT_EQ(respelled("O:S-1-2-0x2D:(A;;GA;;;WD)"), "O:S-1-2-2D:(A;;GA;;;WD)");
}

TEST(Sddl, WhatHasNoLettersIsReadBackAllTheSame) {
  for (const char* text : {"D:(0x4;CI;;;;;#01020304)", "D:(0x4;;;;;;#)", "D:(0xc;OI;CC;;;SY;#61727478)",
                           "D:(0x77;;;;;;#deadbeef)", "S:(0xe;;GA;;;WD;#)", "D:(0x2;SA;GA;;;WD)", "S:(0x0;;GA;;;WD)"}) {
    EXPECT_EQ(respelled(text), text);
  }
}

TEST(Sddl, MandatoryLabelsHaveTheirOwnLetters) { EXPECT_EQ(respelled("S:(ML;;NXNWNR;;;HI)"), "S:(ML;;NWNRNX;;;HI)"); }

TEST(Sddl, TextThatBreaksTheFormIsRefusedWithItsPlace) {
  for (const char* text : {"X:",
                           "O:",
                           "D:(",
                           "D:(A;;GA;;;WD",
                           "D:(A;;GA;;;WD)x",
                           "D:(A;;GA;;;WD;)",
                           "D:O:BAO:BA",
                           "D:D:",
                           "S:S:",
                           "D:X",
                           "D:(A;XX;GA;;;WD)",
                           "D:(A;C;GA;;;WD)",
                           "D:(A;;G;;;WD)",
                           "D:(A;;0x;;;WD)",
                           "D:(A;;08;;;WD)",
                           "D:(AU;;GA;;;WD)",
                           "S:(A;;GA;;;WD)",
                           "D:(0x4;;;;;)",
                           "D:(0x4;;GA;;;;#00)",
                           "D:(0x100;;;;;;#00)",
                           "D:(XA;;GA;;;WD)",
                           "D:(A;;GA;;;WD;#00)",
                           "D:(0x4;;;;;;#0)",
                           "D:(0x4;;;;;;#0g)",
                           "D:NO_ACCESS_CONTROL(A;;GA;;;WD)",
                           "D:(A;;GA;f30e3bbe-9ff0-11d1-b603-0000f80367c1;;WD)",
                           ":",
                           "D"}) {
    SCOPED_TRACE(text);
    const auto descriptor = parse_sddl(text);
    ASSERT_FAILS(descriptor, Errc::bad_descriptor);
    EXPECT_NE(descriptor.error().context().expected, "");
  }
}

TEST(Sddl, AListTooLongForItsSizeFieldIsRefused) {
  std::string text = "D:";
  for (int i = 0; i < 4000; ++i) text += "(A;;GA;;;WD)";
  EXPECT_FAILS(parse_sddl(text), Errc::bad_descriptor);
}

}  // namespace
}  // namespace roamsync
