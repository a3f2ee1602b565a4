#include "security/layout.hpp"

#include "security/number_text.hpp"

namespace roamsync {
namespace {

constexpr std::size_t sid_header_size = 8;

std::optional<DescriptorFault> check_sid(ByteView bytes, std::size_t offset, std::size_t& size) noexcept {
  if (!bytes.holds(offset, sid_header_size)) {
    return DescriptorFault{offset, "a SID lies inside the bytes", offset + sid_header_size, bytes.size()};
  }
  if (const auto revision = bytes.at<std::uint8_t>(offset); revision != 1) {
    return DescriptorFault{offset, "a SID has revision 1", 1, revision};
  }
  const std::size_t count = bytes.at<std::uint8_t>(offset + 1);
  if (count > Sid::sub_authorities_max) {
    return DescriptorFault{offset + 1, "a SID has at most 15 numbers", Sid::sub_authorities_max, count};
  }
  size = sid_header_size + 4 * count;
  if (!bytes.holds(offset, size)) {
    return DescriptorFault{offset, "a SID lies inside the bytes", offset + size, bytes.size()};
  }
  return std::nullopt;
}

// `ace` is exactly the entry; `at` is where it lies in the descriptor, for the fault alone.
std::optional<DescriptorFault> check_ace_body(ByteView ace, std::size_t at) noexcept {
  const AceLayout layout = layout_of(static_cast<AceType>(ace.at<std::uint8_t>(0)));
  if (layout == AceLayout::opaque) return std::nullopt;
  std::size_t sid_at = 8;
  if (layout == AceLayout::object) {
    const auto flags = ace.get<std::uint32_t>(8);
    if (!flags) return DescriptorFault{at, "an object entry has room for its flags", 12, ace.size()};
    sid_at = 12;
    if ((*flags & object_type_present) != 0) sid_at += guid_size;
    if ((*flags & inherited_object_type_present) != 0) sid_at += guid_size;
  }
  std::size_t sid_size = 0;
  if (auto fault = check_sid(ace, sid_at, sid_size)) {
    fault->offset += at;
    return fault;
  }
  return std::nullopt;
}

}  // namespace

std::optional<DescriptorFault> check_acl(ByteView bytes, std::size_t offset, std::size_t& size) noexcept {
  if (!bytes.holds(offset, acl_header_size)) {
    return DescriptorFault{offset, "a list lies inside the bytes", offset + acl_header_size, bytes.size()};
  }
  if (const auto revision = bytes.at<std::uint8_t>(offset); revision < 2 || revision > 4) {
    return DescriptorFault{offset, "a list has revision 2 to 4", 2, revision};
  }
  size = bytes.at<std::uint16_t>(offset + 2);
  if (size < acl_header_size || size % 4 != 0) {
    return DescriptorFault{offset + 2, "a list's size is a multiple of 4, at least 8", acl_header_size, size};
  }
  const auto list = bytes.part(offset, size);
  if (!list) return DescriptorFault{offset + 2, "a list lies inside the bytes", offset + size, bytes.size()};

  const std::size_t count = list->at<std::uint16_t>(4);
  std::size_t at = acl_header_size;
  for (std::size_t i = 0; i < count; ++i) {
    if (!list->holds(at, ace_header_size)) {
      return DescriptorFault{offset + 4, "a list holds as many entries as it says", count, i};
    }
    const std::size_t ace_size = list->at<std::uint16_t>(at + 2);
    if (ace_size < ace_header_size || ace_size % 4 != 0) {
      return DescriptorFault{offset + at + 2, "an entry's size is a multiple of 4, at least 4", ace_header_size,
                             ace_size};
    }
    const auto ace = list->part(at, ace_size);
    if (!ace) return DescriptorFault{offset + at + 2, "an entry ends inside its list", size - at, ace_size};
    if (auto fault = check_ace_body(*ace, offset + at)) return fault;
    at += ace_size;
  }
  return std::nullopt;
}

std::optional<DescriptorFault> read_layout(ByteView bytes, DescriptorLayout& layout) noexcept {
  if (!bytes.holds(0, descriptor_header_size)) {
    return DescriptorFault{0, "a descriptor has a header of 20 bytes", descriptor_header_size, bytes.size()};
  }
  if (const auto revision = bytes.at<std::uint8_t>(0); revision != 1) {
    return DescriptorFault{0, "a descriptor has revision 1", 1, revision};
  }
  layout.resource_manager = bytes.at<std::uint8_t>(1);
  layout.control = bytes.at<std::uint16_t>(2);
  if ((layout.control & control::self_relative) == 0) {
    return DescriptorFault{2, "a stored descriptor is self-relative", control::self_relative, layout.control};
  }

  std::optional<DescriptorFault> fault;
  const auto part = [&](std::size_t field, bool is_present, auto check) {
    const std::size_t offset = bytes.at<std::uint32_t>(field);
    if (fault || !is_present || offset == 0) return DescriptorLayout::Part{};
    if (offset < descriptor_header_size || offset % 4 != 0) {
      fault =
          DescriptorFault{field, "a part lies behind the header, at a multiple of 4", descriptor_header_size, offset};
      return DescriptorLayout::Part{};
    }
    std::size_t size = 0;
    fault = check(bytes, offset, size);
    return DescriptorLayout::Part{offset, size};
  };
  layout.owner = part(4, true, check_sid);
  layout.group = part(8, true, check_sid);
  layout.sacl = part(12, (layout.control & control::sacl_present) != 0, check_acl);
  layout.dacl = part(16, (layout.control & control::dacl_present) != 0, check_acl);
  return fault;
}

std::optional<DescriptorFault> check_descriptor(std::span<const std::byte> bytes) noexcept {
  DescriptorLayout layout;
  return read_layout(bytes, layout);
}

Error error_of(const DescriptorFault& fault) {
  return Error(Errc::bad_descriptor, {.step = "read security descriptor",
                                      .expected = std::string(fault.rule) + " (" + hex_text(fault.expected) + ')',
                                      .found = hex_text(fault.found) + " at offset " + hex_text(fault.offset)});
}

}  // namespace roamsync
