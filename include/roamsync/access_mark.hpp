/// @file
/// Access marks: numbers that stand for access lists in a tree, so that a changed list is noticed without reading it again.
///
/// A mark is made of the bytes in which a store keeps a list. Equal marks mean the same list; other bytes may still mean the
/// same, which only whoever reads both can tell (session/carried_access.hpp). Two stores' marks are never compared.
#pragma once

#include <cstdint>
#include <string_view>

namespace roamsync {

inline constexpr std::uint64_t access_mark_unknown = 0;  ///< nobody looked
inline constexpr std::uint64_t access_mark_none = 1;     ///< somebody looked: there is no list
/// Differs from the mark of every list: what the base says where a list is still to be carried.
inline constexpr std::uint64_t access_mark_outdated = 2;

/// Above the three of these. Of no bytes: access_mark_none.
std::uint64_t access_mark_of(std::string_view list) noexcept;

}  // namespace roamsync
