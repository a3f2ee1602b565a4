// Conditions and resource attributes as text; examples of [MS-DTYP] 2.4.4.17.9 and what Windows made of others.
#include <roamsync/security_sddl.hpp>

#include <gmock/gmock.h>

#include "security/bytes_of_hex.hpp"
#include "support/alice.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using testing::domain;
using ::testing::HasSubstr;
using testing::hex_of_bytes;

/// The condition's bytes, without the padding of its entry.
std::string tokens(const std::string& condition) {
  const auto descriptor = parse_sddl("D:(XA;;FX;;;WD;" + condition + ")", domain);
  if (!descriptor) return descriptor.error().message();
  const auto data = (*descriptor.value().dacl->begin()).data();
  return hex_of_bytes({data.begin(), data.end()});
}

/// As it is printed after it was read.
std::string again(const std::string& sddl) {
  const auto descriptor = parse_sddl(sddl, domain);
  return descriptor ? print_sddl(descriptor.value(), domain) : descriptor.error().message();
}

std::string condition_again(const std::string& condition) {
  const std::string text = again("D:(XA;;FX;;;WD;" + condition + ")");
  return text.substr(0, 15) == "D:(XA;;FX;;;WD;" ? text.substr(15, text.size() - 16) : text;
}

TEST(Condition, IsTranslatedToTheTokensOfWindows) {
  EXPECT_EQ(tokens("(@User.Title==\"PM\")"), "61727478f90a0000005400690074006c006500100400000050004d0080000000");
  EXPECT_EQ(tokens("(a == 1)"), "61727478f802000000610004010000000000000003028000");
  EXPECT_EQ(tokens("(Member_of{SID(WD)})"), "617274785011000000510c0000000101000000000001000000008900");
  EXPECT_EQ(tokens("(Member_of(SID(WD)))"), "61727478510c000000010100000000000100000000890000");
}

TEST(Condition, IsSpelledAsWindowsSpellsIt) {
  EXPECT_EQ(condition_again("(@User.Title==\"PM\"&&(@User.Division==\"Finance\"||@User.Division==\"Sales\"))"),
            "((@USER.Title == \"PM\") && ((@USER.Division == \"Finance\") || (@USER.Division == \"Sales\")))");
  EXPECT_EQ(condition_again("(@user.a||@device.b&&@resource.c)"), "((@USER.a) || ((@DEVICE.b) && (@RESOURCE.c)))");
  EXPECT_EQ(condition_again("(!(exists @User.a))"), "(!(Exists @USER.a))");
  EXPECT_EQ(condition_again("(member_of_any{SID(BA),SID(DU)})"), "(Member_of_any {SID(BA), SID(DU)})");
  EXPECT_EQ(condition_again("(@User.n Any_of {-017, 0xff, +3, #0a0b, \"x\"})"),
            "(@USER.n Any_of {-017, 0xff, +3, #0a0b, \"x\"})");
  EXPECT_EQ(condition_again("(@User.a%0020b >= @Device.c)"), "(@USER.a%0020b >= @DEVICE.c)");
}

TEST(Condition, ThatIsNoneSaysWhere) {
  for (const char* text : {"(", "()", "(@User.a ==)", "(@User.a == 1", "(@Nobody.a)", "(Member_of)",
                           "(@User.a == {@User.b})", "(!@User.a)", "(@User.a == \"x)", "(@User.a &&)"}) {
    EXPECT_FAILS(parse_sddl(std::string("D:(XA;;FX;;;WD;") + text + ")"), Errc::bad_descriptor) << text;
  }
  EXPECT_THAT(parse_sddl("D:(XA;;FX;;;WD;(@User.a == ))").error().message(), HasSubstr("an attribute"));
  EXPECT_FAILS(parse_sddl("D:(XA;;FX;;;WD;" + std::string(1000, '(')), Errc::bad_descriptor);
}

TEST(Condition, BytesThatAreNoneAreWrittenAsDigits) {
  for (const char* digits : {"#61727478", "#6172747889", "#61727478f8ff000000610061", "#616263"}) {
    EXPECT_THAT(again(std::string("D:(XA;;FX;;;WD;") + digits + ")"), HasSubstr(digits));
  }
}

TEST(ResourceAttribute, IsReadAndSpelledAsWindowsSpellsIt) {
  for (const char* text :
       {"S:(RA;;;;;WD;(\"Project\",TS,0x0,\"Windows\",\"SQL\"))", "S:(RA;;;;;WD;(\"n\",TI,0xa,7774,0,-8))",
        "S:(RA;;;;;WD;(\"u\",TU,0xe,18446744073709551615))", "S:(RA;;;;;WD;(\"x\",TX,0x0,0077,00))",
        "S:(RA;;;;;WD;(\"b\",TB,0x0,1,0))", "S:(RA;;;;;WD;(\"d\",TD,0x0,BA,S-1-5-21-1-2-3-1105))",
        "S:(RA;;;;;WD;(\"none\",TS,0x0))"}) {
    EXPECT_EQ(again(text), text);
  }
  EXPECT_EQ(again("S:(RA; ;;;;WD; (\"p\" , TS , 0 , \"a b\" ) )"), "S:(RA;;;;;WD;(\"p\",TS,0x0,\"a b\"))");
}

TEST(ResourceAttribute, ThatIsNoneSaysWhere) {
  for (const char* text :
       {"(", "(\"a\")", "(\"a\",TQ,0)", "(\"a\",TI,0,x)", "(a,TI,0,1)", "(\"a\",TB,0,2)", "(\"a\",TI,0,1"}) {
    EXPECT_FAILS(parse_sddl(std::string("S:(RA;;;;;WD;") + text + ")"), Errc::bad_descriptor) << text;
  }
}

}  // namespace
}  // namespace roamsync
