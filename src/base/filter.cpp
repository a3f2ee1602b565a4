#include <roamsync/filter.hpp>

#include "base/upcase.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace roamsync {
namespace {

// What Windows leaves on the machine. The first group stands at the root; Prf*.tmp may lie in any folder (KB 328607).
constexpr std::array windows_defaults{
    "AppData/Local",  "AppData/LocalLow",         "Local Settings",   "History",
    "Temp",           "Temporary Internet Files", "/NTUSER.DAT.LOG*", "/NTUSER.DAT{*}.TM.BLF",
    "/*.REGTRANS-MS", "/NTUSER.MAN.LOG*"};
constexpr const char* profile_service_temporary = "Prf*.tmp";
constexpr std::string_view any_depth = "**";

std::string_view take_component(std::string_view& rest) noexcept {
  const std::size_t slash = rest.find('/');
  const std::string_view component = rest.substr(0, slash);
  rest.remove_prefix(slash == rest.npos ? rest.size() : slash + 1);
  return component;
}

// One component against one pattern without separators. On a mismatch behind a star the star takes one character more.
bool matches_component(std::string_view pattern, std::string_view name) noexcept {
  std::string_view pattern_after_star;
  std::string_view name_after_star;
  bool starred = false;
  while (!name.empty()) {
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(1);
      if (pattern.empty()) return true;
      starred = true;
      pattern_after_star = pattern;
      name_after_star = name;
      continue;
    }
    const UpcasedCharacter found = first_upcased(name);
    if (!pattern.empty()) {
      const UpcasedCharacter wanted = first_upcased(pattern);  // upper case already; taken for its size
      if (pattern.front() == '?' || wanted.value == found.value) {
        pattern.remove_prefix(wanted.size);
        name.remove_prefix(found.size);
        continue;
      }
    }
    if (!starred) return false;
    name_after_star.remove_prefix(first_upcased(name_after_star).size);
    name = name_after_star;
    pattern = pattern_after_star;
  }
  return pattern.find_first_not_of('*') == pattern.npos;
}

using Components = std::span<const std::string>;

// True when the pattern names `path` or a folder above it.
bool matches_path_or_above(Components pattern, std::string_view path) noexcept {
  while (!pattern.empty()) {
    if (pattern.front() == any_depth) {
      for (;;) {
        if (matches_path_or_above(pattern.subspan(1), path)) return true;
        if (path.empty()) return false;
        take_component(path);
      }
    }
    if (path.empty() || !matches_component(pattern.front(), take_component(path))) return false;
    pattern = pattern.subspan(1);
  }
  return true;
}

// True when the pattern may name something strictly below `folder`.
bool may_match_below(Components pattern, std::string_view folder) noexcept {
  for (; !folder.empty(); pattern = pattern.subspan(1)) {
    if (pattern.empty()) return false;
    if (pattern.front() == any_depth) return true;
    if (!matches_component(pattern.front(), take_component(folder))) return false;
  }
  return !pattern.empty();
}

bool has_wildcard(std::string_view text) noexcept { return text.find_first_of("*?") != text.npos; }

bool ends_upcased(std::string_view name, std::string_view suffix) noexcept {
  return name.size() >= suffix.size() && compare_upcased(name.substr(name.size() - suffix.size()), suffix) == 0;
}

bool is_upcased(std::string_view name, std::string_view other) noexcept {
  return name.size() == other.size() && compare_upcased(name, other) == 0;
}

bool is_own_name(std::string_view path) noexcept {
  std::string_view rest = path;
  const std::string_view first = take_component(rest);
  if (is_upcased(first, record_folder_name)) return true;
  if (is_upcased(first, hive_temporary_name) || is_upcased(first, "NTUSER.MAN.tmp")) return true;
  for (rest = path; !rest.empty();) {
    if (ends_upcased(take_component(rest), temporary_suffix)) return true;
  }
  return false;
}

Error bad_pattern(const std::string& text, std::string_view expected, std::string_view found) {
  return Error(Errc::bad_name,
               {.step = "filter", .path = text, .expected = std::string(expected), .found = std::string(found)});
}

}  // namespace

