/// @file
/// Registry text: keys and values as `.reg` files show them (`Windows Registry Editor Version 5.00`), in UTF-8 with `\n`.
///
/// Numbers of four bytes are written as `dword:`, text that survives it as `"…"`, everything else as `hex` with its type: what
/// is read back is what was written, byte for byte. Names are written as they are but for control characters, which no such
/// text can hold and which could pass for another line of it: they are shown as their pictures, U+2400 and following.
/// Descriptors, classes and times are not part of it.
///
/// Threads: pure functions; `sink` is called on the caller's thread.
#pragma once

#include <roamsync/hive.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace roamsync::hive {

using TextSink = std::function<void(std::string_view)>;

struct TextOptions {
  std::string prefix = "HKEY_CURRENT_USER";  ///< stands for the root key
  bool wrap = true;                          ///< long data continues with `\` on the next line
};

/// `key` and all below it. `path` is where it stands below the root, `\` between names.
void export_text(Key key, std::string_view path, const TextSink& sink, const TextOptions& options = {});

/// `[prefix\path]` without a line end.
std::string key_line(std::string_view path, const TextOptions& options = {});
/// The text with control characters as their pictures: one line of it stays one line, and a terminal is left alone.
std::string printable(std::string_view text);
/// `"name"`, or `@` for the default value.
std::string name_text(Name name);
/// `"name"=data` without a line end.
std::string value_line(Name name, std::uint32_t type, const Data& data, const TextOptions& options = {});
/// The part behind `=`.
std::string data_text(std::uint32_t type, const Data& data, const TextOptions& options = {}, std::size_t column = 0);

}  // namespace roamsync::hive
