/// @file
/// Descriptors and tokens drawn from few SIDs and few masks, so that they meet.
#pragma once

#include <roamsync/security_access.hpp>

#include <array>
#include <random>

namespace roamsync::testing {

class RandomDescriptors {
 public:
  explicit RandomDescriptors(std::uint32_t seed) : engine_(seed) {}

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }
  bool one_in(std::uint32_t count) { return below(count) == 0; }

  Sid sid() {
    static const std::array sids{sids::everyone,
                                 sids::authenticated_users,
                                 sids::owner_rights,
                                 sids::creator_owner,
                                 sids::administrators,
                                 sids::system,
                                 Sid(5, {21, 1, 2, 3, 1105}),
                                 Sid(5, {21, 1, 2, 4, 1105}),
                                 Sid(5, {21, 1, 2, 3, 513}),
                                 Sid(22, {1, 1105})};
    return sids[below(sids.size())];
  }

  /// Nobody is logged on as OWNER RIGHTS.
  Sid member() {
    for (;;) {
      if (const Sid drawn = sid(); drawn != sids::owner_rights) return drawn;
    }
  }

  AccessMask mask() {
    static constexpr std::array masks{access::file_all,      access::share_change,
                                      access::share_read,    access::write_dac,
                                      access::read_control,  access::write_owner,
                                      access::generic_all,   access::generic_read,
                                      access::generic_write, access::generic_read | access::generic_execute};
    AccessMask mask = masks[below(masks.size())];
    if (one_in(4)) mask |= AccessMask{1} << below(32);
    if (one_in(8)) mask = static_cast<AccessMask>(engine_() & engine_());
    return mask;
  }

  Ace ace() {
    static constexpr std::array types{AceType::allowed,          AceType::allowed,
                                      AceType::allowed,          AceType::denied,
                                      AceType::denied,           AceType::allowed_object,
                                      AceType::denied_object,    AceType::audit,
                                      AceType::allowed_callback, AceType::denied_callback,
                                      AceType::mandatory_label,  AceType::allowed_callback_object,
                                      AceType::allowed_compound, AceType::denied_callback_object};
    Ace ace{.type = one_in(3) ? types[below(types.size())] : types[below(5)], .mask = mask(), .sid = sid()};
    ace.flags = static_cast<std::uint8_t>(one_in(2) ? 0 : engine_() & 0x1F);
    if (one_in(2)) ace.object_type = Guid{};
    if (one_in(2)) ace.inherited_object_type = Guid{};
    return ace;
  }

  SecurityDescriptor descriptor() {
    SecurityDescriptor descriptor;
    if (!one_in(8)) descriptor.owner = sid();
    if (!one_in(8)) descriptor.group = sid();
    if (one_in(16)) return descriptor;
    Acl dacl;
    for (std::uint32_t count = below(8); count > 0; --count) {
      const Ace entry = ace();
      if (entry.type == AceType::allowed_compound) {
        if (!dacl.add_opaque(entry.type, entry.flags, std::array<std::byte, 12>{})) break;
      } else if (!dacl.add(entry)) {
        break;
      }
    }
    descriptor.set_dacl(std::move(dacl));
    return descriptor;
  }

  Token token() {
    std::vector<Sid> groups;
    for (std::uint32_t count = below(5); count > 0; --count) groups.push_back(member());
    Privileges privileges;
    if (one_in(4)) {
      privileges = {.security = one_in(4), .take_ownership = one_in(4), .backup = one_in(6), .restore = one_in(6)};
    }
    return Token(member(), groups, privileges);
  }

 private:
  std::mt19937 engine_;
};

}  // namespace roamsync::testing
