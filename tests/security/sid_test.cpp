#include <roamsync/security_sid.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/bytes_of_hex.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using testing::bytes_of_hex;
using testing::hex_of_bytes;

TEST(Sid, TextAndBytesOfAnAccountAgree) {
  const Sid sid = Sid::parse("S-1-5-21-2457507606-2709100691-398136650-1105").value();
  EXPECT_EQ(hex_of_bytes(sid.bytes()), "01050000000000051500000016977a92939879a14a15bb1751040000");
  EXPECT_EQ(Sid::read(sid.bytes()), sid);
  EXPECT_EQ(sid.text(), "S-1-5-21-2457507606-2709100691-398136650-1105");
  EXPECT_EQ(sid.rid(), 1105U);
  EXPECT_TRUE(sid.is_domain_account());
  EXPECT_EQ(sid.domain().text(), "S-1-5-21-2457507606-2709100691-398136650");
  EXPECT_EQ(sid.domain().account(1105), sid);
}

TEST(Sid, WellKnownOnesAreWhatTheirTextSays) {
  EXPECT_EQ(sids::everyone.text(), "S-1-1-0");
  EXPECT_EQ(sids::administrators.text(), "S-1-5-32-544");
  EXPECT_EQ(sids::owner_rights.text(), "S-1-3-4");
  EXPECT_EQ(well_known_name(sids::administrators), "BUILTIN\\Administrators");
  EXPECT_EQ(well_known_name(Sid::parse("S-1-5-21-1-2-3-513").value()), "Domain Users");
  EXPECT_EQ(well_known_name(Sid::parse("S-1-5-21-1-2-3-1513").value()), "");
}

TEST(Sid, NumbersMayBeHexadecimalAndAnAuthorityAboveThirtyTwoBitsIs) {
  EXPECT_EQ(Sid::parse("S-1-5-21-0x1-0X2-0x3-513").value().text(), "S-1-5-21-1-2-3-513");
  EXPECT_EQ(Sid::parse("S-1-5000000000-30-40").value().text(), "S-1-0x12A05F200-30-40");
  EXPECT_EQ(Sid::parse("S-1-0x12A05F200-30-40").value().authority(), 5000000000U);
  EXPECT_EQ(Sid::parse("S-0x1-20-0-579").value().text(), "S-1-32-0-1401");
}

TEST(Sid, TooLargeANumberBecomesTheLargestAsOnWindows) {
  EXPECT_EQ(Sid::parse("S-1-3-99999999999999999999999-4").value().text(), "S-1-3-4294967295-4");
}

// Nobody has one, and bytes can say so all the same.
TEST(Sid, OneWithoutNumbersIsReadBack) { EXPECT_EQ(Sid::parse("S-1-5").value().text(), "S-1-5"); }

TEST(Sid, TextThatIsNoSidIsRefused) {
  for (const char* text : {"", "S", "S-", "S-1", "S-1-", "S-1-5-", "S-0", "S-2-5-1", "S-0x1", "S-0x1-", "1-5-18",
                           "S-1-5-18-", "S-1-5-18 ", "S-1-5--18", "S-1-0x1313131313131-513", "S-1-281474976710656-1",
                           "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", "S-1-5-x"}) {
    SCOPED_TRACE(text);
    EXPECT_FAILS(Sid::parse(text), Errc::bad_descriptor);
  }
}

TEST(Sid, BytesThatEndEarlyOrSayTooMuchAreRefused) {
  const auto whole = bytes_of_hex("010200000000000520000000200200");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    EXPECT_EQ(Sid::read(std::span(whole).first(size)), std::nullopt) << size;
  }
  EXPECT_EQ(Sid::read(bytes_of_hex("0201000000000005"
                                   "12000000")),
            std::nullopt);
  EXPECT_EQ(Sid::read(bytes_of_hex("0110000000000005" + std::string(128, '0'))), std::nullopt);
}

}  // namespace
}  // namespace roamsync
