#include <roamsync/hive_text.hpp>

#include <algorithm>
#include <optional>

#include "base/bytes.hpp"

namespace roamsync::hive {
namespace {

constexpr std::uint32_t type_string = 1, type_binary = 3, type_number = 4;
constexpr std::size_t line_max = 80;
constexpr char digits[] = "0123456789abcdef";

void append_quoted(std::string& text, std::string_view content) {
  text += '"';
  for (const char letter : content) {
    if (letter == '"' || letter == '\\') text += '\\';
    text += letter;
  }
  text += '"';
}

// The text of a string that `"…"` keeps byte for byte: one terminator at the end, no control characters, no lone surrogates.
std::optional<std::string> plain_string(const Data& data) {
  if (data.size() < 2 || data.size() % 2 != 0) return std::nullopt;
  const std::vector<std::byte> bytes = data.bytes();
  if (bytes.size() != data.size()) return std::nullopt;
  const Name text{std::span(bytes).first(bytes.size() - 2), false};
  if (bytes[bytes.size() - 2] != std::byte{0} || bytes[bytes.size() - 1] != std::byte{0}) return std::nullopt;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char16_t unit = text[at];
    if (unit < 0x20 || unit == 0x7F) return std::nullopt;
    if (unit < 0xD800 || unit > 0xDFFF) continue;
    const bool is_pair = unit < 0xDC00 && at + 1 < text.size() && text[at + 1] >= 0xDC00 && text[at + 1] <= 0xDFFF;
    if (!is_pair) return std::nullopt;
    ++at;
  }
  return text.utf8();
}

void append_hex(std::string& text, std::uint64_t value, int count) {
  for (int shift = (count - 1) * 4; shift >= 0; shift -= 4) text += digits[(value >> shift) & 15];
}

std::string hex_head(std::uint32_t type) {
  if (type == type_binary) return "hex:";
  std::string head = "hex(";
  int count = 1;
  while (count < 8 && (type >> (4 * count)) != 0) ++count;
  append_hex(head, type, count);
  return head + "):";
}

void append_bytes(std::string& text, const Data& data, bool wrap, std::size_t column) {
  constexpr std::string_view line_end = "\\\n  ";
  char block[256];
  std::size_t used = 0;
  const auto put = [&](char letter) { block[used++] = letter; };
  bool first = true;
  for (std::uint32_t at = 0;;) {
    const auto piece = data.piece(at);
    if (piece.empty()) break;
    for (const std::byte byte : piece) {
      // Room for a comma, a line's end and two digits.
      if (used + line_end.size() + 3 > sizeof block) text.append(block, used), used = 0;
      if (!first) put(','), ++column;
      // Room for this byte, the comma behind it and the backslash.
      if (wrap && column + 4 > line_max) {
        for (const char letter : line_end) put(letter);
        column = 2;
      }
      put(digits[std::to_integer<unsigned>(byte) >> 4]);
      put(digits[std::to_integer<unsigned>(byte) & 15]);
      column += 2;
      first = false;
    }
    at += static_cast<std::uint32_t>(piece.size());
  }
  text.append(block, used);
}

void export_key(Key key, std::string& path, std::string& text, const TextSink& sink, const TextOptions& options) {
  constexpr std::size_t flush_size = 1 << 16;
  text += '\n' + key_line(path, options) + '\n';
  for (const Value value : key.values()) {
    text += value_line(value.name(), value.type(), value.data(), options) + '\n';
    if (text.size() > flush_size) sink(text), text.clear();
  }
  const std::size_t size = path.size();
  for (const Key subkey : key.subkeys()) {
    if (size > 0) path += '\\';
    path += subkey.name().utf8();
    export_key(subkey, path, text, sink, options);
    path.resize(size);
  }
}

}  // namespace

std::string key_line(std::string_view path, const TextOptions& options) {
  std::string line = '[' + options.prefix;
  if (!path.empty()) {
    line += '\\';
    line += printable(path);
  }
  return line + ']';
}

std::string printable(std::string_view text) {
  const auto is_control = [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F; };
  std::string shown;
  if (std::ranges::none_of(text, is_control)) return shown = text;
  for (const char letter : text) {
    if (!is_control(letter)) {
      shown += letter;
    } else {
      shown += "\xE2\x90";  // U+2400 and following in UTF-8
      shown += static_cast<char>(letter == 0x7F ? 0xA1 : 0x80 + letter);
    }
  }
  return shown;
}

std::string name_text(Name name) {
  std::string text;
  if (name.empty()) return "@";
  append_quoted(text, printable(name.utf8()));
  return text;
}

std::string value_line(Name name, std::uint32_t type, const Data& data, const TextOptions& options) {
  std::string line = name_text(name) + '=';
  return line + data_text(type, data, options, line.size());
}

std::string data_text(std::uint32_t type, const Data& data, const TextOptions& options, std::size_t column) {
  std::string text;
  if (type == type_string) {
    if (const auto plain = plain_string(data)) return append_quoted(text, *plain), text;
  }
  if (type == type_number && data.size() == 4) {
    text = "dword:";
    append_hex(text, ByteView(data.bytes()).at<std::uint32_t>(0), 8);
    return text;
  }
  text = hex_head(type);
  append_bytes(text, data, options.wrap, column + text.size());
  return text;
}

void export_text(Key key, std::string_view path, const TextSink& sink, const TextOptions& options) {
  std::string text = "Windows Registry Editor Version 5.00\n";
  std::string below(path);
  export_key(key, below, text, sink, options);
  sink(text);
}

}  // namespace roamsync::hive
