/// @file
/// Upper case as Windows compares names: one UTF-16 unit to one unit, without locale or context.
///
/// Simple upper-case mappings inside the Basic Multilingual Plane; surrogates, and so all supplementary characters,
/// stay as they are. Three letters whose mapping would leave the one-unit rule or fall into ASCII stay too, as in
/// Windows' own table: sharp s, dotless i and long s.
#pragma once

#include <string>
#include <string_view>

namespace roamsync {

char16_t upcase(char16_t unit) noexcept;

/// Compares two UTF-8 strings by their upper-cased UTF-16 units (so U+10410 sorts before U+FF21).
/// Bytes that are not UTF-8 compare as themselves, after all characters.
int compare_upcased(std::string_view left, std::string_view right) noexcept;

/// The first character of a UTF-8 string that is not empty, upper-cased, and how many bytes it takes. A byte that is no UTF-8
/// is a character of its own, above all code points.
struct UpcasedCharacter {
  char32_t value;
  std::size_t size;
};
UpcasedCharacter first_upcased(std::string_view utf8) noexcept;

/// The upper-cased form of a UTF-8 string: equal for two strings exactly when `compare_upcased` is zero.
std::string upcase(std::string_view utf8);

}  // namespace roamsync
