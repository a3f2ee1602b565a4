#include "plan/keep_both_name.hpp"

#include <algorithm>

namespace roamsync {
namespace {

// In UTF-8 bytes, which are never fewer than UTF-16 units: within Windows' 255.
constexpr std::size_t name_bytes_max = 255;
constexpr std::size_t origin_bytes_max = 64;
constexpr std::size_t extension_bytes_max = 32;

// Cuts at the start of a character.
std::string cut(std::string_view utf8, std::size_t bytes_max) {
  std::size_t size = std::min(utf8.size(), bytes_max);
  while (size > 0 && size < utf8.size() && (static_cast<unsigned char>(utf8[size]) & 0xC0) == 0x80) --size;
  return std::string(utf8.substr(0, size));
}

// `2026-11-21 08.15.30`: no colon, which no name can have.
std::string moment(FileTime now) {
  std::string text = now.text().substr(0, 19);
  std::replace(text.begin(), text.end(), 'T', ' ');
  std::replace(text.begin(), text.end(), ':', '.');
  return text;
}

std::string clean(std::string_view origin) {
  std::string name = cut(origin, origin_bytes_max);
  for (char& c : name) {
    if (!ProfilePath::fault_of_name(std::string("x") + c + "x").empty() && static_cast<unsigned char>(c) < 0x80)
      c = '-';
  }
  return !name.empty() && ProfilePath::fault_of_name("x" + name + "x").empty() ? name : std::string("another machine");
}

}  // namespace

ProfilePath keep_both_name(const ProfilePath& path, std::string_view origin, FileTime now,
                           const std::function<bool(const ProfilePath&)>& taken) {
  const std::string_view name = path.name();
  std::size_t dot = name.rfind('.');
  if (dot == name.npos || dot == 0 || name.size() - dot > extension_bytes_max) dot = name.size();
  std::string label = " (" + clean(origin);
  if (now != FileTime{}) label += ' ' + moment(now);
  const ProfilePath folder = path.parent();
  for (unsigned attempt = 1;; ++attempt) {
    const std::string end =
        label + (attempt == 1 ? ")" : ' ' + std::to_string(attempt) + ')') + std::string(name.substr(dot));
    const std::string stem = cut(name.substr(0, dot), name_bytes_max - end.size());
    ProfilePath candidate = folder.child_unchecked(stem + end);
    if (!taken(candidate)) return candidate;
  }
}

}  // namespace roamsync
