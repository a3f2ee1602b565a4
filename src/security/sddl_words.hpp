/// @file
/// The letters of SDDL and what they stand for ([MS-DTYP] 2.5.1.1, sddl.h).
#pragma once

#include <roamsync/security.hpp>

#include <optional>
#include <string_view>

namespace roamsync::sddl {

enum class List : std::uint8_t { dacl, sacl };

struct TypeWord {
  std::string_view word;
  AceType type;
  List list;
};

struct MaskWord {
  std::string_view word;
  AccessMask mask;
};

struct FlagWord {
  std::string_view word;
  std::uint8_t flag;
};

const TypeWord* find_type(std::string_view word) noexcept;
const TypeWord* find_type(AceType type) noexcept;

/// Single bits by their letters, then whole sets (`FA`, `KR`, …), then the policies of mandatory labels.
std::optional<AccessMask> find_right(std::string_view word) noexcept;
/// The letters of a set that is exactly `mask`; empty when none is.
std::string_view find_right_set(AccessMask mask) noexcept;
/// The letters of a single bit; empty when it has none.
std::string_view find_right_bit(AccessMask bit) noexcept;
std::string_view find_label_bit(AccessMask bit) noexcept;

std::optional<std::uint8_t> find_flag(std::string_view word) noexcept;
std::string_view find_flag(std::uint8_t flag) noexcept;

/// The SID of an alias; `needs_domain` is set when it is one of a domain and none is given.
std::optional<Sid> find_alias(std::string_view word, const std::optional<Sid>& domain, bool& needs_domain) noexcept;
std::string_view find_alias(const Sid& sid, const std::optional<Sid>& domain) noexcept;

/// Compares letters as Windows' reader does, without case.
bool same_word(std::string_view left, std::string_view right) noexcept;

/// Entries whose seventh field holds a condition or an attribute.
constexpr bool has_seventh_field(AceType type) noexcept {
  switch (type) {
    case AceType::allowed_callback:
    case AceType::denied_callback:
    case AceType::allowed_callback_object:
    case AceType::denied_callback_object:
    case AceType::audit_callback:
    case AceType::alarm_callback:
    case AceType::audit_callback_object:
    case AceType::alarm_callback_object:
    case AceType::resource_attribute: return true;
    default: return false;
  }
}

}  // namespace roamsync::sddl
