/// @file
/// Trees as literals, one entry a line:
///
///     d Desktop
///     f 100 5 Desktop/a b.txt #v2
///     f 100 2026-11-21T08:15:30.1234567Z NTUSER.DAT
///
/// A file has a size, a time and a path; a plain number as time is that many seconds after 2026-11-21T08:00:00Z. ` #word` at the
/// end is its content: equal words, equal digests. ` @7` before it is its id, ` ~word` before that its access list. Folders above an entry need no line. Lines
/// may be indented; empty ones and those that start with `//` are skipped.
#pragma once

#include <roamsync/tree.hpp>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace roamsync::testing {

inline Digest content_digest(std::string_view word) { return digest_of(std::as_bytes(std::span(word))); }

/// Seconds after 2026-11-21T08:00:00Z.
inline FileTime at_second(std::int64_t second) {
  using namespace std::chrono;
  constexpr sys_seconds start = sys_days{year{2026} / 11 / 21} + hours(8);
  return FileTime::from_unix(start.time_since_epoch().count() + second, 0);
}

inline FileTime parse_time(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0, ticks = 0;
  const int fields =
      std::sscanf(text.c_str(), "%d-%u-%uT%u:%u:%u.%7uZ", &year, &month, &day, &hour, &minute, &second, &ticks);
  if (fields == 1 && text.find('-', 1) == text.npos) return at_second(std::stoll(text));
  if (fields < 6) throw std::invalid_argument("no time: " + text);
  using namespace std::chrono;
  const sys_seconds moment = sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)} +
                             hours(hour) + minutes(minute) + seconds(second);
  return FileTime::from_unix(moment.time_since_epoch().count(), std::int64_t{ticks} * 100);
}

inline Entry parse_entry(std::string line) {
  Entry entry;
  if (const auto mark = line.rfind(" #"); mark != line.npos) {
    entry.digest = content_digest(std::string_view(line).substr(mark + 2));
    line.resize(mark);
  }
  if (const auto mark = line.rfind(" @"); mark != line.npos) {
    entry.id = std::stoull(line.substr(mark + 2));
    line.resize(mark);
  }
  if (const auto mark = line.rfind(" ~"); mark != line.npos) {
    entry.access_mark = access_mark_of(std::string_view(line).substr(mark + 2));
    line.resize(mark);
  }
  std::istringstream words(line);
  std::string kind, time, path;
  words >> kind;
  if (kind == "d") {
    entry.kind = EntryKind::directory;
  } else if (kind == "f" && words >> entry.size >> time) {
    entry.modified = parse_time(time);
  } else {
    throw std::invalid_argument("no entry: " + line);
  }
  std::getline(words >> std::ws, path);
  entry.path = ProfilePath::literal(path);
  return entry;
}

inline Tree tree(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::vector<Entry> entries;
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(' '));
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (line.empty() || line.starts_with("//")) continue;
    entries.push_back(parse_entry(std::move(line)));
  }
  return Tree(std::move(entries));
}

inline std::string text_of(const Tree& tree) {
  std::ostringstream out;
  out << tree;
  return out.str();
}

}  // namespace roamsync::testing
