#include <roamsync/security_explain.hpp>

#include <array>
#include <bit>
#include <span>
#include <string_view>

namespace roamsync {
namespace {

struct Level {
  AccessMask mask;
  std::string_view name;
};

constexpr AccessMask change_of_samba = access::share_change | access::delete_child;  // sharesec's CHANGE
constexpr AccessMask read_of_usershares = access::file_read;                         // R of net usershare

// What a dialog of Windows shows comes first.
constexpr std::array share_levels{Level{access::share_full, "Full Control"}, Level{access::share_change, "Change"},
                                  Level{access::share_read, "Read"},
                                  Level{change_of_samba, "Change (as Samba writes it)"},
                                  Level{read_of_usershares, "Read (as Samba's usershares write it)"}};
constexpr std::array file_levels{Level{access::file_all, "Full Control"},
                                 Level{access::share_change, "Modify"},
                                 Level{access::share_read, "Read & execute"},
                                 Level{change_of_samba, "Modify (as Samba writes it)"},
                                 Level{access::file_read, "Read"},
                                 Level{access::file_write, "Write"}};
constexpr std::size_t levels_to_be_near_to = 3;

std::string names_of(AccessMask mask) {
  std::string out;
  for (const std::string& name : access_names(mask)) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string difference(const Level& level, AccessMask mask) {
  std::string out(level.name);
  if (const AccessMask more = mask & ~level.mask; more != 0) out += " plus " + names_of(more);
  if (const AccessMask less = level.mask & ~mask; less != 0) out += " without " + names_of(less);
  return out;
}

std::string name_of(AccessMask mask, std::span<const Level> levels) {
  if (mask == 0) return "nothing";
  for (const Level& level : levels) {
    if (level.mask == mask) return std::string(level.name);
  }
  // A level and a few rights read better than a long list, as long as it is mostly that level.
  const Level* nearest = nullptr;
  int distance = std::popcount(mask) / 2;
  for (const Level& level : levels.first(levels_to_be_near_to)) {
    const int bits = std::popcount(level.mask ^ mask);
    if (bits >= distance) continue;
    nearest = &level;
    distance = bits;
  }
  return nearest != nullptr ? difference(*nearest, mask) : names_of(mask);
}

}  // namespace

std::string share_permission_name(AccessMask mask) { return name_of(mask, share_levels); }

std::string file_permission_name(AccessMask mask) { return name_of(mask, file_levels); }

}  // namespace roamsync
