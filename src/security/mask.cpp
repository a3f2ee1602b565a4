#include <roamsync/security_mask.hpp>

#include <algorithm>
#include <array>

#include "security/number_text.hpp"

namespace roamsync {
namespace {

struct NamedBit {
  AccessMask mask;
  std::string_view name;
};

constexpr std::array named_bits{
    NamedBit{access::read_data, "READ_DATA"},
    NamedBit{access::write_data, "WRITE_DATA"},
    NamedBit{access::append_data, "APPEND_DATA"},
    NamedBit{access::read_ea, "READ_EA"},
    NamedBit{access::write_ea, "WRITE_EA"},
    NamedBit{access::execute, "EXECUTE"},
    NamedBit{access::delete_child, "DELETE_CHILD"},
    NamedBit{access::read_attributes, "READ_ATTRIBUTES"},
    NamedBit{access::write_attributes, "WRITE_ATTRIBUTES"},
    NamedBit{access::delete_object, "DELETE"},
    NamedBit{access::read_control, "READ_CONTROL"},
    NamedBit{access::write_dac, "WRITE_DAC"},
    NamedBit{access::write_owner, "WRITE_OWNER"},
    NamedBit{access::synchronize, "SYNCHRONIZE"},
    NamedBit{access::system_security, "ACCESS_SYSTEM_SECURITY"},
    NamedBit{access::maximum_allowed, "MAXIMUM_ALLOWED"},
    NamedBit{access::generic_all, "GENERIC_ALL"},
    NamedBit{access::generic_execute, "GENERIC_EXECUTE"},
    NamedBit{access::generic_write, "GENERIC_WRITE"},
    NamedBit{access::generic_read, "GENERIC_READ"},
};

// What people type besides the names of single bits.
constexpr std::array other_names{
    NamedBit{access::read_data, "LIST_DIRECTORY"},
    NamedBit{access::write_data, "ADD_FILE"},
    NamedBit{access::append_data, "ADD_SUBDIRECTORY"},
    NamedBit{access::execute, "TRAVERSE"},
    NamedBit{access::file_read, "FILE_READ"},
    NamedBit{access::file_write, "FILE_WRITE"},
    NamedBit{access::file_execute, "FILE_EXECUTE"},
    NamedBit{access::share_read, "READ"},
    NamedBit{access::share_change, "CHANGE"},
    NamedBit{access::share_change, "MODIFY"},
    NamedBit{access::share_full, "FULL"},
};

std::string upper(std::string_view text) {
  std::string out;
  for (char letter : text) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    if (letter != ' ') out += letter == '-' ? '_' : letter;
  }
  return out;
}

Result<AccessMask> parse_one(std::string_view word) {
  const std::string name = upper(word);
  if (!name.empty() && digit_value(name.front()) < 10) {
    std::string_view rest = name;
    const auto number = take_number(rest, 10);
    if (number && rest.empty() && *number <= UINT32_MAX) return static_cast<AccessMask>(*number);
  }
  for (const NamedBit& row : named_bits) {
    if (row.name == name) return row.mask;
  }
  for (const NamedBit& row : other_names) {
    if (row.name == name) return row.mask;
  }
  return Error(Errc::bad_descriptor, {.step = "read access rights",
                                      .expected = "a number such as 0x40000, or names such as WRITE_DAC,DELETE",
                                      .found = '\'' + std::string(word) + '\''});
}

}  // namespace

std::vector<std::string> access_names(AccessMask mask) {
  std::vector<std::string> names;
  for (AccessMask bit = 1; bit != 0; bit <<= 1) {
    if ((mask & bit) == 0) continue;
    const auto row =
        std::find_if(named_bits.begin(), named_bits.end(), [&](const NamedBit& b) { return b.mask == bit; });
    names.push_back(row != named_bits.end() ? std::string(row->name) : hex_text(bit));
  }
  return names;
}

Result<AccessMask> parse_access(std::string_view text) {
  AccessMask mask = 0;
  for (;;) {
    const std::size_t comma = text.find(',');
    BOOST_OUTCOME_TRY(const AccessMask bits, parse_one(text.substr(0, comma)));
    mask |= bits;
    if (comma == std::string_view::npos) return mask;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace roamsync
