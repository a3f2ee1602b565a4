#include <roamsync/security_attribute.hpp>
#include <roamsync/security_sddl.hpp>

#include "security/bytes_of_hex.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::HasSubstr;

struct Sample {
  int version;
  const char* hex;
};

// One descriptor in all four versions, packed by Samba 4.17's own librpc.
constexpr const char* sample_sddl =
    "O:S-1-5-21-1-2-3-1000G:S-1-5-21-1-2-3-513D:PAI(A;OICI;FA;;;SY)(A;OICI;0x1301bf;;;S-1-5-21-1-2-3-1000)";
constexpr Sample samples[] = {
    {1,
     "0100010000000200010004941c00000038000000000000005400000001050000000000051500000001000000020000000300"
     "0000e803000001050000000000051500000001000000020000000300000001020000040040000200000000031400ff011f00"
     "01010000000000051200000000032400bf011300010500000000000515000000010000000200000003000000e8030000"},
    {2,
     "0200020000000200040002000707070707070707070707070707070701000494300000004c00000000000000680000000105"
     "00000000000515000000010000000200000003000000e8030000010500000000000515000000010000000200000003000000"
     "01020000040040000200000000031400ff011f0001010000000000051200000000032400bf01130001050000000000051500"
     "0000010000000200000003000000e8030000"},
    {3,
     "0300030000000200040002000100070707070707070707070707070707070707070707070707070707070707070707070707"
     "070707070707070707070707070707070707070707070707070707070000010004946400000080000000000000009c000000"
     "010500000000000515000000010000000200000003000000e803000001050000000000051500000001000000020000000300"
     "000001020000040040000200000000031400ff011f0001010000000000051200000000032400bf0113000105000000000005"
     "15000000010000000200000003000000e8030000"},
    {4,
     "0400040000000200040002000100070707070707070707070707070707070707070707070707070707070707070707070707"
     "07070707070707070707070707070707070707070707070707070707706f7369785f61636c00887766554433221109090909"
     "0909090909090909090909090909090909090909090909090909090909090909090909090909090909090909090909090909"
     "0909090909090909090901000494b4000000d000000000000000ec0000000105000000000005150000000100000002000000"
     "03000000e803000001050000000000051500000001000000020000000300000001020000040040000200000000031400ff01"
     "1f0001010000000000051200000000032400bf011300010500000000000515000000010000000200000003000000e8030000"},
};

TEST(NtAclAttribute, EveryVersionThatSambaWritesIsRead) {
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.version);
    const auto read = parse_nt_acl_attribute(bytes_of_hex(sample.hex));
    ASSERT_OK(read);
    EXPECT_EQ(read.value().version, sample.version);
    EXPECT_EQ(print_sddl(read.value().descriptor), sample_sddl);
    EXPECT_EQ(read.value().hash_type,
              sample.version < 3 ? NtAclAttribute::HashType::none : NtAclAttribute::HashType::sha256);
    EXPECT_EQ(read.value().description, sample.version == 4 ? "posix_acl" : "");
  }
}

TEST(NtAclAttribute, WhatIsWrittenIsWhatSambaWritesAsVersionOne) {
  const auto read = parse_nt_acl_attribute(bytes_of_hex(samples[0].hex));
  ASSERT_OK(read);
  EXPECT_EQ(hex_of_bytes(write_nt_acl_attribute(read.value().descriptor)), samples[0].hex);
}

TEST(NtAclAttribute, NoCutAndNoFlippedByteIsReadBeyondItsEnd) {
  for (const Sample& sample : samples) {
    const auto whole = bytes_of_hex(sample.hex);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto cut = std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_FALSE(parse_nt_acl_attribute(cut)) << sample.version << " cut at " << size;
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
      auto flipped = whole;
      flipped[at] ^= std::byte{0xFF};
      const auto read = parse_nt_acl_attribute(flipped);
      if (!read) {
        EXPECT_EQ(read.error().code(), Errc::bad_descriptor);
      }
    }
  }
}

TEST(NtAclAttribute, AVersionOfTheFutureIsNotGuessedAt) {
  auto bytes = bytes_of_hex(samples[3].hex);
  bytes[0] = bytes[2] = std::byte{5};
  const auto read = parse_nt_acl_attribute(bytes);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message(), HasSubstr("version 5"));
}

// tdbdump of a share_info.tdb that Samba's own bindings wrote.
constexpr std::string_view dump = R"({
key(12) = "INFO/version"
data(4) = "\03\00\00\00"
}
{
key(16) = "SECDESC/profiles"
data(72) = "\01\00\04\80\00\00\00\00\00\00\00\00\00\00\00\00\14\00\00\00\04\004\00\02\00\00\00\00\00\14\00\BF\01\13\00\01\01\00\00\00\00\00\01\00\00\00\00\00\00\18\00\FF\01\1F\00\01\02\00\00\00\00\00\05 \00\00\00 \02\00\00"
}
)";

TEST(ShareInfo, FindsTheShareWithoutRegardToCase) {
  for (const char* name : {"profiles", "Profiles"}) {
    const auto found = find_share_descriptor(dump, name);
    ASSERT_OK(found);
    ASSERT_TRUE(found.value());
    EXPECT_EQ(print_sddl(*found.value()), "D:(A;;0x1301bf;;;WD)(A;;FA;;;BA)");
  }
}

TEST(ShareInfo, FindsANameThatIsNotAsciiToo) {
  std::string text(dump);
  text.replace(text.find("SECDESC/profiles"), 16, "SECDESC/profil gr\\C3\\B6\\C3\\9Fe$");
  const auto found = find_share_descriptor(text, "PROFIL GR\u00d6\u00dfE$");
  ASSERT_OK(found);
  EXPECT_TRUE(found.value());
}

TEST(ShareInfo, AShareWithoutADescriptorIsNoError) {
  const auto found = find_share_descriptor(dump, "profile");
  ASSERT_OK(found);
  EXPECT_FALSE(found.value());
}

TEST(ShareInfo, DamageIsNotTakenForAMissingEntry) {
  std::string damaged(dump);
  damaged.replace(damaged.find("\\01\\00\\04"), 9, "\\09\\00\\04");
  EXPECT_FALSE(find_share_descriptor(damaged, "profiles"));
  std::string cut(dump.substr(0, dump.rfind('"')));
  EXPECT_FALSE(find_share_descriptor(cut, "profiles"));
}

}  // namespace
}  // namespace roamsync::testing
