/// @file
/// How long a text is where Windows measures it: in UTF-16 units.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace roamsync {

/// The longest path that NT can hold in a UNICODE_STRING, in UTF-16 units.
inline constexpr std::size_t path_units_max = 32'767;

/// Nothing when the text is no UTF-8.
std::optional<std::size_t> utf16_length(std::string_view text) noexcept;

/// True for a path of more than `path_units_max` units. Costs nothing for a path of fewer bytes.
bool is_too_long_for_windows(std::string_view path) noexcept;

}  // namespace roamsync
