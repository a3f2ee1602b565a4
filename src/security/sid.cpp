#include <roamsync/security_sid.hpp>

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "security/number_text.hpp"

namespace roamsync {
namespace {

constexpr std::uint64_t authority_max = 0xFFFF'FFFF'FFFF;

Error bad_sid(std::string_view text, std::string_view expected) {
  return Error(Errc::bad_descriptor,
               {.step = "read SID", .expected = std::string(expected), .found = '\'' + std::string(text) + '\''});
}

struct NamedSid {
  Sid sid;
  std::string_view name;
};

constexpr std::array named_sids{
    NamedSid{{0, {0}}, "Nobody"},
    NamedSid{{1, {0}}, "Everyone"},
    NamedSid{{2, {0}}, "LOCAL"},
    NamedSid{{3, {0}}, "CREATOR OWNER"},
    NamedSid{{3, {1}}, "CREATOR GROUP"},
    NamedSid{{3, {4}}, "OWNER RIGHTS"},
    NamedSid{{5, {1}}, "DIALUP"},
    NamedSid{{5, {2}}, "NETWORK"},
    NamedSid{{5, {3}}, "BATCH"},
    NamedSid{{5, {4}}, "INTERACTIVE"},
    NamedSid{{5, {6}}, "SERVICE"},
    NamedSid{{5, {7}}, "ANONYMOUS LOGON"},
    NamedSid{{5, {9}}, "ENTERPRISE DOMAIN CONTROLLERS"},
    NamedSid{{5, {10}}, "PRINCIPAL SELF"},
    NamedSid{{5, {11}}, "Authenticated Users"},
    NamedSid{{5, {12}}, "RESTRICTED"},
    NamedSid{{5, {13}}, "TERMINAL SERVER USER"},
    NamedSid{{5, {14}}, "REMOTE INTERACTIVE LOGON"},
    NamedSid{{5, {15}}, "This Organization"},
    NamedSid{{5, {18}}, "SYSTEM"},
    NamedSid{{5, {19}}, "LOCAL SERVICE"},
    NamedSid{{5, {20}}, "NETWORK SERVICE"},
    NamedSid{{5, {33}}, "WRITE RESTRICTED"},
    NamedSid{{5, {32, 544}}, "BUILTIN\\Administrators"},
    NamedSid{{5, {32, 545}}, "BUILTIN\\Users"},
    NamedSid{{5, {32, 546}}, "BUILTIN\\Guests"},
    NamedSid{{5, {32, 547}}, "BUILTIN\\Power Users"},
    NamedSid{{5, {32, 548}}, "BUILTIN\\Account Operators"},
    NamedSid{{5, {32, 549}}, "BUILTIN\\Server Operators"},
    NamedSid{{5, {32, 550}}, "BUILTIN\\Print Operators"},
    NamedSid{{5, {32, 551}}, "BUILTIN\\Backup Operators"},
    NamedSid{{5, {32, 552}}, "BUILTIN\\Replicator"},
    NamedSid{{5, {32, 555}}, "BUILTIN\\Remote Desktop Users"},
    NamedSid{{5, {32, 580}}, "BUILTIN\\Remote Management Users"},
    NamedSid{{15, {2, 1}}, "ALL APPLICATION PACKAGES"},
    NamedSid{{15, {2, 2}}, "ALL RESTRICTED APPLICATION PACKAGES"},
    NamedSid{{16, {0}}, "Untrusted Mandatory Level"},
    NamedSid{{16, {4096}}, "Low Mandatory Level"},
    NamedSid{{16, {8192}}, "Medium Mandatory Level"},
    NamedSid{{16, {8448}}, "Medium Plus Mandatory Level"},
    NamedSid{{16, {12288}}, "High Mandatory Level"},
    NamedSid{{16, {16384}}, "System Mandatory Level"},
};

constexpr std::array named_domain_rids{
    std::pair<std::uint32_t, std::string_view>{500, "Administrator"},
    std::pair<std::uint32_t, std::string_view>{501, "Guest"},
    std::pair<std::uint32_t, std::string_view>{512, "Domain Admins"},
    std::pair<std::uint32_t, std::string_view>{513, "Domain Users"},
    std::pair<std::uint32_t, std::string_view>{514, "Domain Guests"},
    std::pair<std::uint32_t, std::string_view>{515, "Domain Computers"},
    std::pair<std::uint32_t, std::string_view>{516, "Domain Controllers"},
    std::pair<std::uint32_t, std::string_view>{518, "Schema Admins"},
    std::pair<std::uint32_t, std::string_view>{519, "Enterprise Admins"},
    std::pair<std::uint32_t, std::string_view>{520, "Group Policy Creator Owners"},
};

}  // namespace

Result<Sid> Sid::parse(std::string_view text) {
  std::string_view rest = text;
  if (!rest.starts_with("S-") && !rest.starts_with("s-")) return bad_sid(text, "S-1-…");
  rest.remove_prefix(2);

  // A revision written in hexadecimal makes Windows read all the numbers so: S-0x1-20-0-579 is S-1-32-0-1401.
  const bool is_hexadecimal = starts_with_hex_mark(rest);
  const int base = is_hexadecimal ? 16 : 10;
  const auto revision = take_number(rest, base);
  if (!revision || *revision != 1) return bad_sid(text, "revision 1");
  const auto take_dashed = [&]() -> std::optional<std::uint64_t> {
    if (rest.empty() || rest.front() != '-') return std::nullopt;
    rest.remove_prefix(1);
    return take_number(rest, base);
  };

  const auto authority = take_dashed();
  if (!authority || *authority > authority_max) return bad_sid(text, "an authority below 2^48");
  Sid sid(*authority, {});
  while (!rest.empty()) {
    const auto number = take_dashed();
    if (!number) return bad_sid(text, "numbers with '-' between them");
    if (sid.count() == sub_authorities_max) return bad_sid(text, "at most 15 numbers behind the authority");
    // Windows takes the largest number there is for one that is too large.
    sid.append(static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, 0xFFFF'FFFF)));
  }
  return sid;
}

std::optional<Sid> Sid::read(std::span<const std::byte> bytes) noexcept {
  const ByteView view(bytes);
  if (!view.holds(0, 8) || view.at<std::uint8_t>(0) != 1) return std::nullopt;
  const std::size_t count = view.at<std::uint8_t>(1);
  if (count > sub_authorities_max || !view.holds(8, 4 * count)) return std::nullopt;
  Sid sid;
  std::copy_n(bytes.begin(), 8 + 4 * count, sid.bytes_.begin());
  return sid;
}

std::string Sid::text() const {
  std::string out = "S-1-";
  const std::uint64_t authority = this->authority();
  out += authority <= 0xFFFF'FFFF ? std::to_string(authority) : hex_text(authority, Letters::upper);
  for (std::size_t i = 0; i < count(); ++i) out += '-' + std::to_string(number(i));
  return out;
}

std::uint64_t Sid::authority() const noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 2; i < 8; ++i) value = (value << 8) | std::to_integer<std::uint64_t>(bytes_[i]);
  return value;
}

std::uint32_t Sid::number(std::size_t index) const noexcept {
  return index < count() ? ByteView(bytes_).at<std::uint32_t>(8 + 4 * index) : 0;
}

Sid Sid::domain() const noexcept {
  Sid sid = *this;
  if (count() == 0) return sid;
  std::fill_n(sid.bytes_.begin() + static_cast<std::ptrdiff_t>(size() - 4), 4, std::byte{0});
  sid.bytes_[1] = static_cast<std::byte>(count() - 1);
  return sid;
}

Sid Sid::account(std::uint32_t rid) const noexcept {
  Sid sid = *this;
  sid.append(rid);
  return sid;
}

bool Sid::is_domain_account() const noexcept { return authority() == 5 && count() == 5 && number(0) == 21; }

std::string_view well_known_name(const Sid& sid) noexcept {
  for (const NamedSid& row : named_sids) {
    if (row.sid == sid) return row.name;
  }
  if (sid.is_domain_account()) {
    for (const auto& [rid, name] : named_domain_rids) {
      if (rid == sid.rid()) return name;
    }
  }
  return {};
}

}  // namespace roamsync
