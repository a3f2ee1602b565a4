#include "session/subject.hpp"

#include <roamsync/security_posix.hpp>

#include "session/nt_list.hpp"

#include <algorithm>
#include <array>

namespace roamsync {
namespace {

constexpr std::uint32_t root = 0;

// A domain's accounts for its administrators and machines; a roaming user is in none of them.
bool is_privileged_account(const Sid& sid) {
  constexpr std::array<std::uint32_t, 8> rids{500, 502, 512, 515, 516, 518, 519, 521};
  return std::find(rids.begin(), rids.end(), sid.rid()) != rids.end();
}

// Root works for the owner of the folder, but makes one in the folder above as root.
std::uint32_t user_of_caller(const AccessFacts& facts, const AccessInquiry& inquiry, JudgedFolder folder) {
  if (!facts.caller->is_root || folder == JudgedFolder::above) return facts.caller->id;
  if (inquiry.works_for) return *inquiry.works_for;
  return facts.ownership ? facts.ownership->owner : facts.caller->id;
}

void add_numbers_of_sids(const AccessFacts& facts, const SecurityDescriptor* list, Subject& subject) {
  subject.number = posix_user_of(subject.sids.front());
  for (const Sid& sid : subject.sids) {
    if (const auto group = posix_group_of(sid)) subject.groups.push_back(*group);
  }
  // The list's owner and the file's are the same user, unless the file is root's.
  const bool owns = list != nullptr && list->owner == subject.sids.front();
  if (!subject.number && owns && facts.ownership && facts.ownership->owner != root && !facts.is_network_mount) {
    subject.number = facts.ownership->owner;
  }
}

void add_caller(const AccessFacts& facts, const AccessInquiry& inquiry, const SecurityDescriptor* list,
                JudgedFolder folder, Subject& subject) {
  const std::uint32_t user = user_of_caller(facts, inquiry, folder);
  // Of the file system itself root has its own rights.
  subject.number = facts.caller->id;
  subject.sids.push_back(sid_of_posix_user(user));
  if (user == facts.caller->id) {
    subject.groups = facts.caller->groups;
    for (const std::uint32_t group : subject.groups) subject.sids.push_back(sid_of_posix_group(group));
  }
  // Where the list names a user as its owner root works for that one.
  const bool is_for_itself =
      folder == JudgedFolder::above || list == nullptr || !list->owner || is_of_administrators(*list->owner);
  if (user == root && is_for_itself) {
    subject.sids.push_back(sids::administrators);
    subject.sids.push_back(sids::system);
  }
  const bool owns = facts.ownership && facts.ownership->owner == user && !facts.is_network_mount;
  if (owns && list != nullptr && list->owner && !is_of_administrators(*list->owner)) {
    subject.sids.insert(subject.sids.begin(), *list->owner);
  }
}

}  // namespace

Subject subject_of(const AccessFacts& facts, const AccessInquiry& inquiry, const SecurityDescriptor* list,
                   JudgedFolder folder) {
  Subject subject{.sids = inquiry.user, .is_given = !inquiry.user.empty()};
  if (subject.is_given) {
    add_numbers_of_sids(facts, list, subject);
  } else if (facts.caller) {
    subject.is_caller = true;
    add_caller(facts, inquiry, list, folder, subject);
  } else {
    subject.sids.push_back(sids::authenticated_users);
  }
  for (const Sid& sid : {sids::everyone, sids::authenticated_users, sids::network, sids::users}) {
    subject.sids.push_back(sid);
  }
  return subject;
}

Result<std::string> name_of_asker(Store& store, const AccessFacts& root_facts, const std::string& this_user) {
  if (!root_facts.caller || !root_facts.caller->is_root) return this_user;
  BOOST_OUTCOME_TRY(StoreOwner owner, store.owner());
  return std::move(owner.name);
}

InFavour read_in_favour(const SecurityDescriptor& descriptor, const std::vector<Sid>& known) {
  InFavour out{.descriptor = descriptor};
  if (!descriptor.dacl) return out;
  Acl list;
  for (const AceView ace : *descriptor.dacl) {
    const Sid sid = ace.sid();
    const bool is_open = ace.is_known() && (sid.is_domain_account() || sid.authority() == 22) &&
                         !is_privileged_account(sid) && std::find(known.begin(), known.end(), sid) == known.end();
    if (is_open && (ace.type() == AceType::denied || ace.type() == AceType::denied_callback)) {
      // An entry that denies nothing keeps the others' numbers.
      Ace harmless = ace.ace();
      harmless.mask = 0;
      static_cast<void>(list.add(harmless));
      out.is_changed = true;
      continue;
    }
    if (is_open && ace.type() == AceType::allowed && !ace.has(ace_flag::inherit_only)) {
      out.taken_for_granted.push_back(sid);
    }
    static_cast<void>(list.add(ace));
  }
  if (out.is_changed) out.descriptor.dacl = std::move(list);
  return out;
}

}  // namespace roamsync
