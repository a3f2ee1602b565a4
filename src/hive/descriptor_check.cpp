#include "hive/descriptor_check.hpp"

namespace roamsync::hive {
namespace {

constexpr std::uint32_t descriptor_header_size = 20;
constexpr std::uint16_t dacl_present = 0x0004, sacl_present = 0x0010, self_relative = 0x8000;

using Wrong = std::optional<DescriptorFault>;

// [MS-DTYP] 2.4.2.2
Wrong check_sid(ByteView bytes, std::uint32_t at, std::uint32_t end) {
  if (at > end || end - at < 8) return DescriptorFault{at, "a SID", std::to_string(end - at) + " bytes"};
  const auto revision = bytes.at<std::uint8_t>(at);
  const auto parts = bytes.at<std::uint8_t>(at + 1);
  if (revision != 1) return DescriptorFault{at, "a SID of revision 1", std::to_string(revision)};
  if (parts > 15 || end - at - 8 < 4U * parts) {
    return DescriptorFault{at + 1, "at most 15 parts that fit", std::to_string(parts)};
  }
  return std::nullopt;
}

// Allowed, denied, audit and alarm entries are all header, mask, SID; others hold more in between and are only measured.
bool is_plain(std::uint8_t type) noexcept { return type <= 3; }

// [MS-DTYP] 2.4.4.1
Wrong check_entry(ByteView bytes, std::uint32_t at, std::uint32_t size) {
  return is_plain(bytes.at<std::uint8_t>(at)) ? check_sid(bytes, at + 8, at + size) : std::nullopt;
}

// [MS-DTYP] 2.4.5
Wrong check_acl(ByteView bytes, std::uint32_t at) {
  const auto end = static_cast<std::uint32_t>(bytes.size());
  if (end - at < 8) return DescriptorFault{at, "an ACL", std::to_string(end - at) + " bytes"};
  const auto revision = bytes.at<std::uint8_t>(at);
  if (revision < 2 || revision > 4) return DescriptorFault{at, "an ACL of revision 2 to 4", std::to_string(revision)};
  const auto size = bytes.at<std::uint16_t>(at + 2);
  if (size < 8 || size > end - at) {
    return DescriptorFault{at + 2, "8 to " + std::to_string(end - at) + " bytes", std::to_string(size)};
  }
  std::uint32_t entry = at + 8;
  std::uint32_t left = size - 8U;
  for (auto count = bytes.at<std::uint16_t>(at + 4); count > 0; --count) {
    // Type, flags, size and mask are the least an entry can be.
    if (left < 8) return DescriptorFault{at + 4, "as many entries as fit", std::to_string(count) + " more"};
    const auto entry_size = bytes.at<std::uint16_t>(entry + 2);
    if (entry_size < 8 || entry_size % 4 != 0 || entry_size > left) {
      return DescriptorFault{entry + 2, "a multiple of 4 from 8 to " + std::to_string(left),
                             std::to_string(entry_size)};
    }
    if (auto wrong = check_entry(bytes, entry, entry_size)) return wrong;
    entry += entry_size;
    left -= entry_size;
  }
  return std::nullopt;
}

}  // namespace

std::optional<DescriptorFault> check_descriptor(ByteView descriptor) {
  if (!descriptor.holds(0, descriptor_header_size)) {
    return DescriptorFault{0, "at least 20 bytes", std::to_string(descriptor.size())};
  }
  const auto revision = descriptor.at<std::uint8_t>(0);
  if (revision != 1) return DescriptorFault{0, "revision 1", std::to_string(revision)};
  const auto control = descriptor.at<std::uint16_t>(2);
  if ((control & self_relative) == 0) return DescriptorFault{2, "self-relative", std::to_string(control)};
  const auto end = static_cast<std::uint32_t>(descriptor.size());
  for (const std::uint32_t field : {4U, 8U, 12U, 16U}) {
    const auto offset = descriptor.at<std::uint32_t>(field);
    const bool is_acl = field >= 12;
    const bool is_present = offset != 0 && (!is_acl || (control & (field == 12 ? sacl_present : dacl_present)) != 0);
    if (!is_present) continue;
    if (offset < descriptor_header_size || offset >= end) {
      return DescriptorFault{field, "20 to " + std::to_string(end - 1), std::to_string(offset)};
    }
    if (auto wrong = is_acl ? check_acl(descriptor, offset) : check_sid(descriptor, offset, end)) return wrong;
  }
  return std::nullopt;
}

}  // namespace roamsync::hive
