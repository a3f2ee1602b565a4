#include "security/sddl_words.hpp"

#include <algorithm>

namespace roamsync::sddl {
namespace {

constexpr std::array type_words{
    TypeWord{"A", AceType::allowed, List::dacl},
    TypeWord{"D", AceType::denied, List::dacl},
    TypeWord{"AU", AceType::audit, List::sacl},
    TypeWord{"AL", AceType::alarm, List::sacl},
    TypeWord{"OA", AceType::allowed_object, List::dacl},
    TypeWord{"OD", AceType::denied_object, List::dacl},
    TypeWord{"OU", AceType::audit_object, List::sacl},
    TypeWord{"OL", AceType::alarm_object, List::sacl},
    TypeWord{"XA", AceType::allowed_callback, List::dacl},
    TypeWord{"XD", AceType::denied_callback, List::dacl},
    TypeWord{"ZA", AceType::allowed_callback_object, List::dacl},
    TypeWord{"XU", AceType::audit_callback, List::sacl},
    TypeWord{"ML", AceType::mandatory_label, List::sacl},
    TypeWord{"RA", AceType::resource_attribute, List::sacl},
    TypeWord{"SP", AceType::scoped_policy, List::sacl},
    TypeWord{"TL", AceType::process_trust_label, List::sacl},
    TypeWord{"FL", AceType::access_filter, List::sacl},
};

constexpr std::array right_bits{
    MaskWord{"CC", 0x00000001}, MaskWord{"DC", 0x00000002}, MaskWord{"LC", 0x00000004}, MaskWord{"SW", 0x00000008},
    MaskWord{"RP", 0x00000010}, MaskWord{"WP", 0x00000020}, MaskWord{"DT", 0x00000040}, MaskWord{"LO", 0x00000080},
    MaskWord{"CR", 0x00000100}, MaskWord{"SD", 0x00010000}, MaskWord{"RC", 0x00020000}, MaskWord{"WD", 0x00040000},
    MaskWord{"WO", 0x00080000}, MaskWord{"GA", 0x10000000}, MaskWord{"GX", 0x20000000}, MaskWord{"GW", 0x40000000},
    MaskWord{"GR", 0x80000000},
};

// KX is KR; writing uses the first that fits.
constexpr std::array right_sets{
    MaskWord{"FA", access::file_all},     MaskWord{"FR", access::file_read},   MaskWord{"FW", access::file_write},
    MaskWord{"FX", access::file_execute}, MaskWord{"KA", key_mapping.all},     MaskWord{"KR", key_mapping.read},
    MaskWord{"KW", key_mapping.write},    MaskWord{"KX", key_mapping.execute},
};

constexpr std::array label_bits{
    MaskWord{"NW", 0x1},
    MaskWord{"NR", 0x2},
    MaskWord{"NX", 0x4},
};

constexpr std::array flag_words{
    FlagWord{"OI", ace_flag::object_inherit},    FlagWord{"CI", ace_flag::container_inherit},
    FlagWord{"NP", ace_flag::no_propagate},      FlagWord{"IO", ace_flag::inherit_only},
    FlagWord{"ID", ace_flag::inherited},         FlagWord{"CR", ace_flag::critical},
    FlagWord{"SA", ace_flag::successful_access}, FlagWord{"FA", ace_flag::failed_access},
};

struct Alias {
  std::string_view word;
  Sid sid;
};

constexpr std::array aliases{
    Alias{"WD", {1, {0}}},
    Alias{"CO", {3, {0}}},
    Alias{"CG", {3, {1}}},
    Alias{"OW", {3, {4}}},
    Alias{"NU", {5, {2}}},
    Alias{"IU", {5, {4}}},
    Alias{"SU", {5, {6}}},
    Alias{"AN", {5, {7}}},
    Alias{"ED", {5, {9}}},
    Alias{"PS", {5, {10}}},
    Alias{"AU", {5, {11}}},
    Alias{"RC", {5, {12}}},
    Alias{"SY", {5, {18}}},
    Alias{"LS", {5, {19}}},
    Alias{"NS", {5, {20}}},
    Alias{"WR", {5, {33}}},
    Alias{"BA", {5, {32, 544}}},
    Alias{"BU", {5, {32, 545}}},
    Alias{"BG", {5, {32, 546}}},
    Alias{"PU", {5, {32, 547}}},
    Alias{"AO", {5, {32, 548}}},
    Alias{"SO", {5, {32, 549}}},
    Alias{"PO", {5, {32, 550}}},
    Alias{"BO", {5, {32, 551}}},
    Alias{"RE", {5, {32, 552}}},
    Alias{"RU", {5, {32, 554}}},
    Alias{"RD", {5, {32, 555}}},
    Alias{"NO", {5, {32, 556}}},
    Alias{"MU", {5, {32, 558}}},
    Alias{"LU", {5, {32, 559}}},
    Alias{"IS", {5, {32, 568}}},
    Alias{"CY", {5, {32, 569}}},
    Alias{"ER", {5, {32, 573}}},
    Alias{"CD", {5, {32, 574}}},
    Alias{"RA", {5, {32, 575}}},
    Alias{"ES", {5, {32, 576}}},
    Alias{"MS", {5, {32, 577}}},
    Alias{"HA", {5, {32, 578}}},
    Alias{"AA", {5, {32, 579}}},
    Alias{"RM", {5, {32, 580}}},
    Alias{"UD", {5, {84, 0, 0, 0, 0, 0}}},
    Alias{"AC", {15, {2, 1}}},
    Alias{"LW", {16, {4096}}},
    Alias{"ME", {16, {8192}}},
    Alias{"MP", {16, {8448}}},
    Alias{"HI", {16, {12288}}},
    Alias{"SI", {16, {16384}}},
    Alias{"AS", {18, {1}}},
    Alias{"SS", {18, {2}}},
};

struct DomainAlias {
  std::string_view word;
  std::uint32_t rid;
};

constexpr std::array domain_aliases{
    DomainAlias{"RO", 498}, DomainAlias{"LA", 500}, DomainAlias{"LG", 501}, DomainAlias{"DA", 512},
    DomainAlias{"DU", 513}, DomainAlias{"DG", 514}, DomainAlias{"DC", 515}, DomainAlias{"DD", 516},
    DomainAlias{"CA", 517}, DomainAlias{"SA", 518}, DomainAlias{"EA", 519}, DomainAlias{"PA", 520},
    DomainAlias{"CN", 522}, DomainAlias{"AP", 525}, DomainAlias{"KA", 526}, DomainAlias{"EK", 527},
    DomainAlias{"RS", 553},
};

template <class Table>
auto find_word(const Table& table, std::string_view word) noexcept {
  const auto row = std::find_if(table.begin(), table.end(), [&](const auto& r) { return same_word(r.word, word); });
  return row == table.end() ? nullptr : &*row;
}

template <class Table>
std::string_view find_mask(const Table& table, AccessMask mask) noexcept {
  const auto row = std::find_if(table.begin(), table.end(), [&](const MaskWord& r) { return r.mask == mask; });
  return row == table.end() ? std::string_view{} : row->word;
}

}  // namespace

bool same_word(std::string_view left, std::string_view right) noexcept {
  const auto upper = [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
  };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char l, char r) { return upper(l) == upper(r); });
}

