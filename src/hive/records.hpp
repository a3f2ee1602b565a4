/// @file
/// Where the fields of keys, values, lists and security cells stand (regf specification, "Key node" and following).
/// Offsets count from the start of a cell's payload, behind its size. Nothing here judges: callers ask `ByteView::holds`.
#pragma once

#include <roamsync/hive_name.hpp>

#include "base/bytes.hpp"

#include <cstdint>

namespace roamsync::hive {

constexpr std::uint16_t signature(char first, char second) noexcept {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(first) | (static_cast<unsigned char>(second) << 8));
}
inline constexpr std::uint16_t key_mark = signature('n', 'k');
inline constexpr std::uint16_t value_mark = signature('v', 'k');
inline constexpr std::uint16_t security_mark = signature('s', 'k');
inline constexpr std::uint16_t big_data_mark = signature('d', 'b');
inline constexpr std::uint16_t hint_list_mark = signature('l', 'f');
inline constexpr std::uint16_t hash_list_mark = signature('l', 'h');
inline constexpr std::uint16_t plain_list_mark = signature('l', 'i');
inline constexpr std::uint16_t list_of_lists_mark = signature('r', 'i');

inline constexpr std::uint32_t segment_size = 16344;  ///< data over this is big data from 1.4 on
inline constexpr std::uint32_t depth_max = 512;

namespace key_field {
inline constexpr std::uint32_t flags = 2, time = 4, access = 12, parent = 16, subkey_count = 20, subkey_list = 28,
                               value_count = 36, value_list = 40, security = 44, class_name = 48, name_max = 52,
                               class_max = 56, value_name_max = 60, value_data_max = 64, name_size = 72,
                               class_size = 74, name = 76;
}
namespace key_flag {
inline constexpr std::uint16_t hive_entry = 0x0004, no_delete = 0x0008, compressed_name = 0x0020, predefined = 0x0040;
}
namespace value_field {
inline constexpr std::uint32_t name_size = 2, data_size = 4, data = 8, type = 12, flags = 16, name = 20;
}
inline constexpr std::uint16_t value_name_compressed = 0x0001;
inline constexpr std::uint32_t resident_bit = 0x80000000;
namespace security_field {
inline constexpr std::uint32_t next = 4, previous = 8, references = 12, size = 16, descriptor = 20;
}
namespace list_field {
inline constexpr std::uint32_t count = 2, elements = 4;
}
namespace big_data_field {
inline constexpr std::uint32_t count = 2, list = 4, end = 8;
}

/// Bytes an element of a subkey list takes; 0 for a mark that is no list of keys.
constexpr std::uint32_t element_size(std::uint16_t mark) noexcept {
  if (mark == hint_list_mark || mark == hash_list_mark) return 8;
  return mark == plain_list_mark ? 4 : 0;
}

/// The name of a key whose cell holds its fields and name.
inline Name key_name(ByteView key) noexcept {
  const bool compressed = (key.at<std::uint16_t>(key_field::flags) & key_flag::compressed_name) != 0;
  return {key.bytes().subspan(key_field::name, key.at<std::uint16_t>(key_field::name_size)), compressed};
}
/// The name of a value whose cell holds its fields and name.
inline Name value_name(ByteView value) noexcept {
  const bool compressed = (value.at<std::uint16_t>(value_field::flags) & value_name_compressed) != 0;
  return {value.bytes().subspan(value_field::name, value.at<std::uint16_t>(value_field::name_size)), compressed};
}

}  // namespace roamsync::hive
