#include "session/posix_side.hpp"

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

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char letter : text) out += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return out + '\'';
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

Cure cure_of(const PosixVerdict& verdict, const std::string& account, const std::string& location) {
  const std::string place = quoted(location);
  if (verdict.decided_by == Tag::owner) {
    return {.words = "give the owner of " + location + " rwx", .commands = {"chmod u+rwx " + place}};
  }
  return {.words = "make " + account + " the owner of " + location + ", or grant " + account + " rwx on it",
          .commands = {"chown " + account + ' ' + place, "setfacl -m u:" + account + ":rwx " + place}};
}

}  // namespace

std::optional<PosixSide> posix_side(const AccessFacts& facts, const Sid& user, bool is_caller,
                                    const std::string& location) {
  const bool is_posix_user = user.authority() == 22 && user.count() == 2 && user.number(0) == 1;
  if (!facts.ownership || !facts.caller || (!is_caller && !is_posix_user)) return std::nullopt;
  PosixSide side;
  const PosixObject object = object_of(facts, side);
  PosixUser who{.id = is_caller ? facts.caller->id : user.number(1), .groups = {}};
  if (is_caller) who.groups = facts.caller->groups;
  const PosixVerdict verdict = judge_posix(object, who);
  const bool is_root = is_caller ? facts.caller->is_root : who.id == 0;
  const unsigned bits = is_caller && facts.allows ? *facts.allows : verdict.bits;
  side.rights = rights_of_posix(bits, who.id == object.owner, is_root && (bits == posix_bit::all || !is_caller));
  if (facts.is_mounted_read_only) side.rights &= access::share_read;

  const std::string name = or_number(is_caller ? facts.caller_name : std::string(), "uid", who.id);
  const std::string folder = "the folder's mode is " + mode_in_words(object.mode) + ": ";
  if (facts.is_mounted_read_only) {
    side.reason = "the file system of the folder is mounted read-only";
    side.cure = {.words = "mount the file system of " + location + " for writing",
                 .commands = {"mount -o remount,rw \"$(findmnt -n -o TARGET --target " + quoted(location) + ")\""}};
  } else if (verdict.bits == bits) {
    side.reason = folder + class_in_words(facts, verdict, name);
    side.cure = cure_of(verdict, account_of(is_caller ? facts.caller_name : std::string(), who.id), location);
  } else {
    side.reason = "the system gives " + name + ' ' + bits_in_words(bits) + " on the folder, although " +
                  class_in_words(facts, verdict, name);
    side.cure.words =
        "look for a security module (SELinux, AppArmor) or the export options of the mount of " + location;
  }
  return side;
}

}  // namespace roamsync