const TypeWord* find_type(std::string_view word) noexcept { return find_word(type_words, word); }

const TypeWord* find_type(AceType type) noexcept {
  const auto row =
      std::find_if(type_words.begin(), type_words.end(), [&](const TypeWord& r) { return r.type == type; });
  return row == type_words.end() ? nullptr : &*row;
}

std::optional<AccessMask> find_right(std::string_view word) noexcept {
  if (const MaskWord* row = find_word(right_bits, word)) return row->mask;
  if (const MaskWord* row = find_word(right_sets, word)) return row->mask;
  if (const MaskWord* row = find_word(label_bits, word)) return row->mask;
  return std::nullopt;
}

std::string_view find_right_set(AccessMask mask) noexcept { return find_mask(right_sets, mask); }
std::string_view find_right_bit(AccessMask bit) noexcept { return find_mask(right_bits, bit); }
std::string_view find_label_bit(AccessMask bit) noexcept { return find_mask(label_bits, bit); }

std::optional<std::uint8_t> find_flag(std::string_view word) noexcept {
  const FlagWord* row = find_word(flag_words, word);
  return row == nullptr ? std::nullopt : std::optional(row->flag);
}

std::string_view find_flag(std::uint8_t flag) noexcept {
  const auto row =
      std::find_if(flag_words.begin(), flag_words.end(), [&](const FlagWord& r) { return r.flag == flag; });
  return row == flag_words.end() ? std::string_view{} : row->word;
}

std::optional<Sid> find_alias(std::string_view word, const std::optional<Sid>& domain, bool& needs_domain) noexcept {
  needs_domain = false;
  if (const Alias* row = find_word(aliases, word)) return row->sid;
  const DomainAlias* row = find_word(domain_aliases, word);
  if (row == nullptr) return std::nullopt;
  needs_domain = !domain;
  return domain ? std::optional(domain->account(row->rid)) : std::nullopt;
}

std::string_view find_alias(const Sid& sid, const std::optional<Sid>& domain) noexcept {
  for (const Alias& row : aliases) {
    if (row.sid == sid) return row.word;
  }
  if (domain && sid.count() == domain->count() + 1 && sid.domain() == *domain) {
    for (const DomainAlias& row : domain_aliases) {
      if (row.rid == sid.rid()) return row.word;
    }
  }
  return {};
}

}  // namespace roamsync::sddl
