#include <roamsync/security_samba_share.hpp>

#include <algorithm>
#include <array>

#include "base/upcase.hpp"

namespace roamsync {
namespace {

constexpr std::array changes_rights{"force user", "force group", "admin users",   "read list",
                                    "write list", "valid users", "invalid users", "hosts allow",
                                    "hosts deny", "available",   "guest only"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_yes(std::string_view value) {
  constexpr std::array words{"yes", "true", "1"};
  return std::any_of(words.begin(), words.end(),
                     [value](std::string_view word) { return compare_upcased(value, word) == 0; });
}

// Calls `take(section, name, value)` for each line; a section's heading comes with an empty name.
template <class Take>
void read_lines(std::string_view text, Take take) {
  std::string_view section;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.size() > 2 && line.front() == '[' && line.back() == ']') {
      section = line.substr(1, line.size() - 2);
      take(section, std::string_view(), std::string_view());
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == line.npos) continue;
    take(section, trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
  }
}

bool is_same(std::string_view left, std::string_view right) { return compare_upcased(left, right) == 0; }

bool has_word(std::string_view list, std::string_view word) {
  for (std::size_t at = 0; (at = list.find(word, at)) != list.npos; at += word.size()) {
    const bool begins = at == 0 || list[at - 1] == ' ' || list[at - 1] == ',';
    const std::size_t end = at + word.size();
    if (begins && (end == list.size() || list[end] == ' ' || list[end] == ',' || list[end] == ':')) return true;
  }
  return false;
}

void apply(SambaShare& share, std::string_view name, std::string_view value) {
  if (is_same(name, "read only")) share.is_read_only = is_yes(value);
  if (is_same(name, "vfs objects")) share.reads_nt_lists = has_word(value, "acl_xattr");
  if (is_same(name, "acl_xattr:ignore system acls")) share.ignores_posix_changes = is_yes(value);
  for (const std::string_view other : changes_rights) {
    if (!is_same(name, other) || value.empty()) continue;
    std::erase_if(share.not_judged, [other](const std::string& one) { return one.starts_with(other); });
    share.not_judged.push_back(std::string(other) + " = " + std::string(value));
  }
}

}  // namespace

std::optional<SambaShare> find_samba_share(std::string_view testparm, std::string_view share) {
  if (is_same(share, "global")) return std::nullopt;
  SambaShare found;
  bool exists = false;
  // What [global] says of shares holds for those that do not say otherwise; it comes first.
  read_lines(testparm, [&](std::string_view section, std::string_view name, std::string_view value) {
    const bool is_wanted = is_same(section, share);
    exists = exists || is_wanted;
    if (!name.empty() && (is_wanted || is_same(section, "global"))) apply(found, name, value);
  });
  return exists ? std::optional(std::move(found)) : std::nullopt;
}

std::string state_directory_of_samba(std::string_view testparm) {
  std::string folder;
  read_lines(testparm, [&](std::string_view section, std::string_view name, std::string_view value) {
    if (is_same(section, "global") && is_same(name, "state directory")) folder = value;
  });
  return folder;
}

}  // namespace roamsync
