#include <roamsync/security.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/bytes_of_hex.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using testing::bytes_of_hex;
using testing::hex_of_bytes;

// O:SYG:SYD:(A;CI;KA;;;SY)(A;CI;RC;;;OW)(A;CI;KR;;;WD), as it stands in hives.
constexpr const char* windows_made =
    "01000488580000006400000000000000140000000200440003000000000214003f000f00010100000000000512000000000214000000020001"
    "01"
    "0000000000030400000000021400190002000101000000000001000000000101000000000005120000000101000000000005120000"
    "00";
// O:BAG:SYD:(D;;WD;;;AU)(A;;FA;;;WD), owner and group first, as Samba writes it.
constexpr const char* samba_made =
    "010004801400000024000000000000003000000001020000000000052000000020020000010100000000000512000000040030000200000001"
    "00"
    "14000000040001010000000000050b00000000001400ff011f00010100000000000100000000";

TEST(SecurityDescriptor, PartsOfWindowsOwnDescriptorAreFound) {
  const auto descriptor = SecurityDescriptor::parse(bytes_of_hex(windows_made)).value();
  EXPECT_EQ(descriptor.owner, sids::system);
  EXPECT_EQ(descriptor.group, sids::system);
  EXPECT_FALSE(descriptor.sacl.has_value());
  ASSERT_TRUE(descriptor.dacl.has_value());
  ASSERT_EQ(descriptor.dacl->size(), 3U);
  auto ace = descriptor.dacl->begin();
  EXPECT_EQ((*ace).type(), AceType::allowed);
  EXPECT_EQ((*ace).flags(), ace_flag::container_inherit);
  EXPECT_EQ((*ace).mask(), 0x000F003FU);
  EXPECT_EQ((*++ace).sid(), sids::owner_rights);
}

TEST(SecurityDescriptor, ReadAndWrittenBackItHasTheSameBytesWhoeverMadeIt) {
  for (const char* hex : {windows_made, samba_made}) {
    EXPECT_EQ(hex_of_bytes(SecurityDescriptor::parse(bytes_of_hex(hex)).value().bytes()), hex);
  }
}

TEST(SecurityDescriptor, ADescriptorBuiltHereIsTheOneThatWasMeant) {
  SecurityDescriptor descriptor;
  descriptor.order = SecurityDescriptor::order_of_samba;
  descriptor.owner = sids::administrators;
  descriptor.group = sids::system;
  Acl dacl;
  ASSERT_OK(dacl.add(Ace{.type = AceType::denied, .mask = access::write_dac, .sid = sids::authenticated_users}));
  ASSERT_OK(dacl.add(Ace{.mask = access::file_all, .sid = sids::everyone}));
  dacl.set_revision(4);
  descriptor.set_dacl(dacl);
  EXPECT_EQ(hex_of_bytes(descriptor.bytes()), samba_made);
}

TEST(SecurityDescriptor, NullDaclAndEmptyDaclStayTwoThings) {
  const auto null_dacl = bytes_of_hex("0100048000000000000000000000000000000000");
  const auto empty_dacl = bytes_of_hex("01000480000000000000000000000000140000000200080000000000");
  EXPECT_FALSE(SecurityDescriptor::parse(null_dacl).value().dacl.has_value());
  ASSERT_TRUE(SecurityDescriptor::parse(empty_dacl).value().dacl.has_value());
  EXPECT_EQ(SecurityDescriptor::parse(null_dacl).value().bytes(), null_dacl);
  EXPECT_EQ(SecurityDescriptor::parse(empty_dacl).value().bytes(), empty_dacl);
}

TEST(SecurityDescriptor, CutAnywhereItIsFaultedAndNeverReadOutside) {
  for (const char* hex : {windows_made, samba_made}) {
    const auto whole = bytes_of_hex(hex);
    EXPECT_FALSE(check_descriptor(whole).has_value());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_TRUE(check_descriptor(cut).has_value()) << size;
      EXPECT_FAILS(SecurityDescriptor::parse(cut), Errc::bad_descriptor);
    }
  }
}

TEST(SecurityDescriptor, EveryValueOfEveryByteIsReadOrFaulted) {
  for (const char* hex : {windows_made, samba_made}) {
    auto bytes = bytes_of_hex(hex);
    for (std::byte& byte : bytes) {
      const std::byte before = byte;
      for (unsigned value = 0; value <= 0xFF; ++value) {
        byte = static_cast<std::byte>(value);
        const auto descriptor = SecurityDescriptor::parse(bytes);
        ASSERT_EQ(descriptor.has_value(), !check_descriptor(bytes).has_value());
        if (!descriptor) continue;
        ASSERT_OK(SecurityDescriptor::parse(descriptor.value().bytes()));
      }
      byte = before;
    }
  }
}

struct Damage {
  std::size_t offset;
  std::uint8_t value;
  std::size_t fault_offset;
};

