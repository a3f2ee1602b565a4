#include <roamsync/security_inherit.hpp>
#include <roamsync/security_sddl.hpp>

#include <map>
#include <utility>

#include "security/sddl_words.hpp"

namespace roamsync {
namespace {

// Where entries meet: on the object, on its direct children, and on what is deeper. Each place sees the entries that mean
// it, in their order.
enum class Scope : std::uint8_t { self, child_folders, deeper_folders, child_files, deeper_files };
constexpr std::array all_scopes{Scope::self, Scope::child_folders, Scope::deeper_folders, Scope::child_files,
                                Scope::deeper_files};

bool is_meant(std::uint8_t flags, Scope scope) {
  const bool goes_on = (flags & ace_flag::no_propagate) == 0;
  const bool folders = (flags & ace_flag::container_inherit) != 0;
  const bool files = (flags & ace_flag::object_inherit) != 0;
  switch (scope) {
    case Scope::self: return (flags & ace_flag::inherit_only) == 0;
    case Scope::child_folders: return folders;
    case Scope::deeper_folders: return folders && goes_on;
    case Scope::child_files: return files;
    case Scope::deeper_files: return files && goes_on;
  }
  return false;
}

/// Entries that may change places among each other: all grant, or all deny. Entries of other types stand alone.
struct Run {
  AceType type = AceType::allowed;
  std::map<Sid, AccessMask> masks = {};
  std::optional<Ace> other = {};  ///< what such an entry says; its flags about inheritance are cleared
  friend bool operator==(const Run&, const Run&) = default;
};

// Padding behind the Sid says nothing.
Ace said_by(AceView view) {
  Ace ace;
  if (view.is_known()) {
    ace = view.ace();
    ace.mask = file_mapping.map(ace.mask);
    if (!sddl::has_seventh_field(ace.type)) ace.data.clear();
  } else {
    ace.type = view.type();
    ace.data.assign(view.data().begin(), view.data().end());
  }
  ace.flags = static_cast<std::uint8_t>(view.flags() & ~(ace_flag::inheritance | ace_flag::inherited));
  return ace;
}

std::vector<Run> meaning_of(const Acl& acl, Scope scope) {
  std::vector<Run> runs;
  std::map<Sid, AccessMask> decided;  // by an earlier entry for that very Sid
  for (const AceView ace : acl) {
    if (!is_meant(ace.flags(), scope)) continue;
    if (ace.type() != AceType::allowed && ace.type() != AceType::denied) {
      runs.push_back({.type = ace.type(), .other = said_by(ace)});
      continue;
    }
    const auto [entry, is_first] = decided.try_emplace(ace.sid(), 0);
    AccessMask& done = entry->second;
    const AccessMask mask = file_mapping.map(ace.mask()) & ~done;
    // An entry for OWNER RIGHTS takes the owner's implicit rights away even when it says nothing else.
    if (mask == 0 && !(is_first && ace.sid() == sids::owner_rights)) continue;
    done |= mask;
    if (runs.empty() || runs.back().type != ace.type()) runs.push_back({.type = ace.type()});
    runs.back().masks[ace.sid()] |= mask;
  }
  return runs;
}

bool same_list(const std::optional<Acl>& left, const std::optional<Acl>& right) {
  if (left.has_value() != right.has_value()) return false;
  if (!left) return true;
  for (const Scope scope : all_scopes) {
    if (meaning_of(*left, scope) != meaning_of(*right, scope)) return false;
  }
  return true;
}

std::string sid_text(const std::optional<Sid>& sid) { return sid ? print_sddl(*sid) : std::string("none"); }

std::string list_text(const SecurityDescriptor& descriptor, bool is_dacl) {
  SecurityDescriptor part;
  part.flags = descriptor.flags;
  (is_dacl ? part.dacl : part.sacl) = is_dacl ? descriptor.dacl : descriptor.sacl;
  if (!(is_dacl ? part.dacl : part.sacl)) return "none";
  part.flags = static_cast<std::uint16_t>(part.flags & ~(is_dacl ? control::sacl_present : control::dacl_present));
  return print_sddl(part);
}

}  // namespace

std::vector<std::string> differences_in_meaning(const SecurityDescriptor& left, const SecurityDescriptor& right,
                                                const ComparedParts& parts) {
  std::vector<std::string> differences;
  const auto differs = [&](std::string_view what, const std::string& l, const std::string& r) {
    differences.push_back(std::string(what) + ": " + l + " against " + r);
  };
  if (parts.owner && left.owner != right.owner) differs("owner", sid_text(left.owner), sid_text(right.owner));
  if (parts.group && left.group != right.group) differs("group", sid_text(left.group), sid_text(right.group));
  const auto protection_differs = [&](std::uint16_t flag) { return ((left.flags ^ right.flags) & flag) != 0; };
  if (parts.dacl && (!same_list(left.dacl, right.dacl) || (left.dacl && protection_differs(control::dacl_protected)))) {
    differs("access list", list_text(left, true), list_text(right, true));
  }
  if (parts.sacl && (!same_list(left.sacl, right.sacl) || (left.sacl && protection_differs(control::sacl_protected)))) {
    differs("audit list", list_text(left, false), list_text(right, false));
  }
  return differences;
}

}  // namespace roamsync
