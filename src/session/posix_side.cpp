#include "session/posix_side.hpp"

#include "base/shell_quoted.hpp"

#include <algorithm>
#include <array>

namespace roamsync {
namespace {

using Tag = PosixAclEntry::Tag;

std::string bits_in_words(unsigned bits) {
  std::string out = "---";
  if ((bits & posix_bit::read) != 0) out[0] = 'r';
  if ((bits & posix_bit::write) != 0) out[1] = 'w';
  if ((bits & posix_bit::execute) != 0) out[2] = 'x';
  return out;
}

std::string mode_in_words(unsigned mode) {
  std::string out = "0000";
  for (std::size_t i = 0; i < 3; ++i) out[3 - i] = static_cast<char>('0' + ((mode >> (3 * i)) & 7U));
  return out;
}

// "alice" of "alice (uid 1000)": what chown and setfacl take. A name keeps to characters that need no quotes, or its number is
// used.
std::string account_of(const std::string& name, std::uint32_t id) {
  const std::string account = name.substr(0, name.find(' '));
  const bool is_plain =
      !account.empty() && name.find('(') != name.npos &&
      account.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == account.npos;
  return is_plain ? account : std::to_string(id);
}

std::string or_number(const std::string& name, std::string_view kind, std::uint32_t id) {
  return name.empty() ? std::string(kind) + ' ' + std::to_string(id) : name;
}

PosixObject object_of(const AccessFacts& facts, PosixSide& side) {
  PosixObject object{
      .owner = facts.ownership->owner, .group = facts.ownership->group, .mode = facts.ownership->mode, .acl = {}};
  side.source = "POSIX owner and mode " + mode_in_words(object.mode);
  for (const auto& [name, value] : facts.attributes) {
    if (name != "system.posix_acl_access") continue;
    auto list = parse_posix_acl(std::as_bytes(std::span(value)));
    if (list) {
      object.acl = std::move(list).value();
      side.source = "POSIX owner and access list";
    } else {
      side.notes.push_back("system.posix_acl_access cannot be read: " + list.error().message());
    }
  }
  return object;
}

// Which class of users decided, and what it has.
std::string class_in_words(const AccessFacts& facts, const PosixVerdict& verdict, const std::string& who) {
  const std::string owner = or_number(facts.owner_name, "uid", facts.ownership->owner);
  const std::string group = or_number(facts.group_name, "gid", facts.ownership->group);
  const std::string has = " has " + bits_in_words(verdict.bits);
  std::string masked;
  if (verdict.masked_out != 0) masked = ", for the mask takes " + bits_in_words(verdict.masked_out) + " away";
  switch (verdict.decided_by) {
    case Tag::owner: return "its owner " + owner + has;
    case Tag::user: return "its access list's entry for " + who + has + masked;
    case Tag::owning_group: return who + " is in its group " + group + ", which" + has + masked;
    case Tag::group:
      return who + " is in gid " + std::to_string(verdict.id) + ", whose entry in its access list" + has + masked;
    default:
      return "it belongs to " + owner + " and group " + group + "; " + who + " is neither, and everybody else" + has;
  }
}

// Several users' folders lie in the folder above: none of them becomes its owner, and root can make the profile's without
// anybody getting a right there.
Cure cure_above(const std::string& account, const std::string& location) {
  return {.words = "make the profile's folder in " + location + " as root and give it to " + account + ", or let " +
                   account + " make it: grant rwx on " + location + ", on it alone",
          .commands = {"install -d -m 0700 -o " + account + ' ' + shell_quoted(location) + "/PROFILE",
                       "or: setfacl -m u:" + account + ":rwx " + shell_quoted(location)}};
}

Cure cure_to_enter(const std::string& account, const std::string& location) {
  return {.words = "let " + account + " through " + location + " (x)",
          .commands = {"chmod o+x " + shell_quoted(location),
                       "or: setfacl -m u:" + account + ":x " + shell_quoted(location)}};
}

Cure cure_of(const PosixVerdict& verdict, const std::string& account, const std::string& location,
             JudgedFolder folder) {
  const std::string place = shell_quoted(location);
  if (verdict.decided_by == Tag::owner) {
    return {.words = "give the owner of " + location + " rwx", .commands = {"chmod u+rwx " + place}};
  }
  if (folder == JudgedFolder::above) return cure_above(account, location);
  return {.words = "make " + account + " the owner of " + location + ", or grant " + account + " rwx on it",
          .commands = {"chown " + account + ' ' + place, "or: setfacl -m u:" + account + ":rwx " + place}};
}

// What the most favoured of all users but the owner has.
unsigned most_but_owner(const PosixObject& object) {
  const auto bits_as = [&](const PosixUser& user) { return judge_posix(object, user).bits; };
  PosixUser nobody{.id = ~object.owner, .groups = {}};
  unsigned bits = bits_as(nobody);
  nobody.groups = {object.group};
  bits |= bits_as(nobody);
  for (const PosixAclEntry& entry : object.acl) {
    if (entry.tag == Tag::user && entry.id != object.owner) bits |= bits_as({.id = entry.id, .groups = {}});
    if (entry.tag == Tag::group) bits |= bits_as({.id = nobody.id, .groups = {entry.id}});
  }
  return bits;
}

// The user is another one than the list's owner, who is the file's; or is the list's owner, and the file is root's.
bool is_somebody_else(const AccessFacts& facts, const Subject& subject, const SecurityDescriptor* list) {
  if (list == nullptr || !list->owner || facts.is_network_mount) return false;
  return *list->owner != subject.sids.front() || facts.ownership->owner == 0;
}

PosixSide side_of_somebody_else(const AccessFacts& facts, const PosixObject& object, const std::string& location,
                                PosixSide side) {
  const unsigned bits = most_but_owner(object);
  const std::string owner = or_number(facts.owner_name, "uid", object.owner);
  side.rights = rights_of_posix(bits, false);
  side.reason = "the folder's mode is " + mode_in_words(object.mode) + ": it belongs to " + owner +
                ", who is not this user, and whoever else has most of it has " + bits_in_words(bits);
  side.cure.words = "make the user the owner of " + location + " in the file system too, or grant the user rwx on it";
  side.cure.commands = {"chown USER " + shell_quoted(location), "or: setfacl -m u:USER:rwx " + shell_quoted(location)};
  return side;
}

}  // namespace

std::optional<PosixSide> posix_side(const AccessFacts& facts, const Subject& subject, const SecurityDescriptor* list,
                                    const std::string& location, JudgedFolder folder) {
  // Who may delete a file is written on its folder.
  if (!facts.ownership || !facts.caller || folder == JudgedFolder::replaced) return std::nullopt;
  PosixSide side;
  const PosixObject object = object_of(facts, side);
  if (!subject.number) {
    if (!is_somebody_else(facts, subject, list) || folder == JudgedFolder::above) return std::nullopt;
    return side_of_somebody_else(facts, object, location, std::move(side));
  }
  const PosixUser who{.id = *subject.number, .groups = subject.groups};
  const PosixVerdict verdict = judge_posix(object, who);
  // What the system itself says counts where it was asked by that user; root can do what the owner must be able to.
  const bool is_asked = subject.is_caller && who.id == facts.caller->id && facts.allows;
  const unsigned bits = is_asked ? *facts.allows : verdict.bits;
  const bool is_root = who.id == 0;
  side.rights = rights_of_posix(bits, who.id == object.owner, is_root && (bits == posix_bit::all || !is_asked));
  // Root makes the folder; its user must only get to it.
  const bool root_makes_it = folder == JudgedFolder::above && facts.caller->is_root;
  if (root_makes_it) side.rights |= access::file_all & ~access::execute;
  if (facts.is_mounted_read_only) side.rights &= access::share_read;

  const std::string known_name = who.id == facts.caller->id ? facts.caller_name
                                 : who.id == object.owner   ? facts.owner_name
                                                            : std::string();
  const std::string name = or_number(known_name, "uid", who.id);
  const std::string folder_words = "the folder's mode is " + mode_in_words(object.mode) + ": ";
  if (facts.is_mounted_read_only) {
    side.reason = "the file system of the folder is mounted read-only";
    side.cure = {
        .words = "mount the file system of " + location + " for writing",
        .commands = {"mount -o remount,rw \"$(findmnt -n -o TARGET --target " + shell_quoted(location) + ")\""}};
  } else if (verdict.bits == bits) {
    side.reason = folder_words + class_in_words(facts, verdict, name);
    const std::string account = account_of(known_name, who.id);
    side.cure = root_makes_it ? cure_to_enter(account, location) : cure_of(verdict, account, location, folder);
  } else {
    side.reason = "the system gives " + name + ' ' + bits_in_words(bits) + " on the folder, although " +
                  class_in_words(facts, verdict, name);
    side.cure.words =
        "look for a security module (SELinux, AppArmor) or the export options of the mount of " + location;
  }
  return side;
}

}  // namespace roamsync
