#include <roamsync/security_access.hpp>

#include <algorithm>
#include <cstring>

#include "security/evaluate.hpp"
#include "security/layout.hpp"

namespace roamsync {
namespace {

constexpr AccessMask backup_grants =
    access::file_read | access::file_execute | access::read_control | access::system_security;
constexpr AccessMask restore_grants =
    access::file_write | access::delete_object | access::write_dac | access::write_owner | access::system_security;

bool same_bytes(std::span<const std::byte> left, std::span<const std::byte> right) noexcept {
  return left.size() == right.size() && std::memcmp(left.data(), right.data(), left.size()) == 0;
}

bool grants_or_denies(AceType type) noexcept {
  switch (type) {
    case AceType::allowed:
    case AceType::denied:
    case AceType::allowed_object:
    case AceType::denied_object:
    case AceType::allowed_callback:
    case AceType::denied_callback:
    case AceType::allowed_callback_object:
    case AceType::denied_callback_object: return true;
    default: return false;
  }
}

// The bits of `wanted` that are granted.
AccessMask evaluate(const SecurityDescriptor& descriptor, const Token& token, AccessMask wanted,
                    const GenericMapping& mapping) noexcept {
  AccessMask granted = granted_without_entries(descriptor, token, mapping) & wanted;
  AccessMask open = wanted & ~granted & grantable_by_entries;
  if (open == 0 || !descriptor.dacl) return granted;
  const bool owns = is_owner(descriptor, token);
  for (const AceView ace : *descriptor.dacl) {
    const AccessMask bits = mapping.map(ace.mask()) & open;
    if (bits == 0) continue;
    const AceEffect effect = effect_of(ace, token, owns);
    if (effect == AceEffect::none) continue;
    if (effect == AceEffect::grants) granted |= bits;
    open &= ~bits;
    if (open == 0) break;
  }
  return granted;
}

}  // namespace

AccessMask Privileges::grants() const noexcept {
  return (security ? access::system_security : 0) | (take_ownership ? access::write_owner : 0) |
         (backup ? backup_grants : 0) | (restore ? restore_grants : 0);
}

Token::Token(const Sid& user, std::span<const Sid> groups, const Privileges& privileges) : privileges_(privileges) {
  sids_.reserve(1 + groups.size());
  sids_.push_back(user);
  sids_.insert(sids_.end(), groups.begin(), groups.end());
  for (const Sid& sid : sids_) last_numbers_.push_back(sid.rid());
}

bool Token::has(std::span<const std::byte> sid_bytes) const noexcept {
  const ByteView view(sid_bytes);
  const std::uint32_t last = view.size() >= 12 ? view.at<std::uint32_t>(view.size() - 4) : 0;
  for (std::size_t i = 0; i < last_numbers_.size(); ++i) {
    if (last_numbers_[i] == last && same_bytes(sids_[i].bytes(), sid_bytes)) return true;
  }
  return false;
}

AceEffect effect_of(AceView ace, const Token& token, bool is_owner) noexcept {
  if (ace.has(ace_flag::inherit_only) || !grants_or_denies(ace.type())) return AceEffect::none;
  const auto sid = ace.sid_bytes();
  if (!token.has(sid) && !(is_owner && same_bytes(sid, sids::owner_rights.bytes()))) return AceEffect::none;
  switch (ace.type()) {
    case AceType::allowed: return AceEffect::grants;
    case AceType::allowed_object: return ace.object_type() ? AceEffect::none : AceEffect::grants;
    case AceType::denied:
    case AceType::denied_object:
    case AceType::denied_callback:
    case AceType::denied_callback_object: return AceEffect::denies;
    default: return AceEffect::none;
  }
}

bool is_owner(const SecurityDescriptor& descriptor, const Token& token) noexcept {
  return descriptor.owner && token.has(*descriptor.owner);
}

bool limits_owner(const SecurityDescriptor& descriptor) noexcept {
  if (!descriptor.dacl) return false;
  for (const AceView ace : *descriptor.dacl) {
    if (!ace.has(ace_flag::inherit_only) && grants_or_denies(ace.type()) &&
        same_bytes(ace.sid_bytes(), sids::owner_rights.bytes())) {
      return true;
    }
  }
  return false;
}

AccessMask granted_without_entries(const SecurityDescriptor& descriptor, const Token& token,
                                   const GenericMapping& mapping) noexcept {
  const AccessMask by_privilege = token.privileges().grants();
  if (!descriptor.dacl) return by_privilege | mapping.all | grantable_by_entries;
  if (is_owner(descriptor, token) && !limits_owner(descriptor)) return by_privilege | owner_implicitly_has;
  return by_privilege;
}

AccessMask granted_access(const SecurityDescriptor& descriptor, const Token& token,
                          const GenericMapping& mapping) noexcept {
  // Without a DACL there is no end to what is granted; what the kind of object knows is all that can be used.
  const AccessMask wanted = descriptor.dacl ? grantable_by_entries : mapping.all;
  return evaluate(descriptor, token, wanted | access::system_security, mapping);
}

AccessDecision check_access(const SecurityDescriptor& descriptor, const Token& token, AccessMask desired,
                            const GenericMapping& mapping) noexcept {
  const AccessMask wanted = mapping.map(desired) & ~access::maximum_allowed;
  if ((desired & access::maximum_allowed) == 0) {
    const AccessMask granted = evaluate(descriptor, token, wanted, mapping);
    return {granted == wanted, granted};
  }
  const AccessMask granted = granted_access(descriptor, token, mapping) | evaluate(descriptor, token, wanted, mapping);
  return {(wanted & ~granted) == 0 && granted != 0, granted};
}

ShareAccess share_access(const SecurityDescriptor& share, const Token& token, bool is_read_only) noexcept {
  const AccessMask shown = granted_access(share, token, file_mapping);
  return {shown, is_read_only ? shown & access::share_read : shown};
}

ShareAccess share_access(AccessMask shown) noexcept {
  const AccessMask mapped = file_mapping.map(shown);
  const bool is_read_only = (mapped & access::write_dac) != 0 && (mapped & access::write_data) == 0;
  return {shown, is_read_only ? mapped & access::share_read : mapped};
}

}  // namespace roamsync
