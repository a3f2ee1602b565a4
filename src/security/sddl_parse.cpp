#include <roamsync/security_sddl.hpp>

#include <algorithm>
#include <array>

#include "security/condition.hpp"
#include "security/layout.hpp"
#include "security/number_text.hpp"
#include "security/resource_attribute.hpp"
#include "security/sddl_text.hpp"
#include "security/sddl_words.hpp"

namespace roamsync {
namespace {

using sddl::bad_sddl;
using sddl::List;
using sddl::skip_blanks;

bool is_all_blank(std::string_view text) { return skip_blanks(text).empty(); }

bool starts_section(std::string_view text) {
  return text.size() >= 2 && text[1] == ':' && std::string_view("OGDS").find(text[0]) != std::string_view::npos;
}

Result<Sid> take_sid(std::string_view text, const std::optional<Sid>& domain) {
  text = skip_blanks(text);
  if (text.size() >= 2 && (text[0] == 'S' || text[0] == 's') && text[1] == '-') return Sid::parse(text);
  bool needs_domain = false;
  const auto sid = sddl::find_alias(text.substr(0, 2), domain, needs_domain);
  if (needs_domain) return bad_sddl("the SID of the domain that this alias belongs to", text);
  if (!sid || !is_all_blank(text.substr(2))) return bad_sddl("a SID or an alias such as BA", text);
  return *sid;
}

Result<std::uint8_t> take_flags(std::string_view text) {
  std::uint8_t flags = 0;
  for (text = skip_blanks(text); !text.empty(); text = skip_blanks(text.substr(2))) {
    const auto flag = sddl::find_flag(text.substr(0, 2));
    if (!flag) return bad_sddl("flags such as OICI", text);
    flags |= *flag;
  }
  return flags;
}

// Windows skips blanks before letters, not behind the last ones.
Result<AccessMask> take_rights(std::string_view text) {
  text = skip_blanks(text);
  if (!text.empty() && digit_value(text.front()) < 10) {
    const auto number = take_number(text, 0);
    if (!number || !text.empty()) return bad_sddl("a number", text);
    return static_cast<AccessMask>(std::min<std::uint64_t>(*number, UINT32_MAX));
  }
  AccessMask mask = 0;
  while (!text.empty()) {
    text = skip_blanks(text);
    const auto right = sddl::find_right(text.substr(0, 2));
    if (!right) return bad_sddl("rights such as FA, or a number", text);
    mask |= *right;
    text.remove_prefix(2);
  }
  return mask;
}

Result<std::optional<Guid>> take_guid(std::string_view text) {
  if (is_all_blank(text)) return std::optional<Guid>{};
  const auto guid = Guid::parse(text);
  if (!guid) return bad_sddl("a GUID", text);
  return guid;
}

/// One section with a list: `D:` or `S:`, what stands before the first entry, and the entries.
class ListReader {
 public:
  ListReader(List list, const std::optional<Sid>& domain) : list_(list), domain_(domain) {}

  /// Takes the section's text off the front of `text`.
  Result<void> take(std::string_view& text) {
    BOOST_OUTCOME_TRY(take_control(text));
    for (text = skip_blanks(text); text.starts_with('('); text = skip_blanks(text)) {
      if (is_null_) return bad_sddl("no entries behind NO_ACCESS_CONTROL", text);
      BOOST_OUTCOME_TRY(take_ace(text));
    }
    return add_slack_of_windows();
  }

  bool is_null() const { return is_null_; }
  bool is_protected() const { return is_protected_; }
  bool is_inherit_required() const { return is_inherit_required_; }
  bool is_inherited() const { return is_inherited_; }
  Acl& acl() { return acl_; }