TEST(SecurityDescriptor, EachBrokenRuleIsNamedWithItsPlace) {
  for (const Damage& damage : {
           Damage{0, 2, 0},                                     // revision of the descriptor
           Damage{3, 0x08, 2},                                  // not self-relative
           Damage{4, 0x04, 4},                                  // owner inside the header
           Damage{4, 0x59, 4},                                  // owner at no multiple of 4
           Damage{0x58, 0, 0x58},                               // revision of the owner's SID
           Damage{0x59, 16, 0x59},                              // numbers in the owner's SID
           Damage{0x14, 9, 0x14},                               // revision of the list
           Damage{0x16, 4, 0x16},                               // list shorter than its header
           Damage{0x16, 0x43, 0x16}, Damage{0x17, 0x44, 0x16},  // list longer than the descriptor
           Damage{0x18, 4, 0x18},                               // more entries than there are
           Damage{0x1e, 3, 0x1e},                               // size of an entry
           Damage{0x1e, 0xFC, 0x1e}, Damage{0x25, 9, 0x24},     // a SID longer than its entry
       }) {
    auto bytes = bytes_of_hex(windows_made);
    bytes[damage.offset] = static_cast<std::byte>(damage.value);
    SCOPED_TRACE(damage.offset);
    const auto fault = check_descriptor(bytes);
    ASSERT_TRUE(fault.has_value());
    EXPECT_EQ(fault->offset, damage.fault_offset);
    EXPECT_NE(fault->rule, "");
    EXPECT_FAILS(SecurityDescriptor::parse(bytes), Errc::bad_descriptor);
  }
}

TEST(Acl, EntriesOfEveryTypeAreKeptByteForByte) {
  for (unsigned type = 0; type <= 0xFF; ++type) {
    // A body that is a mask and a SID for plain types, flags 0 and a SID for object types, and anything for the rest.
    std::string ace = hex_of_bytes(std::array{static_cast<std::byte>(type)}) + "13" + "1c00" + "ff011f00";
    ace += type >= 5 && type <= 8                                        ? "00000000"
                                                                           "010100000000000512000000"
                                                                           "beef0000"
           : (type == 0xB || type == 0xC || type == 0xF || type == 0x10) ? "00000000"
                                                                           "010100000000000512000000"
                                                                           "beef0000"
                                                                         : "010100000000000512000000"
                                                                           "beef0000"
                                                                           "deadbeef";
    const std::string hex =
        "02002400"
        "01000000" +
        ace;
    SCOPED_TRACE(hex);
    const Acl acl = Acl::parse(bytes_of_hex(hex)).value();
    EXPECT_EQ(hex_of_bytes(acl.bytes()), hex);
    const AceView view = *acl.begin();
    EXPECT_EQ(view.is_known(), type != 4 && type <= 0x15);
    if (!view.is_known()) continue;
    EXPECT_EQ(view.sid(), sids::system);
    EXPECT_EQ(view.mask(), access::file_all);
    Acl copy;
    ASSERT_OK(copy.add(view.ace()));
    copy.set_revision(2);
    EXPECT_EQ(hex_of_bytes(copy.bytes()), hex);
  }
}

TEST(Acl, ObjectEntriesKeepTheirGuidsAndNeedRevisionFour) {
  const Guid guid = Guid::parse("f30e3bbe-9ff0-11d1-b603-0000f80367c1").value();
  const Guid other = Guid::parse("bf967aa5-0de6-11d0-a285-00aa003049e2").value();
  EXPECT_EQ(guid.text(), "f30e3bbe-9ff0-11d1-b603-0000f80367c1");
  for (const bool has_type : {false, true}) {
    for (const bool has_inherited : {false, true}) {
      Ace ace{.type = AceType::allowed_object, .mask = 0x100, .sid = sids::everyone};
      if (has_type) ace.object_type = guid;
      if (has_inherited) ace.inherited_object_type = other;
      Acl acl;
      ASSERT_OK(acl.add(ace));
      EXPECT_EQ(acl.revision(), Acl::revision_objects);
      const AceView view = *acl.begin();
      EXPECT_EQ(view.object_type(), ace.object_type);
      EXPECT_EQ(view.inherited_object_type(), ace.inherited_object_type);
      EXPECT_EQ(view.sid(), sids::everyone);
      EXPECT_OK(Acl::parse(acl.bytes()));
    }
  }
}

TEST(Acl, AnEntryAddedToAListWithSlackIsFoundAgain) {
  Acl acl;
  ASSERT_OK(acl.add(Ace{.mask = 1, .sid = sids::system}));
  ASSERT_OK(acl.add_slack(8));
  ASSERT_OK(acl.add(Ace{.mask = 2, .sid = sids::everyone}));
  ASSERT_OK(Acl::parse(acl.bytes()));
  ASSERT_EQ(acl.size(), 2U);
  EXPECT_EQ((*++acl.begin()).mask(), 2U);
  EXPECT_EQ((*++acl.begin()).sid(), sids::everyone);
}

TEST(Acl, AListNeverPassesItsSizeField) {
  Acl acl;
  Ace ace{.mask = 1, .sid = sids::system};
  ace.data.resize(0x7FF0);
  ASSERT_OK(acl.add(ace));
  ASSERT_FAILS(acl.add(ace), Errc::bad_descriptor);
  EXPECT_EQ(acl.size(), 1U);
  EXPECT_OK(Acl::parse(acl.bytes()));
}

}  // namespace
}  // namespace roamsync