Result<Filter::Pattern> Filter::compile(const std::string& text) {
  std::string normal = text;
  std::replace(normal.begin(), normal.end(), '\\', '/');
  std::string_view rest = normal;
  const bool anchored = !rest.empty() && rest.front() == '/';
  if (anchored) rest.remove_prefix(1);
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  if (rest.empty()) return bad_pattern(text, "a pattern names something", "an empty pattern");

  Pattern pattern;
  pattern.text = text;
  if (!anchored && rest.find('/') == rest.npos && has_wildcard(rest)) pattern.components.emplace_back(any_depth);
  if (rest.find("//") != rest.npos) return bad_pattern(text, "a component is not empty", "//");
  while (!rest.empty()) {
    const std::string_view component = take_component(rest);
    if (component == any_depth) {
      if (pattern.components.empty() || pattern.components.back() != any_depth) {
        pattern.components.emplace_back(any_depth);
      }
      continue;
    }
    std::string example(component);  // a name the component matches
    std::replace_if(
        example.begin(), example.end(), [](char c) { return c == '*' || c == '?'; }, 'x');
    if (const std::string_view fault = ProfilePath::fault_of_name(example); !fault.empty()) {
      return bad_pattern(text, fault, component);
    }
    pattern.components.push_back(upcase(component));
  }
  return pattern;
}

Filter::Filter() {
  for (const char* text : windows_defaults) built_in_.push_back(compile(text).value());
  built_in_.push_back(compile(profile_service_temporary).value());
  built_in_.back().files_only = true;
}

Result<Filter> Filter::make(std::span<const std::string> exclude, std::span<const std::string> include) {
  Filter filter;
  for (const std::string& text : exclude) {
    BOOST_OUTCOME_TRY(auto pattern, compile(text));
    filter.exclude_.push_back(std::move(pattern));
  }
  for (const std::string& text : include) {
    BOOST_OUTCOME_TRY(auto pattern, compile(text));
    filter.include_.push_back(std::move(pattern));
  }
  return filter;
}

const Filter::Pattern* Filter::find_match(std::span<const Pattern> patterns, std::string_view path,
                                          bool is_directory) noexcept {
  for (const Pattern& pattern : patterns) {
    if (pattern.files_only) {
      // A name pattern for files: what lies in a folder of such a name is not meant.
      const std::size_t slash = path.rfind('/');
      const std::string_view name = slash == path.npos ? path : path.substr(slash + 1);
      if (!is_directory && matches_component(pattern.components.back(), name)) return &pattern;
      continue;
    }
    if (matches_path_or_above(pattern.components, path)) return &pattern;
  }
  return nullptr;
}

bool Filter::admits(const ProfilePath& path, bool is_directory) const {
  if (is_own_name(path) || find_match(built_in_, path.text(), is_directory) != nullptr) return false;
  return find_match(exclude_, path.text(), is_directory) == nullptr ||
         find_match(include_, path.text(), is_directory) != nullptr;
}

bool Filter::prunes(const ProfilePath& folder) const {
  if (is_own_name(folder) || find_match(built_in_, folder.text(), true) != nullptr) return true;
  if (admits(folder, true)) return false;
  return std::none_of(include_.begin(), include_.end(),
                      [&](const Pattern& pattern) { return may_match_below(pattern.components, folder.text()); });
}

std::string Filter::why_excluded(const ProfilePath& path, bool is_directory) const {
  if (is_own_name(path)) return "roamsync's own name";
  if (const Pattern* pattern = find_match(built_in_, path.text(), is_directory); pattern != nullptr) {
    return pattern->text;
  }
  const Pattern* pattern = find_match(exclude_, path.text(), is_directory);
  if (pattern == nullptr || find_match(include_, path.text(), is_directory) != nullptr) return {};
  return pattern->text;
}

bool is_own_name(const ProfilePath& path) noexcept { return is_own_name(path.text()); }

}  // namespace roamsync
