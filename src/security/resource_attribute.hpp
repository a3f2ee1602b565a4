/// @file
/// Resource attributes, as text (`("Project",TS,0x0,"Windows","SQL")`) and as the claim that stands behind the Sid
/// (CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1, [MS-DTYP] 2.4.10.1 and 2.5.1.1). They are translated, never used.
#pragma once

#include <roamsync/security_sid.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync {

/// Takes one with its parentheses off the front of `text`. Without the padding of an entry.
Result<std::vector<std::byte>> take_resource_attribute(std::string_view& text, const std::optional<Sid>& domain);

/// With its parentheses, as Windows spells it. Nothing for bytes that are none, or that this spelling would not bring back as they
/// are.
std::optional<std::string> resource_attribute_text(std::span<const std::byte> bytes, const std::optional<Sid>& domain);

}  // namespace roamsync