 private:
  Result<void> take_control(std::string_view& text) {
    struct Word {
      std::string_view letters;
      bool* flag;
    };
    const std::array words{Word{"NO_ACCESS_CONTROL", &is_null_}, Word{"P", &is_protected_},
                           Word{"AR", &is_inherit_required_}, Word{"AI", &is_inherited_}};
    for (text = skip_blanks(text); !text.empty() && text.front() != '(' && !starts_section(text);
         text = skip_blanks(text)) {
      const auto word = std::find_if(words.begin(), words.end(), [&](const Word& candidate) {
        return sddl::same_word(text.substr(0, candidate.letters.size()), candidate.letters);
      });
      if (word == words.end()) return bad_sddl("P, AR, AI or an entry in parentheses", text);
      *word->flag = true;
      text.remove_prefix(word->letters.size());
    }
    return success();
  }

  Result<void> take_ace(std::string_view& text) {
    const std::string_view whole = text;
    text.remove_prefix(1);
    std::array<std::string_view, 6> fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::size_t end = text.find_first_of(";()");
      const bool is_last = i + 1 == fields.size();
      if (end == std::string_view::npos || text[end] == '(' || (text[end] == ')' && !is_last)) {
        return bad_sddl("six fields in parentheses", whole);
      }
      fields[i] = text.substr(0, end);
      text.remove_prefix(end);
      if (!is_last) text.remove_prefix(1);
    }

    Ace ace;
    BOOST_OUTCOME_TRY(ace.type, take_type(fields[0]));
    BOOST_OUTCOME_TRY(ace.flags, take_flags(fields[1]));
    const AceLayout layout = layout_of(ace.type);
    if (text.front() == ';') {
      text.remove_prefix(1);
      BOOST_OUTCOME_TRY(take_seventh_field(ace, text));
    } else if (layout == AceLayout::opaque || sddl::has_seventh_field(ace.type)) {
      return bad_sddl("a seventh field", whole);
    }
    if (!text.starts_with(')')) return bad_sddl("')' behind an entry", text);
    text.remove_prefix(1);

    if (layout == AceLayout::opaque) {
      if (std::any_of(fields.begin() + 2, fields.end(), [](std::string_view field) { return !field.empty(); })) {
        return bad_sddl("nothing but type, flags and bytes in an entry of unknown layout", whole);
      }
      return acl_.add_opaque(ace.type, ace.flags, ace.data);
    }
    BOOST_OUTCOME_TRY(ace.mask, take_rights(fields[2]));
    BOOST_OUTCOME_TRY(ace.object_type, take_guid(fields[3]));
    BOOST_OUTCOME_TRY(ace.inherited_object_type, take_guid(fields[4]));
    if (layout != AceLayout::object && (ace.object_type || ace.inherited_object_type)) {
      return bad_sddl("GUIDs only in entries of object types", whole);
    }
    BOOST_OUTCOME_TRY(ace.sid, take_sid(fields[5], domain_));
    seen_.push_back({ace.type, ace.sid, ace.mask, !skip_blanks(fields[5]).starts_with("S-")});
    return acl_.add(ace);
  }

  Result<AceType> take_type(std::string_view text) const {
    text = skip_blanks(text);
    if (starts_with_hex_mark(text)) {
      const auto number = take_number(text, 16);
      if (!number || *number > 0xFF || !text.empty()) return bad_sddl("an entry's type below 0x100", text);
      return static_cast<AceType>(*number);
    }
    const sddl::TypeWord* type = sddl::find_type(text);
    if (type == nullptr) return bad_sddl("an entry's type such as A", text);
    if (type->list != list_) {
      return bad_sddl(list_ == List::dacl ? "an entry that grants or denies" : "an entry that audits or labels", text);
    }
    return type->type;
  }

  Result<void> take_seventh_field(Ace& ace, std::string_view& text) const {
    if (layout_of(ace.type) != AceLayout::opaque && !sddl::has_seventh_field(ace.type)) {
      return bad_sddl("six fields in this type of entry", text);
    }
    text = skip_blanks(text);
    if (text.starts_with('#')) {
      BOOST_OUTCOME_TRY(ace.data, sddl::take_octets(text));
    } else if (ace.type == AceType::resource_attribute) {
      BOOST_OUTCOME_TRY(ace.data, take_resource_attribute(text, domain_));
    } else if (sddl::has_seventh_field(ace.type)) {
      BOOST_OUTCOME_TRY(ace.data, take_condition(text, domain_));
    } else {
      return bad_sddl("# and pairs of hexadecimal digits", text);
    }
    text = skip_blanks(text);
    return success();
  }

