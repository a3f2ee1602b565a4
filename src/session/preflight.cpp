#include <roamsync/preflight.hpp>
#include <roamsync/security_attribute.hpp>

#include "session/posix_side.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace roamsync {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

const std::string* find(const AccessFacts& facts, std::string_view name) {
  const auto found = std::find_if(facts.attributes.begin(), facts.attributes.end(),
                                  [name](const auto& attribute) { return attribute.first == name; });
  return found == facts.attributes.end() ? nullptr : &found->second;
}

// What the file's side is, as far as it is an NT descriptor.
std::optional<SecurityDescriptor> nt_descriptor(const AccessFacts& facts, AccessFinding& finding) {
  for (const std::string_view name : nt_acl_attribute_names) {
    const std::string* value = find(facts, name);
    if (value == nullptr) continue;
    auto attribute = parse_nt_acl_attribute(bytes_of(*value));
    if (attribute) {
      finding.sources.push_back(std::string(name) + ", version " + std::to_string(attribute.value().version));
      return std::move(attribute.value().descriptor);
    }
    finding.notes.push_back(std::string(name) + " cannot be read and is not judged: " + attribute.error().message());
  }
  if (const std::string* value = find(facts, "system.cifs_ntsd")) {
    auto descriptor = SecurityDescriptor::parse(bytes_of(*value));
    if (descriptor) {
      finding.sources.emplace_back("the server's own list (system.cifs_ntsd)");
      return std::move(descriptor).value();
    }
    finding.notes.push_back("system.cifs_ntsd cannot be read and is not judged: " + descriptor.error().message());
  }
  return std::nullopt;
}

bool is_of_administrators(const Sid& sid) { return sid == sids::administrators || sid == sids::system; }

// A domain's accounts for its administrators and machines; a roaming user is in none of them.
bool is_privileged_account(const Sid& sid) {
  constexpr std::array<std::uint32_t, 8> rids{500, 502, 512, 515, 516, 518, 519, 521};
  return std::find(rids.begin(), rids.end(), sid.rid()) != rids.end();
}

/// Who asks, and how sure that is.
struct Subject {
  std::vector<Sid> sids;
  bool is_given = false;
  bool is_caller = false;  ///< what the system allows this process is what it allows the subject
};

// Root works for the owner of the folder.
std::uint32_t posix_subject(const AccessFacts& facts) {
  if (facts.caller->is_root && facts.ownership) return facts.ownership->owner;
  return facts.caller->id;
}

Subject subject_of(const AccessFacts& facts, const AccessInquiry& inquiry,
                   const std::optional<SecurityDescriptor>& nt) {
  Subject subject{.sids = inquiry.user, .is_given = !inquiry.user.empty()};
  if (!subject.is_given) {
    subject.is_caller = true;
    if (facts.caller) {
      const std::uint32_t user = posix_subject(facts);
      subject.sids.push_back(sid_of_posix_user(user));
      if (user == facts.caller->id) {
        for (const std::uint32_t group : facts.caller->groups) subject.sids.push_back(sid_of_posix_group(group));
      }
      const bool owns = facts.ownership && facts.ownership->owner == user && !facts.is_network_mount;
      if (owns && nt && nt->owner) {
        if (!is_of_administrators(*nt->owner)) {
          subject.sids.insert(subject.sids.begin(), *nt->owner);
        } else if (user == 0) {
          subject.sids.push_back(sids::administrators);
          subject.sids.push_back(sids::system);
        }
      }
    } else {
      subject.sids.push_back(sids::authenticated_users);
    }
  }
  for (const Sid& sid : {sids::everyone, sids::authenticated_users, sids::network, sids::users}) {
    subject.sids.push_back(sid);
  }
  return subject;
}

/// A list read in favour of a user whose groups are not known: entries that may be for the user grant and do not deny.
struct InFavour {
  SecurityDescriptor descriptor;
  bool is_changed = false;  ///< an entry that denies was left out
  std::vector<Sid> taken_for_granted;
};

