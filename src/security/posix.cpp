#include <roamsync/security_posix.hpp>

#include <algorithm>
#include <bit>

#include "base/bytes.hpp"

namespace roamsync {
namespace {

using Tag = PosixAclEntry::Tag;

constexpr std::uint32_t attribute_version = 2;
constexpr std::size_t entry_size = 8;

Error bad(std::string expected, std::string found) {
  return Error(Errc::bad_descriptor,
               {.step = "read the POSIX access list", .expected = std::move(expected), .found = std::move(found)});
}

bool is_tag(std::uint16_t tag) { return std::has_single_bit(tag) && tag <= static_cast<std::uint16_t>(Tag::other); }

const PosixAclEntry* find(const PosixObject& object, Tag tag) {
  const auto found = std::find_if(object.acl.begin(), object.acl.end(),
                                  [tag](const PosixAclEntry& entry) { return entry.tag == tag; });
  return found == object.acl.end() ? nullptr : &*found;
}

bool is_in(const PosixUser& user, std::uint32_t group) {
  return std::find(user.groups.begin(), user.groups.end(), group) != user.groups.end();
}

PosixVerdict masked(const PosixObject& object, const PosixAclEntry& entry, std::uint32_t id) {
  const PosixAclEntry* mask = find(object, Tag::mask);
  const unsigned left = entry.bits & (mask != nullptr ? mask->bits : posix_bit::all);
  return {.bits = left, .decided_by = entry.tag, .id = id, .masked_out = entry.bits & ~left};
}

std::optional<std::uint32_t> number_of(const Sid& sid, std::uint32_t kind) noexcept {
  if (sid.authority() != 22 || sid.count() != 2 || sid.number(0) != kind) return std::nullopt;
  return sid.number(1);
}

}  // namespace

Result<std::vector<PosixAclEntry>> parse_posix_acl(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  const auto version = in.take<std::uint32_t>();
  if (!in.ok() || version != attribute_version) return bad("version 2", in.ok() ? std::to_string(version) : "the end");
  if (in.left() % entry_size != 0) return bad("entries of eight bytes", std::to_string(in.left()) + " bytes");
  std::vector<PosixAclEntry> entries;
  entries.reserve(in.left() / entry_size);
  while (in.left() != 0) {
    const auto tag = in.take<std::uint16_t>();
    const auto bits = in.take<std::uint16_t>();
    const auto id = in.take<std::uint32_t>();
    if (!is_tag(tag)) return bad("a tag of POSIX.1e", std::to_string(tag));
    if (bits > posix_bit::all) return bad("permissions up to 7", std::to_string(bits));
    entries.push_back({.tag = static_cast<Tag>(tag), .bits = bits, .id = id});
  }
  return entries;
}

PosixVerdict judge_posix(const PosixObject& object, const PosixUser& user) {
  PosixObject whole = object;
  if (whole.acl.empty()) {
    whole.acl = {{Tag::owner, (object.mode >> 6) & 7U, 0},
                 {Tag::owning_group, (object.mode >> 3) & 7U, 0},
                 {Tag::other, object.mode & 7U, 0}};
  }
  if (user.id == object.owner) {
    const PosixAclEntry* entry = find(whole, Tag::owner);
    return {.bits = entry != nullptr ? entry->bits : 0, .decided_by = Tag::owner, .id = user.id};
  }
  for (const PosixAclEntry& entry : whole.acl) {
    if (entry.tag == Tag::user && entry.id == user.id) return masked(whole, entry, user.id);
  }
  // One group must give all that is asked for; of several the one that gives most is told.
  std::optional<PosixVerdict> best;
  for (const PosixAclEntry& entry : whole.acl) {
    if (entry.tag != Tag::owning_group && entry.tag != Tag::group) continue;
    const std::uint32_t id = entry.tag == Tag::group ? entry.id : object.group;
    if (!is_in(user, id)) continue;
    const PosixVerdict verdict = masked(whole, entry, id);
    if (!best || std::popcount(verdict.bits) > std::popcount(best->bits)) best = verdict;
  }
  if (best) return *best;
  const PosixAclEntry* entry = find(whole, Tag::other);
  return {.bits = entry != nullptr ? entry->bits : 0, .decided_by = Tag::other};
}

AccessMask rights_of_posix(unsigned bits, bool is_owner, bool overrides) noexcept {
  if (overrides) return access::file_all;
  AccessMask rights = access::read_attributes | access::read_control | access::synchronize;
  if ((bits & posix_bit::read) != 0) rights |= access::read_data | access::read_ea;
  if ((bits & posix_bit::execute) != 0) rights |= access::execute;
  constexpr unsigned changes = posix_bit::write | posix_bit::execute;
  if ((bits & changes) == changes) {
    rights |= access::write_data | access::append_data | access::write_ea | access::delete_child |
              access::write_attributes | access::delete_object | access::write_dac;
  }
  if (is_owner) rights |= access::write_attributes | access::write_dac;
  return rights;
}

std::optional<std::uint32_t> posix_user_of(const Sid& sid) noexcept { return number_of(sid, 1); }
std::optional<std::uint32_t> posix_group_of(const Sid& sid) noexcept { return number_of(sid, 2); }

}  // namespace roamsync
