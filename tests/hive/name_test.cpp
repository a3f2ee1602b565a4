#include <roamsync/hive_name.hpp>

#include <gtest/gtest.h>

#include "support/hive_builder.hpp"

namespace roamsync::hive {
namespace {

using roamsync::testing::utf16_bytes;

TEST(HiveName, ComparesByUpperCasedUnits) {
  const auto compare = [](std::u16string_view left, std::u16string_view right) {
    const auto a = utf16_bytes(left);
    const auto b = utf16_bytes(right);
    return Name(a, false).compare(Name(b, false));
  };
  EXPECT_EQ(0, compare(u"Software", u"SOFTWARE"));
  EXPECT_EQ(0, compare(u"\u043A\u043B\u044E\u0447", u"\u041A\u041B\u042E\u0427"));
  EXPECT_LT(compare(u"abc", u"abcd"), 0);
  EXPECT_LT(compare(u"_", u"a") * -1, 0);  // 'A' < '_': upper case, not lower
  EXPECT_LT(compare(u"\xD801\xDC10", u"\xFF21"), 0);
  EXPECT_NE(0, compare(u"stra\u00DFe", u"strasse"));
  EXPECT_NE(0, compare(u"\xD801\xDC28", u"\xD801\xDC10"));  // units, not characters
}

TEST(HiveName, StorageDoesNotMatter) {
  const std::string latin = "caf\xE9";
  const Name compressed(std::as_bytes(std::span(latin)), true);
  const auto wide = utf16_bytes(u"CAF\u00C9");
  EXPECT_TRUE(compressed.same(Name(wide, false)));
  EXPECT_FALSE(compressed.identical(Name(wide, false)));
  EXPECT_EQ(compressed.hash(), Name(wide, false).hash());
  EXPECT_EQ(u"caf\u00E9", compressed.utf16());
  EXPECT_EQ("caf\xC3\xA9", compressed.utf8());
}

TEST(HiveName, HashIsThatOfHashLists) {
  const std::string name = "Ab";
  EXPECT_EQ(37U * 'A' + 'B', Name(std::as_bytes(std::span(name)), true).hash());
}

TEST(HiveName, Utf8KeepsLoneSurrogates) {
  for (const std::u16string text : {u"plain", u"\xD83D\xDE00", u"\xD800", u"a\xDC00z", u"\xDC00\xD800"}) {
    EXPECT_EQ(text, to_utf16(to_utf8(text)));
  }
  EXPECT_EQ("\xF0\x9F\x98\x80", to_utf8(u"\xD83D\xDE00"));
  EXPECT_EQ(u"\uFFFD", to_utf16("\xFF"));
  EXPECT_EQ(
      u"\uFFFD"
      u"a",
      to_utf16("\xC0"
               "a"));
}

}  // namespace
}  // namespace roamsync::hive
