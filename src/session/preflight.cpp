#include <roamsync/preflight.hpp>
#include <roamsync/security_inherit.hpp>
#include <roamsync/security_posix.hpp>

#include "session/nt_list.hpp"
#include "session/posix_side.hpp"
#include "session/subject.hpp"

#include <algorithm>
#include <span>

namespace roamsync {
namespace {

constexpr AccessMask to_make_a_folder = access::append_data | access::execute | access::read_attributes;

SecurityDescriptor granting_all() { return {}; }  // no list: everybody may do everything

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : std::string(between)) + word;
  return out;
}

// What the list gives on a file that the user makes in the folder. A folder that hands nothing down leaves it to the system,
// which gives the maker everything.
AccessMask granted_on_new_file(const SecurityDescriptor& folder, const Token& token) {
  if (!folder.dacl) return access::file_all;
  const auto entries = inherited_entries(*folder.dacl, {.owner = token.user(), .is_folder = false});
  if (!entries || entries.value().empty()) return access::file_all;
  SecurityDescriptor file;
  file.owner = token.user();
  file.set_dacl(entries.value());
  return granted_access(file, token);
}

// What is in the folder must be deletable, not the folder itself.
bool can_delete_inside(const SecurityDescriptor& folder, const Token& token) {
  return ((granted_access(folder, token) & access::delete_child) != 0) ||
         ((granted_on_new_file(folder, token) & access::delete_object) != 0);
}

class Judge {
 public:
  Judge(const AccessFacts& facts, const AccessInquiry& inquiry, const std::string& location, JudgedFolder folder)
      : facts_(facts),
        inquiry_(inquiry),
        location_(location),
        folder_(folder),
        list_(nt_list_of(facts, inquiry.list_use)) {}

  AccessFinding run() {
    finding_.location = location_;
    finding_.required = file_mapping.map(inquiry_.wanted) & ~access::maximum_allowed;
    finding_.is_share_known = inquiry_.knows_share();
    finding_.is_file_known = list_.descriptor.has_value();
    finding_.notes = inquiry_.share_notes;
    finding_.notes.insert(finding_.notes.end(), list_.notes.begin(), list_.notes.end());
    if (!list_.source.empty()) finding_.sources.push_back(list_.source);
    const Subject subject = subject_of(facts_, inquiry_, descriptor(), folder_);
    ask_lists(subject);
    add_posix(subject);
    tell_digest();
    if (!finding_.is_file_known) {
      finding_.notes.emplace_back(
          subject.is_given ? "the file system keeps no NT access list, so nothing is known of this user there"
                           : "this store says nothing of rights: the attempt decides");
    }
    return std::move(finding_);
  }

 private:
  const SecurityDescriptor* descriptor() const { return list_.descriptor ? &*list_.descriptor : nullptr; }

