#include <roamsync/security_explain.hpp>
#include <roamsync/security_sddl.hpp>

#include <algorithm>
#include <bit>

#include "security/cure.hpp"
#include "security/evaluate.hpp"
#include "security/number_text.hpp"

namespace roamsync {
namespace {

using Reason = MissingRight::Reason;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string_view name_of_side(AclSide side) { return side == AclSide::share ? "share" : "file"; }

// Which entry of the list denies `bit` to the token, when one does.
MissingRight find_reason(const SecurityDescriptor& descriptor, const Token& token, AccessMask bit, AclSide side) {
  MissingRight missing{.bit = bit, .name = access_names(bit).front(), .acl = side};
  if (bit == access::system_security) {
    missing.reason = Reason::privilege;
    return missing;
  }
  if (!descriptor.dacl) return missing;
  const bool owns = is_owner(descriptor, token);
  std::size_t index = 0;
  for (const AceView ace : *descriptor.dacl) {
    if ((file_mapping.map(ace.mask()) & bit) != 0 && effect_of(ace, token, owns) == AceEffect::denies) {
      missing.reason = Reason::denied;
      missing.index = index;
      missing.entry = print_sddl(ace);
      return missing;
    }
    ++index;
  }
  return missing;
}

bool grants_on_a_condition(AceView ace, const Token& token) {
  const bool is_conditional = ace.type() == AceType::allowed_callback || ace.type() == AceType::allowed_callback_object;
  return is_conditional && !ace.has(ace_flag::inherit_only) && token.has(ace.sid_bytes());
}

bool denies_on_a_condition(AceView ace) {
  return ace.type() == AceType::denied_callback || ace.type() == AceType::denied_callback_object;
}

// "Everyone has Change (0x1301bf)", for each entry that grants the token something.
std::string grants_in_words(const AccessQuestion& question, AclSide side) {
  const SecurityDescriptor* descriptor = side == AclSide::share ? &*question.share : &question.file;
  if (!descriptor->dacl || descriptor->dacl->empty()) return "it has no entries";
  std::vector<std::string> grants;
  const bool owns = is_owner(*descriptor, question.token);
  std::size_t index = 0;
  for (const AceView ace : *descriptor->dacl) {
    const AccessMask mask = file_mapping.map(ace.mask());
    const bool grants_now = effect_of(ace, question.token, owns) == AceEffect::grants;
    const bool is_conditional = grants_on_a_condition(ace, question.token);
    if (mask != 0 && (grants_now || is_conditional)) {
      grants.push_back("entry " + std::to_string(index) + (is_conditional ? " would give " : " gives ") +
                       display_name(question, ace.sid()) + ' ' +
                       (side == AclSide::share ? share_permission_name(mask) : file_permission_name(mask)) + " (" +
                       hex_text(mask) + ')' + (is_conditional ? " on a condition, which is not evaluated here" : ""));
    }
    ++index;
  }
  return grants.empty() ? "no entry is for this user" : joined(grants);
}

std::string reason_in_words(const AccessQuestion& question, const std::vector<MissingRight>& rows) {
  const MissingRight& first = rows.front();
  std::vector<std::string> names;
  for (const MissingRight& row : rows) names.push_back(row.name);
  const std::string rights = joined(names);
  const std::string who = display_name(question, question.token.user());
  const bool is_named = first.acl == AclSide::file && !question.object.empty();
  const std::string list = is_named ? "the access list of " + question.object
                                    : "the " + std::string(name_of_side(first.acl)) + "'s access list";
  switch (first.reason) {
    case Reason::denied: {
      const SecurityDescriptor& descriptor = first.acl == AclSide::share ? *question.share : question.file;
      auto ace = descriptor.dacl->begin();
      for (std::size_t i = 0; i < *first.index; ++i) ++ace;
      return list + " denies " + rights + " to " + display_name(question, (*ace).sid()) + " by entry " +
             std::to_string(*first.index) + ", " + first.entry +
             (denies_on_a_condition(*ace) ? " (its condition is not evaluated here and taken to hold)" : "");
    }
    case Reason::not_granted:
      if (first.acl == AclSide::share && !question.share) {
        return "the share shows " + hex_text(question.share_mask.value_or(0)) + " to " + who + ", which lacks " +
               rights;
      }
      return list + " does not grant " + rights + " to " + who + ": " + grants_in_words(question, first.acl);
    case Reason::read_only_share:
      return "the share is read-only, which refuses " + rights + " whatever its list grants";
    case Reason::privilege: return rights + " comes with the privilege SeSecurityPrivilege only, no entry grants it";
  }
  return {};
}

// What the share shows and passes of `wanted` and of all other bits. The server adds what privileges grant.
ShareAccess share_access_of(const AccessQuestion& question, AccessMask wanted) {
  ShareAccess share{~AccessMask{0}, ~AccessMask{0}};
  if (question.share) {
    share = share_access(*question.share, question.token, question.is_share_read_only);
    share.shown |= check_access(*question.share, question.token, wanted).granted;
    if (!question.is_share_read_only) share.passes = share.shown;
  } else if (question.share_mask) {
    share = share_access(*question.share_mask);
    // A read-only share refuses all it lacks for that one reason.
    share.shown = file_mapping.map(share.shown);
    if (share.shown != share.passes) share.shown = ~AccessMask{0};
    if (question.is_share_read_only) share.passes &= access::share_read;
  } else if (question.is_share_read_only) {
    share.passes = access::share_read;
  }
  share.shown |= access::system_security;
  share.passes |= access::system_security;
  return share;
}

}  // namespace

std::string display_name(const AccessQuestion& question, const Sid& sid) {
  std::string name = question.name_of ? question.name_of(sid) : std::string();
  if (name.empty()) name = well_known_name(sid);
  return name.empty() ? sid.text() : name;
}

std::string Explanation::sentence() const {
  if (missing == 0) return {};
  std::string out = joined(access_names(missing)) + (std::has_single_bit(missing) ? " is missing: " : " are missing: ");
  for (std::size_t i = 0; i < reasons.size(); ++i) out += (i == 0 ? "" : "; ") + reasons[i];
  for (std::size_t i = 0; i < cures.size(); ++i) out += (i == 0 ? ". Cure: " : "; and ") + cures[i].words;
  return out;
}

Explanation explain_access(const AccessQuestion& question) {
  const AccessMask wanted = file_mapping.map(question.wanted) & ~access::maximum_allowed;
  const ShareAccess share = share_access_of(question, wanted);

  Explanation explanation;
  explanation.file =
      granted_access(question.file, question.token) | check_access(question.file, question.token, wanted).granted;
  const bool knows_share = question.share || question.share_mask || question.is_share_read_only;
  explanation.share = knows_share ? share.passes & ~access::system_security : access::file_all;
  explanation.granted = explanation.file & share.passes;
  const AccessMask stopped_by_share = wanted & ~share.passes;
  const AccessMask wanted_of_file = question.file_wanted ? file_mapping.map(*question.file_wanted) & wanted : wanted;
  const AccessMask stopped_by_file = wanted_of_file & ~explanation.file;
  explanation.missing = stopped_by_share | stopped_by_file;

  for (AccessMask bit = 1; bit != 0; bit <<= 1) {
    if ((stopped_by_share & bit) == 0) continue;
    MissingRight missing{.bit = bit, .name = access_names(bit).front(), .acl = AclSide::share};
    if ((share.shown & bit) != 0) {
      missing.reason = Reason::read_only_share;
    } else if (question.share) {
      missing = find_reason(*question.share, question.token, bit, AclSide::share);
    }
    explanation.because.push_back(std::move(missing));
  }
  for (AccessMask bit = 1; bit != 0; bit <<= 1) {
    if ((stopped_by_file & bit) == 0) continue;
    explanation.because.push_back(find_reason(question.file, question.token, bit, AclSide::file));
  }

  std::vector<std::vector<MissingRight>> groups;
  for (const MissingRight& row : explanation.because) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const std::vector<MissingRight>& candidate) {
      const MissingRight& first = candidate.front();
      return first.acl == row.acl && first.reason == row.reason && first.index == row.index;
    });
    if (group == groups.end()) {
      groups.push_back({row});
    } else {
      group->push_back(row);
    }
  }
  for (const auto& group : groups) explanation.reasons.push_back(reason_in_words(question, group));

  if (stopped_by_share != 0) {
    if (auto cure = cure_share(question, wanted)) explanation.cures.push_back(std::move(*cure));
  }
  if (stopped_by_file != 0) {
    if (auto cure = cure_file(question, wanted_of_file)) explanation.cures.push_back(std::move(*cure));
  }
  return explanation;
}

}  // namespace roamsync
