#include "cli/acl_report.hpp"

#include <roamsync/security_sddl.hpp>

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>
#include <vector>

namespace roamsync::cli {
namespace {

std::string hex_digits(std::uint64_t value, std::size_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(count, '0');
  for (std::size_t i = count; i-- > 0; value >>= 4) out[i] = digits[value & 0xF];
  return out;
}

std::string hex_of(std::span<const std::byte> bytes) {
  std::string out;
  for (const std::byte byte : bytes) out += hex_digits(std::to_integer<std::uint64_t>(byte), 2);
  return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? std::string() : std::string(between)) + word;
  return out;
}

std::string name_of(const Sid& sid) {
  const std::string_view name = well_known_name(sid);
  return name.empty() ? sid.text() : std::string(name);
}

std::string type_in_words(AceType type) {
  switch (type) {
    case AceType::allowed: return "allow";
    case AceType::denied: return "deny";
    case AceType::audit: return "audit";
    case AceType::alarm: return "alarm";
    case AceType::allowed_object: return "allow object";
    case AceType::denied_object: return "deny object";
    case AceType::audit_object: return "audit object";
    case AceType::alarm_object: return "alarm object";
    case AceType::allowed_callback: return "allow if";
    case AceType::denied_callback: return "deny if";
    case AceType::audit_callback: return "audit if";
    case AceType::allowed_callback_object: return "allow object if";
    case AceType::denied_callback_object: return "deny object if";
    case AceType::mandatory_label: return "label";
    case AceType::resource_attribute: return "attribute";
    case AceType::scoped_policy: return "policy";
    case AceType::process_trust_label: return "trust label";
    case AceType::access_filter: return "filter";
    default: return "type 0x" + hex_digits(static_cast<std::uint8_t>(type), 2);
  }
}

// Whom it is for, in the words of Windows' dialogs.
std::string reach_in_words(AceView ace) {
  std::vector<std::string> places;
  if (!ace.has(ace_flag::inherit_only)) places.emplace_back("this object");
  if (ace.has(ace_flag::container_inherit)) places.emplace_back("folders");
  if (ace.has(ace_flag::object_inherit)) places.emplace_back("files");
  std::string out = places.empty() ? "nothing" : joined(places, ", ");
  if (ace.has(ace_flag::no_propagate) && places.size() > 1) out += " directly in it";
  if (ace.has(ace_flag::inherited)) out += "; inherited";
  if (ace.has(ace_flag::successful_access)) out += "; success";
  if (ace.has(ace_flag::failed_access)) out += "; failure";
  return out;
}

std::string rights_in_words(AceView ace) {
  if (ace.type() != AceType::mandatory_label) {
    const AccessMask mapped = file_mapping.map(ace.mask());
    return file_permission_name(mapped == access::file_all ? mapped : ace.mask());
  }
  std::vector<std::string> words;
  if ((ace.mask() & 1) != 0) words.emplace_back("NO_WRITE_UP");
  if ((ace.mask() & 2) != 0) words.emplace_back("NO_READ_UP");
  if ((ace.mask() & 4) != 0) words.emplace_back("NO_EXECUTE_UP");
  return joined(words, ", ");
}

Json json_of_list(const std::optional<Acl>& acl, const std::optional<Sid>& domain) {
  if (!acl) return nullptr;
  Json entries = Json::array();
  for (const AceView ace : *acl) {
    Json entry{{"index", entries.size()},
               {"type", type_in_words(ace.type())},
               {"flags", ace.flags()},
               {"reach", reach_in_words(ace)},
               {"sddl", print_sddl(ace, domain)}};
    if (ace.is_known()) {
      entry["mask"] = mask_text(ace.mask());
      entry["rights"] = access_names(ace.mask());
      entry["sid"] = ace.sid().text();
      entry["name"] = name_of(ace.sid());
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

using Row = std::vector<std::string>;

// Columns as wide as their widest word, two blanks between; the last one is not filled up.
void write_rows(std::ostream& out, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Row& row : rows) {
    out << ' ';
    for (std::size_t i = 0; i < row.size(); ++i) {
      out << ' ' << row[i];
      if (i + 1 < row.size()) out << std::string(widths[i] - row[i].size() + 1, ' ');
    }
    out << '\n';
  }
}

void write_list(std::ostream& out, std::string_view title, const std::optional<Acl>& acl, std::string_view without) {
  out << title << ":\n";
  if (!acl || acl->empty()) {
    out << "  " << (acl ? "empty: nobody may do anything" : without) << '\n';
    return;
  }
  std::vector<Row> rows;
  for (const AceView ace : *acl) {
    rows.push_back({std::to_string(rows.size()), type_in_words(ace.type())});
    if (!ace.is_known()) continue;
    for (std::string word : {name_of(ace.sid()), mask_text(ace.mask()), rights_in_words(ace), reach_in_words(ace)}) {
      rows.back().push_back(std::move(word));
    }
  }
  write_rows(out, rows);
}

void write_sid(std::ostream& out, std::string_view title, const std::optional<Sid>& sid) {
  out << title << ": ";
  if (!sid) {
    out << "none\n";
    return;
  }
  const std::string name = name_of(*sid);
  out << name << (name == sid->text() ? "" : " (" + sid->text() + ')') << '\n';
}

}  // namespace

std::string mask_text(AccessMask mask) { return "0x" + hex_digits(mask, 8); }

Json json_of(const SecurityDescriptor& descriptor, const std::optional<Sid>& domain) {
  return {{"sddl", print_sddl(descriptor, domain)},
          {"descriptor", hex_of(descriptor.bytes())},
          {"owner", descriptor.owner ? Json(descriptor.owner->text()) : Json(nullptr)},
          {"group", descriptor.group ? Json(descriptor.group->text()) : Json(nullptr)},
          {"dacl", json_of_list(descriptor.dacl, domain)},
          {"sacl", json_of_list(descriptor.sacl, domain)}};
}

void write_descriptor(std::ostream& out, const SecurityDescriptor& descriptor, const std::optional<Sid>& domain) {
  write_sid(out, "Owner", descriptor.owner);
  write_sid(out, "Group", descriptor.group);
  const bool is_protected = (descriptor.flags & control::dacl_protected) != 0;
  write_list(out, is_protected ? "Access list, which inherits nothing" : "Access list", descriptor.dacl,
             "none: everybody may do everything");
  if (descriptor.sacl) write_list(out, "Audit list", descriptor.sacl, {});
  out << "SDDL: " << print_sddl(descriptor, domain) << "\nBytes: " << hex_of(descriptor.bytes()) << '\n';
}

Json json_of(const Explanation& explanation, AccessMask wanted) {
  Json because = Json::array();
  for (const MissingRight& row : explanation.because) {
    constexpr std::array reasons{"denied", "not_granted", "read_only_share", "privilege"};
    because.push_back({{"right", row.name},
                       {"acl", row.acl == AclSide::share ? "share" : "file"},
                       {"entry", row.index ? Json(row.entry) : Json(nullptr)},
                       {"index", row.index ? Json(*row.index) : Json(nullptr)},
                       {"reason", reasons[static_cast<std::size_t>(row.reason)]}});
  }
  Json cures = Json::array();
  for (const Cure& cure : explanation.cures) {
    cures.push_back({{"acl", cure.acl == AclSide::share ? "share" : "file"},
                     {"words", cure.words},
                     {"sddl", cure.sddl},
                     {"commands", cure.commands}});
  }
  return {{"wanted", mask_text(wanted)},
          {"share_access", mask_text(explanation.share)},
          {"file_access", mask_text(explanation.file)},
          {"granted", mask_text(explanation.granted)},
          {"missing", access_names(explanation.missing)},
          {"because", because},
          {"reasons", explanation.reasons},
          {"cure", cures}};
}

void write_access_table(std::ostream& out, const Explanation& explanation, AccessMask wanted, KnownSides known,
                        AccessMask rows_of) {
  std::vector<Row> rows{{"right", "share", "file", "effective"}};
  const auto answer = [](bool is_granted) { return std::string(is_granted ? "yes" : "no"); };
  for (AccessMask bit = 1; bit != 0; bit <<= 1) {
    if (((rows_of | wanted) & bit) == 0) continue;
    const bool is_missing = (explanation.missing & bit) != 0;
    const bool passes_share = (explanation.share & bit) != 0 || (explanation.granted & bit) != 0;
    rows.push_back({access_names(bit).front(), known.share ? answer(passes_share) : "-",
                    known.file ? answer((explanation.file & bit) != 0) : "-",
                    is_missing ? "MISSING" : answer((explanation.granted & bit) != 0)});
  }
  rows.push_back({"all", known.share ? mask_text(explanation.share) : "-",
                  known.file ? mask_text(explanation.file) : "-", mask_text(explanation.granted)});
  write_rows(out, rows);
}

void write_reasons(std::ostream& out, const Explanation& explanation) {
  if (explanation.missing == 0) {
    out << "\nNothing is missing.\n";
    return;
  }
  out << "\nMissing: " << joined(access_names(explanation.missing), ", ") << '\n';
  for (const std::string& reason : explanation.reasons) out << "Because " << reason << ".\n";
  for (const Cure& cure : explanation.cures) {
    out << "Cure: " << cure.words << ".\n";
    for (const std::string& command : cure.commands) out << "  " << command << '\n';
  }
}

}  // namespace roamsync::cli
