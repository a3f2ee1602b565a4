#include <roamsync/security_inherit.hpp>

namespace roamsync {
namespace {

constexpr std::uint8_t goes_down = ace_flag::object_inherit | ace_flag::container_inherit;

bool is_creator(const Sid& sid) { return sid == sids::creator_owner || sid == sids::creator_group; }

// As it counts on the child itself.
Ace effective(Ace ace, const NewChild& child, std::uint8_t flags) {
  ace.flags = static_cast<std::uint8_t>((ace.flags & ~ace_flag::inheritance) | ace_flag::inherited | flags);
  ace.mask = file_mapping.map(ace.mask);
  if (ace.sid == sids::creator_owner) ace.sid = child.owner;
  if (ace.sid == sids::creator_group && child.group) ace.sid = *child.group;
  return ace;
}

// As the child hands it on, unchanged.
Ace handed_on(Ace ace, std::uint8_t flags) {
  ace.flags = static_cast<std::uint8_t>((ace.flags & ~ace_flag::inheritance) | ace_flag::inherited | flags);
  return ace;
}

Result<void> add_for_folder(const Ace& ace, const NewChild& child, Acl& acl) {
  const bool is_for_folders = (ace.flags & ace_flag::container_inherit) != 0;
  const bool stops_here = (ace.flags & ace_flag::no_propagate) != 0;
  const auto down = static_cast<std::uint8_t>(ace.flags & goes_down);
  const auto down_only = static_cast<std::uint8_t>(down | ace_flag::inherit_only);
  // An entry for one class of directory objects means no folder.
  const bool is_effective = is_for_folders && !ace.inherited_object_type;
  if (stops_here) return is_effective ? acl.add(effective(ace, child, 0)) : success();
  if (!is_effective) return acl.add(handed_on(ace, down_only));
  // What changes when it becomes effective cannot be handed on in the same entry.
  const bool must_split = is_creator(ace.sid) || (ace.mask & access::generic) != 0;
  if (!must_split) return acl.add(effective(ace, child, down));
  BOOST_OUTCOME_TRY(acl.add(effective(ace, child, 0)));
  return acl.add(handed_on(ace, down_only));
}

}  // namespace

Result<Acl> inherited_entries(const Acl& parent, const NewChild& child) {
  Acl acl;
  for (const AceView view : parent) {
    if (!view.is_known() || !view.has(goes_down)) continue;
    const Ace ace = view.ace();
    if (child.is_folder) {
      BOOST_OUTCOME_TRY(add_for_folder(ace, child, acl));
    } else if (view.has(ace_flag::object_inherit) && !ace.inherited_object_type) {
      BOOST_OUTCOME_TRY(acl.add(effective(ace, child, 0)));
    }
  }
  return acl;
}

Result<SecurityDescriptor> inherited_descriptor(const SecurityDescriptor& parent, const NewChild& child) {
  SecurityDescriptor descriptor;
  descriptor.owner = child.owner;
  descriptor.group = child.group;
  if (!parent.dacl) return descriptor;
  BOOST_OUTCOME_TRY(auto dacl, inherited_entries(*parent.dacl, child));
  descriptor.set_dacl(std::move(dacl));
  descriptor.flags |= control::dacl_auto_inherited;
  return descriptor;
}

SecurityDescriptor profile_folder_descriptor(const Sid& user, bool adds_administrators) {
  SecurityDescriptor descriptor;
  descriptor.owner = user;
  Acl dacl;
  const auto grant_all = [&](const Sid& sid) {
    // Three entries are far from the size a list can have.
    static_cast<void>(dacl.add(Ace{.flags = goes_down, .mask = access::file_all, .sid = sid}));
  };
  grant_all(user);
  grant_all(sids::system);
  if (adds_administrators) grant_all(sids::administrators);
  descriptor.set_dacl(std::move(dacl));
  descriptor.flags |= control::dacl_protected | control::dacl_auto_inherited;
  return descriptor;
}

}  // namespace roamsync
