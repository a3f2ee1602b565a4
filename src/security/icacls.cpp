#include "security/icacls.hpp"

#include <array>

namespace roamsync {
namespace {

struct Word {
  AccessMask mask;
  std::string_view word;
};

// Whole sets first. SYNCHRONIZE belongs to icacls' simple rights; alone it is `S`.
constexpr std::array simple_words{Word{access::file_all, "F"}, Word{access::share_change, "M"},
                                  Word{access::share_read, "RX"}, Word{access::file_read, "R"}};
constexpr std::array single_words{
    Word{access::delete_object, "DE"},   Word{access::read_control, "RC"},    Word{access::write_dac, "WDAC"},
    Word{access::write_owner, "WO"},     Word{access::synchronize, "S"},      Word{access::read_data, "RD"},
    Word{access::write_data, "WD"},      Word{access::append_data, "AD"},     Word{access::read_ea, "REA"},
    Word{access::write_ea, "WEA"},       Word{access::execute, "X"},          Word{access::delete_child, "DC"},
    Word{access::read_attributes, "RA"}, Word{access::write_attributes, "WA"}};

std::string rights_words(AccessMask mask) {
  std::string out("(");
  for (const Word& row : simple_words) {
    if (row.mask == mask) return out.append(row.word).append(")");
  }
  for (const Word& row : single_words) {
    if ((mask & row.mask) == 0) continue;
    if (out.size() > 1) out += ',';
    out += row.word;
  }
  return out.append(")");
}

}  // namespace

std::string icacls_grant(std::string_view path, const Sid& sid, AccessMask mask, std::uint8_t flags) {
  std::string out = "icacls \"" + std::string(path) + "\" /grant \"*" + sid.text() + ':';
  if ((flags & ace_flag::object_inherit) != 0) out += "(OI)";
  if ((flags & ace_flag::container_inherit) != 0) out += "(CI)";
  return out + rights_words(mask) + '"';
}

std::string icacls_remove_denial(std::string_view path, const Sid& sid) {
  return "icacls \"" + std::string(path) + "\" /remove:d \"*" + sid.text() + '"';
}

}  // namespace roamsync
