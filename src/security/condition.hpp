/// @file
/// Conditions of entries, as text (`(@User.Title == "PM" && Member_of {SID(BA)})`) and as the tokens that stand behind the Sid:
/// postfix, behind the mark "artx" ([MS-DTYP] 2.4.4.17, 2.5.1.1). They are translated, never evaluated.
#pragma once

#include <roamsync/security_sid.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync {

/// Takes a condition with its parentheses off the front of `text`. Without the padding of an entry.
Result<std::vector<std::byte>> take_condition(std::string_view& text, const std::optional<Sid>& domain);

/// With its parentheses, as Windows spells it. Nothing for bytes that are no condition, or that this spelling would not bring back
/// as they are.
std::optional<std::string> condition_text(std::span<const std::byte> bytes, const std::optional<Sid>& domain);

namespace sddl {

/// What an operator takes from the stack.
enum class Operands : std::uint8_t {
  one_set,         ///< SIDs: Member_of
  one_attribute,   ///< Exists
  two,             ///< a comparison
  one_expression,  ///< !
  two_expressions  ///< && and ||
};

struct ConditionOperator {
  std::string_view word;
  std::uint8_t token;
  Operands operands;
};

const ConditionOperator* find_condition_operator(std::uint8_t token) noexcept;
/// The longest one that `text` begins with, whatever the case; words must end where a name would.
const ConditionOperator* find_condition_operator(std::string_view text, Operands operands) noexcept;

/// Where an attribute comes from: its prefix as Windows prints it, and its token.
struct AttributeKind {
  std::string_view prefix;
  std::uint8_t token;
};
const AttributeKind* find_attribute_kind(std::uint8_t token) noexcept;
/// By what `text` begins with; one without a prefix is local.
const AttributeKind& find_attribute_kind(std::string_view text) noexcept;

constexpr bool ends_name(char letter) noexcept {
  return std::string_view(" \t\r\n!&()<=>|\"").find(letter) != std::string_view::npos;
}

namespace token {
inline constexpr std::uint8_t padding = 0x00;
inline constexpr std::uint8_t int64 = 0x04;
inline constexpr std::uint8_t string = 0x10;
inline constexpr std::uint8_t octets = 0x18;
inline constexpr std::uint8_t composite = 0x50;
inline constexpr std::uint8_t sid = 0x51;
}  // namespace token

namespace number_sign {
inline constexpr std::uint8_t plus = 1;
inline constexpr std::uint8_t minus = 2;
inline constexpr std::uint8_t none = 3;
}  // namespace number_sign

namespace number_base {
inline constexpr std::uint8_t octal = 1;
inline constexpr std::uint8_t decimal = 2;
inline constexpr std::uint8_t hexadecimal = 3;
}  // namespace number_base

inline constexpr std::string_view condition_mark = "artx";

}  // namespace sddl
}  // namespace roamsync
