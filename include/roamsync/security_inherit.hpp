/// @file
/// Descriptors of new and of copied objects: what a child gets from its folder, what a new profile folder gets, and
/// whether two descriptors say the same.
///
/// Threads: pure functions.
#pragma once

#include <roamsync/security.hpp>

#include <optional>
#include <string>
#include <vector>

namespace roamsync {

/// What a new child is, and who makes it.
struct NewChild {
  Sid owner;                      ///< takes the place of CREATOR OWNER
  std::optional<Sid> group = {};  ///< takes the place of CREATOR GROUP
  bool is_folder = true;
};

/// The entries of a folder's list that go to a new child, as they then stand on the child ([MS-DTYP] 2.5.3.4): effective
/// ones with generic rights mapped and creators replaced, and for a folder those it passes on further. Empty when none is
/// inheritable; a system then uses a default of its own. Fails when a list would pass 64 KiB.
Result<Acl> inherited_entries(const Acl& parent, const NewChild& child);

/// A child's whole descriptor: owner, group and what it inherits; without a DACL when the parent has none.
Result<SecurityDescriptor> inherited_descriptor(const SecurityDescriptor& parent, const NewChild& child);

/// For the folder of a roaming profile that is made on a server: the user owns it, the user and SYSTEM have everything,
/// nothing is inherited from above. Administrators only with `adds_administrators` (policy AddAdminGroupToRUP).
SecurityDescriptor profile_folder_descriptor(const Sid& user, bool adds_administrators = false);

/// Which parts to compare. The DACL is what a profile carries; owners belong to the machine that holds the file.
struct ComparedParts {
  bool owner = false;
  bool group = false;
  bool dacl = true;
  bool sacl = false;
};

/// In words, what `left` and `right` say differently; empty when they mean the same. Where the parts lie, revisions, the
/// mark "inherited", slack, generic rights against what they mean, one entry against several that add up to it, and the
/// order among entries that only grant are no differences. Two lists that this calls equal grant everybody the same here
/// and in all that is made below; lists that are equal in a way that takes more thought may still be called different.
std::vector<std::string> differences_in_meaning(const SecurityDescriptor& left, const SecurityDescriptor& right,
                                                const ComparedParts& parts = {});

}  // namespace roamsync