  // Windows makes a list four bytes larger, of revision 4, for each entry without rights whose alias stands in another
  // entry of that type too, unless it has a condition. The reason is not known; the effect is in descriptors it made.
  Result<void> add_slack_of_windows() {
    std::size_t count = 0;
    for (const Seen& seen : seen_) {
      if (seen.mask != 0 || !seen.is_alias || sddl::has_seventh_field(seen.type)) continue;
      const auto is_alike = [&](const Seen& other) { return other.type == seen.type && other.sid == seen.sid; };
      if (std::count_if(seen_.begin(), seen_.end(), is_alike) > 1) ++count;
    }
    if (count == 0) return success();
    acl_.set_revision(Acl::revision_objects);
    return acl_.add_slack(4 * count);
  }

  struct Seen {
    AceType type;
    Sid sid;
    AccessMask mask;
    bool is_alias;
  };

  List list_;
  const std::optional<Sid>& domain_;
  bool is_null_ = false;
  bool is_protected_ = false;
  bool is_inherit_required_ = false;
  bool is_inherited_ = false;
  Acl acl_;
  std::vector<Seen> seen_;
};

// The text of an owner or group ends before the letter of the next section, which is found by its colon: in
// `O:S-1-2-0x2D:` the D is no digit.
std::string_view take_sid_text(std::string_view& text) {
  const std::size_t colon = text.find(':');
  const std::size_t end = colon == std::string_view::npos ? text.size() : colon == 0 ? 0 : colon - 1;
  const std::string_view sid_text = text.substr(0, end);
  text.remove_prefix(end);
  return sid_text;
}

Result<void> take_list(List list, std::string_view& text, const std::optional<Sid>& domain,
                       SecurityDescriptor& descriptor) {
  ListReader reader(list, domain);
  BOOST_OUTCOME_TRY(reader.take(text));
  const bool is_dacl = list == List::dacl;
  const auto set = [&](bool is_set, std::uint16_t for_dacl, std::uint16_t for_sacl) {
    if (is_set) descriptor.flags |= is_dacl ? for_dacl : for_sacl;
  };
  set(true, control::dacl_present, control::sacl_present);
  set(reader.is_protected(), control::dacl_protected, control::sacl_protected);
  set(reader.is_inherit_required(), control::dacl_auto_inherit_required, control::sacl_auto_inherit_required);
  set(reader.is_inherited(), control::dacl_auto_inherited, control::sacl_auto_inherited);
  if (!reader.is_null()) (is_dacl ? descriptor.dacl : descriptor.sacl) = std::move(reader.acl());
  return success();
}

}  // namespace

Result<Sid> parse_sddl_sid(std::string_view text, const std::optional<Sid>& domain) { return take_sid(text, domain); }

Result<SecurityDescriptor> parse_sddl(std::string_view text, const std::optional<Sid>& domain) {
  SecurityDescriptor descriptor;
  for (text = skip_blanks(text); !text.empty(); text = skip_blanks(text)) {
    if (!starts_section(text)) return bad_sddl("O:, G:, D: or S:", text);
    const char section = text.front();
    const std::string_view section_text = text;
    text.remove_prefix(2);
    const bool is_repeated = (section == 'O' && descriptor.owner) || (section == 'G' && descriptor.group) ||
                             (section == 'D' && (descriptor.flags & control::dacl_present) != 0) ||
                             (section == 'S' && (descriptor.flags & control::sacl_present) != 0);
    if (is_repeated) return bad_sddl("each section once", section_text);
    if (section == 'O') {
      BOOST_OUTCOME_TRY(descriptor.owner, take_sid(take_sid_text(text), domain));
    } else if (section == 'G') {
      BOOST_OUTCOME_TRY(descriptor.group, take_sid(take_sid_text(text), domain));
    } else {
      BOOST_OUTCOME_TRY(take_list(section == 'D' ? List::dacl : List::sacl, text, domain, descriptor));
    }
  }
  return descriptor;
}

}  // namespace roamsync
