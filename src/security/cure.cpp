#include "security/cure.hpp"

#include <roamsync/security_sddl.hpp>

#include <algorithm>
#include <bit>
#include <string_view>

#include "base/shell_quoted.hpp"
#include "security/evaluate.hpp"
#include "security/icacls.hpp"

namespace roamsync {
namespace {

constexpr AccessMask grantable = grantable_by_entries;

std::string joined_by_and(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? "" : ", and ") + words[i];
  return out;
}

std::string names_of(AccessMask mask) {
  std::string out;
  for (const std::string& name : access_names(mask)) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string quoted_for_powershell(std::string_view text) {
  std::string out = "'";
  for (const char letter : text) out += letter == '\'' ? std::string("''") : std::string(1, letter);
  return out + '\'';
}

/// A copy of a descriptor whose list is changed entry by entry; the others keep their bytes.
class ListEditor {
 public:
  explicit ListEditor(const SecurityDescriptor& descriptor) : descriptor_(descriptor) {
    if (!descriptor_.dacl) descriptor_.set_dacl(Acl());
  }

  const SecurityDescriptor& descriptor() const { return descriptor_; }
  const Acl& acl() const { return *descriptor_.dacl; }

  void insert(std::size_t index, const Ace& ace) { rebuild(index, &ace, false); }
  void replace(std::size_t index, const Ace& ace) { rebuild(index, &ace, true); }
  void remove(std::size_t index) { rebuild(index, nullptr, true); }

 private:
  // A list that becomes too long keeps its end off; cure_… asks again whether the result grants what it should.
  void rebuild(std::size_t index, const Ace* ace, bool drops_old) {
    Acl next;
    std::size_t at = 0;
    for (const AceView old : acl()) {
      if (at == index && ace != nullptr) static_cast<void>(next.add(*ace));
      if (at != index || !drops_old) static_cast<void>(next.add(old));
      ++at;
    }
    if (at == index && ace != nullptr) static_cast<void>(next.add(*ace));
    next.set_revision(std::max(next.revision(), acl().revision()));
    descriptor_.dacl = std::move(next);
  }

  SecurityDescriptor descriptor_;
};

AceView entry_at(const Acl& acl, std::size_t index) {
  auto ace = acl.begin();
  while (index-- > 0) ++ace;
  return *ace;
}

struct Denial {
  Sid sid;
  AccessMask taken_out = 0;
  bool is_removed = false;
};

// The first entry that speaks of one of the bits the token lacks, when it denies.
std::optional<std::size_t> find_denial(const SecurityDescriptor& descriptor, const Token& token, AccessMask lacking,
                                       bool spares_inherited) {
  const bool owns = is_owner(descriptor, token);
  std::size_t index = 0;
  for (const AceView ace : *descriptor.dacl) {
    const AccessMask bits = file_mapping.map(ace.mask()) & lacking;
    if (bits != 0 && effect_of(ace, token, owns) == AceEffect::denies) {
      if (!spares_inherited || !ace.has(ace_flag::inherited)) return index;
      lacking &= ~bits;
    }
    ++index;
  }
  return std::nullopt;
}

// Takes what the token lacks of `wanted` out of the entries that deny it.
std::vector<Denial> take_out_denials(ListEditor& editor, const Token& token, AccessMask wanted, bool spares_inherited) {
  std::vector<Denial> denials;
  for (;;) {
    const AccessMask lacking = wanted & ~granted_access(editor.descriptor(), token);
    const auto index = find_denial(editor.descriptor(), token, lacking, spares_inherited);
    if (!index) return denials;
    Ace entry = entry_at(editor.acl(), *index).ace();
    const AccessMask mapped = file_mapping.map(entry.mask);
    entry.mask = mapped & ~lacking;
    denials.push_back({entry.sid, mapped & lacking, entry.mask == 0});
    if (entry.mask == 0) {
      editor.remove(*index);
    } else {
      editor.replace(*index, entry);
    }
  }
}

std::string denial_in_words(const AccessQuestion& question, const Denial& denial, std::string_view list) {
  const std::string name = display_name(question, denial.sid);
  if (denial.is_removed) {
    return "remove the entry of " + std::string(list) + " that denies " + names_of(denial.taken_out) + " to " + name;
  }
  return "take " + names_of(denial.taken_out) + " out of the entry of " + std::string(list) +
         " that denies rights to " + name;
}

// The smallest of a share's three permissions that holds all these bits.
AccessMask share_level_for(AccessMask bits) {
  for (const AccessMask level : {access::share_read, access::share_change}) {
    if ((bits & ~level) == 0) return level;
  }
  return access::share_full | bits;
}

// A group is preferred to Everyone and a user to a group when both have as much.
int closeness(const Sid& sid, const Token& token) {
  if (sid == token.user()) return 2;
  return sid.is_domain_account() ? 1 : 0;
}

// The entry to raise: the one that gives the token most already.
std::optional<std::size_t> find_entry_to_raise(const Acl& acl, const Token& token) {
  std::optional<std::size_t> best;
  int best_bits = 0;
  int best_closeness = 0;
  std::size_t index = 0;
  for (const AceView ace : acl) {
    const std::size_t here = index++;
    if (ace.type() != AceType::allowed || ace.has(ace_flag::inherit_only) || !token.has(ace.sid_bytes())) continue;
    const int bits = std::popcount(file_mapping.map(ace.mask()));
    const int close = closeness(ace.sid(), token);
    if (best && (bits < best_bits || (bits == best_bits && close <= best_closeness))) continue;
    best = here;
    best_bits = bits;
    best_closeness = close;
  }
  return best;
}

// Adds to the user's own entry when there is one that does, otherwise a new one before what is inherited.
void grant_to_user(ListEditor& editor, const Sid& user, AccessMask bits, std::uint8_t flags) {
  std::size_t index = 0;
  for (const AceView ace : editor.acl()) {
    if (ace.has(ace_flag::inherited)) break;
    if (ace.type() == AceType::allowed && ace.flags() == flags && ace.sid() == user) {
      Ace entry = ace.ace();
      entry.mask = file_mapping.map(entry.mask) | bits;
      editor.replace(index, entry);
      return;
    }
    ++index;
  }
  editor.insert(index, {.flags = flags, .mask = bits, .sid = user});
}

Cure read_only_cure(const AccessQuestion& question) {
  return {.acl = AclSide::share,
          .words = "make the share " + question.share_name + " writable (smb.conf: read only = no)",
          .commands = {"net conf setparm " + shell_quoted(question.share_name) + " 'read only' no"}};
}

std::string privilege_words(const AccessQuestion& question) {
  return "give " + display_name(question, question.token.user()) +
         " the user right \"Manage auditing and security log\" (SeSecurityPrivilege)";
}

// Samba 4.17 reads FA as 0x1ff, without WRITE_DAC and the other standard rights: it gets the number.
std::string sddl_for_samba(std::string sddl) {
  constexpr std::string_view word = ";FA;;;";
  constexpr std::string_view number = ";0x1f01ff;;;";
  for (std::size_t at = 0; (at = sddl.find(word, at)) != sddl.npos; at += number.size()) {
    sddl.replace(at, word.size(), number);
  }
  return sddl;
}

std::vector<std::string> share_commands(const AccessQuestion& question, const std::string& sddl) {
  return {"Set-SmbShare -Name " + quoted_for_powershell(question.share_name) + " -SecurityDescriptor " +
              quoted_for_powershell(sddl) + " -Force",
          "sharesec " + shell_quoted(question.share_name) + " --setsddl=" + shell_quoted(sddl_for_samba(sddl))};
}

}  // namespace

std::string object_in_words(const AccessQuestion& question) {
  if (!question.object.empty()) return question.object;
  return question.is_folder ? "the folder" : "the file";
}

std::optional<Cure> cure_share(const AccessQuestion& question, AccessMask wanted) {
  const Token& token = question.token;
  const std::string user = display_name(question, token.user());
  const AccessMask by_entries = wanted & grantable;
  std::vector<std::string> steps;
  std::optional<Cure> read_only;
  const bool is_read_only = question.is_share_read_only ||
                            (!question.share && question.share_mask &&
                             share_access(*question.share_mask).passes != file_mapping.map(*question.share_mask));
  if (is_read_only && (wanted & ~access::share_read) != 0) read_only = read_only_cure(question);
  if (read_only) steps.push_back(read_only->words);

  Cure cure{.acl = AclSide::share};
  if (!question.share) {
    const AccessMask shown = file_mapping.map(question.share_mask.value_or(0));
    if (!read_only && (by_entries & ~shown) != 0) {
      steps.push_back("set the share permission of " + user + ", or of a group that user is in, to " +
                      share_permission_name(share_level_for(shown | by_entries)));
    }
  } else if (!check_access(*question.share, token, by_entries).is_granted) {
    ListEditor editor(*question.share);
    for (const Denial& denial : take_out_denials(editor, token, by_entries, false)) {
      steps.push_back(denial_in_words(question, denial, "the share's permissions"));
    }
    const AccessMask left = by_entries & ~granted_access(editor.descriptor(), token);
    if (left != 0) {
      if (const auto raised = find_entry_to_raise(editor.acl(), token)) {
        Ace entry = entry_at(editor.acl(), *raised).ace();
        const AccessMask before = file_mapping.map(entry.mask);
        entry.mask = share_level_for(before | left);
        editor.replace(*raised, entry);
        steps.push_back("set the share permission of " + display_name(question, entry.sid) + " from " +
                        share_permission_name(before) + " to " + share_permission_name(entry.mask));
      } else {
        const AccessMask level = share_level_for(by_entries);
        editor.insert(editor.acl().size(), {.mask = level, .sid = token.user()});
        steps.push_back("give " + user + " the share permission " + share_permission_name(level));
      }
    }
    if (check_access(editor.descriptor(), token, by_entries).is_granted) {
      cure.sddl = print_sddl(editor.descriptor());
      cure.commands = share_commands(question, cure.sddl);
    }
  }
  if ((wanted & access::system_security) != 0 && !token.privileges().security)
    steps.push_back(privilege_words(question));
  if (read_only) cure.commands.insert(cure.commands.begin(), read_only->commands.begin(), read_only->commands.end());
  if (steps.empty()) return std::nullopt;
  cure.words = joined_by_and(steps);
  return cure;
}

std::optional<Cure> cure_file(const AccessQuestion& question, AccessMask wanted) {
  const Token& token = question.token;
  const std::string user = display_name(question, token.user());
  const std::string object = object_in_words(question);
  const AccessMask by_entries = wanted & grantable;
  const bool is_of_windows = !question.path.starts_with('/');  // icacls knows no path of a Samba server's own
  std::vector<std::string> steps;
  Cure cure{.acl = AclSide::file};

  if (!check_access(question.file, token, by_entries).is_granted) {
    ListEditor editor(question.file);
    // An explicit entry goes before inherited ones, so an inherited denial may stay.
    for (const Denial& denial : take_out_denials(editor, token, by_entries, true)) {
      steps.push_back(denial_in_words(question, denial, object));
      if (denial.is_removed && is_of_windows) {
        cure.commands.push_back(icacls_remove_denial(question.path, denial.sid));
      }
    }
    const AccessMask left = by_entries & ~granted_access(editor.descriptor(), token);
    if (left != 0) {
      // What others' folders would inherit is granted on this folder only.
      const bool goes_down = question.is_folder && !question.is_common_folder;
      const std::uint8_t flags = goes_down ? ace_flag::object_inherit | ace_flag::container_inherit : std::uint8_t{0};
      grant_to_user(editor, token.user(), left, flags);
      if (is_of_windows) cure.commands.push_back(icacls_grant(question.path, token.user(), left, flags));
      const bool owns = is_owner(question.file, token);
      const bool is_owners_alone = (left & ~owner_implicitly_has) == 0;
      std::string words = "grant " + user + ' ' + file_permission_name(left) + " on " + object;
      if (question.is_common_folder) words += ", this folder only";
      if (is_owners_alone && !owns && !question.is_common_folder && !limits_owner(question.file)) {
        words += " or make that user its owner";
      }
      if (is_owners_alone && owns) words += ", whose OWNER RIGHTS entry takes that from its owner";
      steps.push_back(std::move(words));
    }
    if (check_access(editor.descriptor(), token, by_entries).is_granted) {
      cure.sddl = print_sddl(editor.descriptor());
      // Without the share samba-tool does not know where that share keeps its lists, and changes the mode instead.
      cure.commands.push_back("samba-tool ntacl set --service=" + shell_quoted(question.share_name) + ' ' +
                              shell_quoted(sddl_for_samba(cure.sddl)) + ' ' + shell_quoted(question.path));
    } else {
      cure.commands.clear();
    }
  }
  if ((wanted & access::system_security) != 0 && !token.privileges().security)
    steps.push_back(privilege_words(question));
  if (steps.empty()) return std::nullopt;
  cure.words = joined_by_and(steps);
  return cure;
}

}  // namespace roamsync
