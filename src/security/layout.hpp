/// @file
/// Where the parts of a descriptor, a list and an entry lie: the only place that looks at unchecked bytes.
#pragma once

#include <roamsync/security.hpp>

#include "base/bytes.hpp"

namespace roamsync {

inline constexpr std::size_t descriptor_header_size = 20;
inline constexpr std::size_t acl_header_size = 8;
inline constexpr std::size_t ace_header_size = 4;
inline constexpr std::size_t guid_size = 16;

inline constexpr std::uint32_t object_type_present = 1;
inline constexpr std::uint32_t inherited_object_type_present = 2;

/// How the body of an entry is laid out: mask and Sid; mask, flags, up to two GUIDs and Sid; or not known here.
enum class AceLayout : std::uint8_t { plain, object, opaque };

constexpr AceLayout layout_of(AceType type) noexcept {
  switch (type) {
    case AceType::allowed:
    case AceType::denied:
    case AceType::audit:
    case AceType::alarm:
    case AceType::allowed_callback:
    case AceType::denied_callback:
    case AceType::audit_callback:
    case AceType::alarm_callback:
    case AceType::mandatory_label:
    case AceType::resource_attribute:
    case AceType::scoped_policy:
    case AceType::process_trust_label:
    case AceType::access_filter: return AceLayout::plain;
    case AceType::allowed_object:
    case AceType::denied_object:
    case AceType::audit_object:
    case AceType::alarm_object:
    case AceType::allowed_callback_object:
    case AceType::denied_callback_object:
    case AceType::audit_callback_object:
    case AceType::alarm_callback_object: return AceLayout::object;
    case AceType::allowed_compound: break;
  }
  return AceLayout::opaque;
}

/// The revision a list needs to hold an entry of this type ([MS-DTYP] 2.4.5).
constexpr std::uint8_t revision_for(AceType type) noexcept {
  return type >= AceType::allowed_object && type <= AceType::alarm_object ? Acl::revision_objects : Acl::revision_plain;
}

/// Offsets and sizes of the parts that are there; a size of 0 means none.
struct DescriptorLayout {
  struct Part {
    std::size_t offset = 0;
    std::size_t size = 0;
  };
  std::uint16_t control = 0;
  std::uint8_t resource_manager = 0;
  Part owner, group, sacl, dacl;
};

std::optional<DescriptorFault> read_layout(ByteView bytes, DescriptorLayout& layout) noexcept;
/// The size of the list at `offset`, or the fault in it.
std::optional<DescriptorFault> check_acl(ByteView bytes, std::size_t offset, std::size_t& size) noexcept;
Error error_of(const DescriptorFault& fault);

}  // namespace roamsync
