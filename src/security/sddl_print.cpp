#include <roamsync/security_sddl.hpp>

#include "security/condition.hpp"
#include "security/layout.hpp"
#include "security/number_text.hpp"
#include "security/resource_attribute.hpp"
#include "security/sddl_text.hpp"
#include "security/sddl_words.hpp"

namespace roamsync {
namespace {

template <class FindWord>
std::string letters_or_hex(AccessMask mask, FindWord find_word) {
  std::string out;
  for (AccessMask bit = 1; bit != 0; bit <<= 1) {
    if ((mask & bit) == 0) continue;
    const std::string_view word = find_word(bit);
    if (word.empty()) return hex_text(mask);
    out += word;
  }
  return out;
}

std::string flag_letters(std::uint8_t flags) {
  std::string out;
  for (unsigned bit = 1; bit <= 0x80; bit <<= 1) {
    if ((flags & bit) != 0) out += sddl::find_flag(static_cast<std::uint8_t>(bit));
  }
  return out;
}

std::string seventh_field(AceView ace, const std::optional<Sid>& domain) {
  if (ace.is_known() && !sddl::has_seventh_field(ace.type())) return {};
  std::optional<std::string> text;
  if (ace.is_known()) {
    text = ace.type() == AceType::resource_attribute ? resource_attribute_text(ace.data(), domain)
                                                     : condition_text(ace.data(), domain);
  }
  return ';' + (text ? *text : '#' + sddl::octets_text(ace.data()));
}

// `type_word` is empty for a type that has none, or none in this list.
std::string ace_text(AceView ace, std::string_view type_word, const std::optional<Sid>& domain) {
  std::string out = "(";
  out += !type_word.empty() ? std::string(type_word) : hex_text(static_cast<std::uint8_t>(ace.type()));
  out += ';' + flag_letters(ace.flags()) + ';';
  if (ace.is_known()) {
    out += ace.type() == AceType::mandatory_label ? letters_or_hex(ace.mask(), sddl::find_label_bit)
                                                  : print_sddl_rights(ace.mask());
  }
  out += ';';
  if (const auto guid = ace.object_type()) out += guid->text();
  out += ';';
  if (const auto guid = ace.inherited_object_type()) out += guid->text();
  out += ';';
  if (ace.is_known()) out += print_sddl(ace.sid(), domain);
  return out + seventh_field(ace, domain) + ')';
}

std::string list_text(char letter, std::uint16_t flags, std::uint16_t is_protected, std::uint16_t is_required,
                      std::uint16_t is_inherited, const std::optional<Acl>& acl, const std::optional<Sid>& domain) {
  std::string out{letter, ':'};
  if ((flags & is_protected) != 0) out += 'P';
  if ((flags & is_required) != 0) out += "AR";
  if ((flags & is_inherited) != 0) out += "AI";
  if (!acl) return out + "NO_ACCESS_CONTROL";
  const sddl::List list = letter == 'D' ? sddl::List::dacl : sddl::List::sacl;
  for (const AceView ace : *acl) {
    const sddl::TypeWord* type = sddl::find_type(ace.type());
    out += ace_text(ace, type != nullptr && type->list == list ? type->word : std::string_view{}, domain);
  }
  return out;
}

}  // namespace

std::string print_sddl_rights(AccessMask mask) {
  if (const std::string_view set = sddl::find_right_set(mask); !set.empty()) return std::string(set);
  return letters_or_hex(mask, sddl::find_right_bit);
}

std::string print_sddl(const Sid& sid, const std::optional<Sid>& domain) {
  const std::string_view alias = sddl::find_alias(sid, domain);
  return alias.empty() ? sid.text() : std::string(alias);
}

std::string print_sddl(AceView ace, const std::optional<Sid>& domain) {
  const sddl::TypeWord* type = sddl::find_type(ace.type());
  return ace_text(ace, type != nullptr ? type->word : std::string_view{}, domain);
}

std::string print_sddl(const SecurityDescriptor& descriptor, const std::optional<Sid>& domain) {
  std::string out;
  if (descriptor.owner) out += "O:" + print_sddl(*descriptor.owner, domain);
  if (descriptor.group) out += "G:" + print_sddl(*descriptor.group, domain);
  const std::uint16_t flags = descriptor.flags;
  if (descriptor.dacl || (flags & control::dacl_present) != 0) {
    out += list_text('D', flags, control::dacl_protected, control::dacl_auto_inherit_required,
                     control::dacl_auto_inherited, descriptor.dacl, domain);
  }
  if (descriptor.sacl) {  // Without one nothing is audited; a null SACL says no more.
    out += list_text('S', flags, control::sacl_protected, control::sacl_auto_inherit_required,
                     control::sacl_auto_inherited, descriptor.sacl, domain);
  }
  return out;
}

}  // namespace roamsync
