/// @file
/// Subject: whose rights a preflight asks for, as far as that is known.
#pragma once

#include <roamsync/preflight.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace roamsync {

/// Who asks, and how sure that is.
struct Subject {
  std::vector<Sid> sids = {};  ///< the user first
  bool is_given = false;
  /// What the system allows this process is what it allows the subject.
  bool is_caller = false;
  /// The user's number in the file system, and the groups'.
  std::optional<std::uint32_t> number = {};
  std::vector<std::uint32_t> groups = {};
};

Subject subject_of(const AccessFacts& facts, const AccessInquiry& inquiry, const SecurityDescriptor* list,
                   JudgedFolder folder);

/// What sentences call whom this process asks for, where nobody was named: root works for the owner of the store. `root_facts`
/// are those of its root folder.
Result<std::string> name_of_asker(Store& store, const AccessFacts& root_facts, const std::string& this_user);

/// A list read in favour of a user whose groups are not known: entries that may be for the user grant and do not deny.
struct InFavour {
  SecurityDescriptor descriptor;
  bool is_changed = false;  ///< an entry that denies was left out
  std::vector<Sid> taken_for_granted = {};
};
InFavour read_in_favour(const SecurityDescriptor& descriptor, const std::vector<Sid>& known);

}  // namespace roamsync