  void ask_lists(const Subject& subject) {
    std::vector<Sid> sids = subject.sids;
    AccessQuestion question{.token = Token(sids.front()),
                            .wanted = inquiry_.wanted,
                            .file = list_.descriptor ? *list_.descriptor : granting_all(),
                            .share = inquiry_.share,
                            .share_mask = inquiry_.share_mask,
                            .is_share_read_only = inquiry_.is_share_read_only,
                            .is_folder = folder_ != JudgedFolder::replaced,
                            .is_common_folder = folder_ == JudgedFolder::above,
                            .object = object_in_words(),
                            .share_name = inquiry_.share_name,
                            .path = location_,
                            .name_of = [&](const Sid& sid) { return name_of(sid, subject); }};
    bool share_changed = false;
    bool file_changed = false;
    if (!subject.is_given) {
      if (question.share) take_in_favour(*question.share, subject.sids, sids, share_changed);
      if (list_.descriptor) take_in_favour(question.file, subject.sids, sids, file_changed);
      if (sids.size() != subject.sids.size() || share_changed || file_changed) {
        finding_.notes.emplace_back(
            "entries for accounts that this system cannot assign were read in the user's favour; --for SID,SID names "
            "the "
            "user and all groups");
      }
    }
    question.token = Token(sids.front(), std::span(sids).subspan(1));
    if (folder_ == JudgedFolder::profile && can_delete_inside(question.file, question.token)) {
      question.file_wanted = finding_.required & ~access::delete_object;
    }
    finding_.explanation = explain_access(question);
    tell_users(question, sids);
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

  // Every token of a domain's member holds BUILTIN\\Users; that of a standalone Samba need not.
  void tell_users(AccessQuestion question, std::vector<Sid> sids) {
    if (std::find(inquiry_.user.begin(), inquiry_.user.end(), sids::users) != inquiry_.user.end()) return;
    std::erase(sids, sids::users);
    question.token = Token(sids.front(), std::span(sids).subspan(1));
    if (explain_access(question).missing == finding_.explanation.missing) return;
    finding_.notes.emplace_back(
        "some of this is granted to BUILTIN\\Users alone: every user of a domain's member is one, but on a standalone "
        "Samba only who was made a member (net sam listmem 'BUILTIN\\Users')");
  }

  // Whatever the list says, the system goes by its own permissions too.
  void add_posix(const Subject& subject) {
    const auto side = posix_side(facts_, subject, descriptor(), location_, folder_);
    if (!side || (facts_.is_network_mount && list_.descriptor && !facts_.is_mounted_read_only)) return;
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

  void tell_digest() {
    if (list_.digested.empty()) return;
    finding_.notes.push_back(
        list_.digested +
        " counts for Samba only while POSIX owner, mode and list are as Samba left them; if chmod, chown or setfacl "
        "changed them since, Samba goes by those alone: set the permissions again from Windows or with samba-tool "
        "ntacl "
        "set" +
        (inquiry_.list_use == NtListUse::unknown
             ? " (a share with acl_xattr:ignore system acls = yes does not look; --share NAME finds that out)"
             : ""));
  }

  std::string object_in_words() const {
    switch (folder_) {
      case JudgedFolder::profile: return {};
      case JudgedFolder::above: return "the folder above the profile, " + location_;
      case JudgedFolder::inside:
      case JudgedFolder::replaced: return location_;
    }
    return {};
  }

  std::string name_of(const Sid& sid, const Subject& subject) const {
    if (sid == subject.sids.front() && !inquiry_.user_name.empty()) return inquiry_.user_name;
    if (const auto user = posix_user_of(sid)) return "uid " + std::to_string(*user);
    if (const auto group = posix_group_of(sid)) return "gid " + std::to_string(*group);
    return {};
  }

  const AccessFacts& facts_;
  const AccessInquiry& inquiry_;
  const std::string& location_;
  const JudgedFolder folder_;
  const NtList list_;
  AccessFinding finding_;
};

bool share_stops_permissions(const MissingRight& row) {
  return row.acl == AclSide::share && row.bit == access::write_dac &&
         row.reason != MissingRight::Reason::read_only_share;
}

}  // namespace

std::optional<Error> AccessFinding::error() const {
  if (explanation.missing == 0) return std::nullopt;
  // The heading is Q255113's only where the share lets content pass and permissions not.
  const auto& rows = explanation.because;
  const bool share_stops_dac = std::any_of(rows.begin(), rows.end(), share_stops_permissions) &&
                               std::none_of(rows.begin(), rows.end(), [](const MissingRight& row) {
                                 return row.acl == AclSide::share && row.bit == access::write_data;
                               });
  std::vector<std::string> cures;
  for (const Cure& cure : explanation.cures) cures.push_back(cure.words);
  return Error(share_stops_dac ? Errc::share_lacks_write_dac : Errc::right_missing,
               {.step = "check the rights",
                .path = location,
                .expected = joined(access_names(explanation.missing), ", "),
                .found = joined(explanation.reasons, "; "),
                .cure = joined(cures, "; and ")});
}

AccessFinding judge_access(const AccessFacts& facts, const AccessInquiry& inquiry, const std::string& location,
                           JudgedFolder folder) {
  return Judge(facts, inquiry, location, folder).run();
}

Result<AccessFinding> check_store_access(Store& store, AccessInquiry inquiry, const std::string& this_user,
                                         JudgedFolder folder) {
  BOOST_OUTCOME_TRY(const AccessFacts facts, store.access_facts(ProfilePath()));
  AccessFinding finding = judge_access(facts, inquiry, store.location(), folder);
  if (finding.explanation.missing == 0 || !inquiry.user.empty() || !inquiry.user_name.empty()) return finding;
  inquiry.user_name = this_user;
  if (folder == JudgedFolder::profile) {
    BOOST_OUTCOME_TRY(inquiry.user_name, name_of_asker(store, facts, this_user));
  }
  return judge_access(facts, inquiry, store.location(), folder);
}

Result<AccessFinding> check_new_folder_access(Store* above, const AccessInquiry& inquiry, const std::string& this_user,
                                              const std::string& location) {
  AccessInquiry through_share = inquiry;
  if (inquiry.user.empty() && inquiry.user_name.empty()) through_share.user_name = this_user;
  AccessFinding share = judge_access({}, through_share, location);
  if (above == nullptr || share.explanation.missing != 0) return share;
  AccessInquiry to_make = inquiry;
  to_make.wanted = to_make_a_folder;
  return check_store_access(*above, std::move(to_make), this_user, JudgedFolder::above);
}

}  // namespace roamsync
