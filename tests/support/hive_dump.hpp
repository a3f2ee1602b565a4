/// @file
/// All a key holds as text, to compare trees and to see where they part. Values are sorted, for their order means nothing.
#pragma once

#include <roamsync/hive_text.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace roamsync::testing {

inline void dump_into(hive::Key key, const std::string& path, std::string& text) {
  const auto content_flags = key.flags() & ~0x2C;
  text += path + " time " + std::to_string(key.time().ticks) + " flags " + std::to_string(content_flags) + '/' +
          std::to_string(key.user_flags()) + " class \"" + key.class_name().utf8() + "\" security " +
          hive::data_text(3, hive::Data(key.security()), {.wrap = false}) + '\n';
  std::vector<std::string> values;
  for (const hive::Value value : key.values()) {
    values.push_back("  " + value.name().utf8() + " (" + std::to_string(value.type()) +
                     ") = " + hive::data_text(0, value.data(), {.wrap = false}) + '\n');
  }
  std::sort(values.begin(), values.end());
  for (const std::string& value : values) text += value;
  for (const hive::Key subkey : key.subkeys()) dump_into(subkey, path + '\\' + subkey.name().utf8(), text);
}

inline std::string dump(hive::Key key) {
  std::string text;
  dump_into(key, key.name().utf8(), text);
  return text;
}

/// Of a hive that is sound; the error's message when it is not.
inline std::string dump(std::span<const std::byte> file) {
  const auto hive = hive::Hive::open_as_it_lies(file);
  return hive ? dump(hive.value().root()) : hive.error().message();
}

}  // namespace roamsync::testing