InFavour read_in_favour(const SecurityDescriptor& descriptor, const std::vector<Sid>& known) {
  InFavour out{.descriptor = descriptor};
  if (!descriptor.dacl) return out;
  Acl list;
  for (const AceView ace : *descriptor.dacl) {
    const Sid sid = ace.sid();
    const bool is_open = ace.is_known() && (sid.is_domain_account() || sid.authority() == 22) &&
                         !is_privileged_account(sid) && std::find(known.begin(), known.end(), sid) == known.end();
    if (is_open && ace.type() == AceType::denied) {
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

SecurityDescriptor granting_all() { return {}; }  // no list: everybody may do everything

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : std::string(between)) + word;
  return out;
}

class Judge {
 public:
  Judge(const AccessFacts& facts, const AccessInquiry& inquiry, const std::string& location)
      : facts_(facts), inquiry_(inquiry), location_(location) {}

  AccessFinding run() {
    finding_.required = file_mapping.map(inquiry_.wanted) & ~access::maximum_allowed;
    finding_.is_share_known = inquiry_.knows_share();
    const std::optional<SecurityDescriptor> nt = nt_descriptor(facts_, finding_);
    const Subject subject = subject_of(facts_, inquiry_, nt);
    finding_.is_file_known = nt.has_value();
    ask_lists(nt, subject);
    add_posix(subject, nt.has_value());
    if (!finding_.is_file_known) {
      finding_.notes.emplace_back(
          subject.is_given ? "the file system keeps no NT access list, so nothing is known of this user there"
                           : "this store says nothing of rights: the attempt decides");
    }
    return std::move(finding_);
  }

 private:
  void ask_lists(const std::optional<SecurityDescriptor>& nt, const Subject& subject) {
    std::vector<Sid> sids = subject.sids;
    AccessQuestion question{.token = Token(sids.front()),
                            .wanted = inquiry_.wanted,
                            .file = nt ? *nt : granting_all(),
                            .share = inquiry_.share,
                            .share_mask = inquiry_.share_mask,
                            .is_share_read_only = inquiry_.is_share_read_only,
                            .share_name = inquiry_.share_name,
                            .path = location_,
                            .name_of = [&](const Sid& sid) { return name_of(sid, subject); }};
    if (question.is_share_read_only && !question.share && !question.share_mask)
      question.share_mask = access::share_full;
    bool share_changed = false;
    bool file_changed = false;
    if (!subject.is_given) {
      if (question.share) take_in_favour(*question.share, subject.sids, sids, share_changed);
      if (nt) take_in_favour(question.file, subject.sids, sids, file_changed);
      if (sids.size() != subject.sids.size() || share_changed || file_changed) {
        finding_.notes.emplace_back(
            "entries for accounts that this system cannot assign were read in the user's favour; --for SID,SID names "
            "the "
            "user and all groups");
      }
    }
    question.token = Token(sids.front(), std::span(sids).subspan(1));
    finding_.explanation = explain_access(question);
    for (Cure& cure : finding_.explanation.cures) {
      // What was left out of a list would be lost in a command that sets it.
      if (!(cure.acl == AclSide::share ? share_changed : file_changed)) continue;
      cure.sddl.clear();
      cure.commands.clear();
    }
  }

  static void take_in_favour(SecurityDescriptor& descriptor, const std::vector<Sid>& known, std::vector<Sid>& sids,
                             bool& is_changed) {
    InFavour read = read_in_favour(descriptor, known);
    is_changed = read.is_changed;
    descriptor = std::move(read.descriptor);
    sids.insert(sids.end(), read.taken_for_granted.begin(), read.taken_for_granted.end());
  }

  void add_posix(const Subject& subject, bool has_nt) {
    const auto side = posix_side(facts_, subject.sids.front(), subject.is_caller, location_);
    if (!side || (facts_.is_network_mount && has_nt && !facts_.is_mounted_read_only)) return;
    finding_.is_file_known = true;
    finding_.sources.push_back(side->source);
    for (const std::string& note : side->notes) finding_.notes.push_back(note);
    Explanation& explanation = finding_.explanation;
    const AccessMask stopped_before = explanation.missing;
    explanation.file &= side->rights;
    explanation.granted &= side->rights;
    const AccessMask stopped = finding_.required & ~side->rights;
    explanation.missing |= stopped;
    if (stopped == 0) return;
    for (AccessMask bit = 1; bit != 0; bit <<= 1) {
      const bool is_told = (stopped_before & bit) != 0 &&
                           std::any_of(explanation.because.begin(), explanation.because.end(),
                                       [&](const auto& row) { return row.bit == bit && row.acl == AclSide::file; });
      if ((stopped & bit) == 0 || is_told) continue;
      explanation.because.push_back({.bit = bit, .name = access_names(bit).front(), .acl = AclSide::file});
    }
    explanation.reasons.push_back(side->reason);
    explanation.cures.push_back(side->cure);
  }

  std::string name_of(const Sid& sid, const Subject& subject) const {
    if (sid == subject.sids.front() && !inquiry_.user_name.empty()) return inquiry_.user_name;
    if (sid.authority() == 22 && sid.count() == 2) {
      return (sid.number(0) == 1 ? "uid " : "gid ") + std::to_string(sid.number(1));
    }
    return {};
  }

  const AccessFacts& facts_;
  const AccessInquiry& inquiry_;
  const std::string& location_;
  AccessFinding finding_;
};

}  // namespace

std::optional<Error> AccessFinding::error(const std::string& location) const {
  if (explanation.missing == 0) return std::nullopt;
  const bool share_stops_dac =
      std::any_of(explanation.because.begin(), explanation.because.end(),
                  [](const MissingRight& row) { return row.acl == AclSide::share && row.bit == access::write_dac; });
  std::vector<std::string> cures;
  for (const Cure& cure : explanation.cures) cures.push_back(cure.words);
  return Error(share_stops_dac ? Errc::share_lacks_write_dac : Errc::right_missing,
               {.step = "check the rights",
                .path = location,
                .expected = joined(access_names(explanation.missing), ", "),
                .found = joined(explanation.reasons, "; "),
                .cure = joined(cures, "; and ")});
}

AccessFinding judge_access(const AccessFacts& facts, const AccessInquiry& inquiry, const std::string& location) {
  return Judge(facts, inquiry, location).run();
}

Result<AccessFinding> check_store_access(Store& store, AccessInquiry inquiry, const std::string& this_user) {
  BOOST_OUTCOME_TRY(const AccessFacts facts, store.access_facts(ProfilePath()));
  AccessFinding finding = judge_access(facts, inquiry, store.location());
  if (finding.explanation.missing == 0 || !inquiry.user.empty() || !inquiry.user_name.empty()) return finding;
  inquiry.user_name = this_user;
  if (facts.caller && facts.caller->is_root) {
    BOOST_OUTCOME_TRY(const StoreOwner owner, store.owner());
    inquiry.user_name = owner.name;
  }
  return judge_access(facts, inquiry, store.location());
}

}  // namespace roamsync
