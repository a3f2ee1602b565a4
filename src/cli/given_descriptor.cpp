#include "cli/given_descriptor.hpp"

#include <roamsync/security_sddl.hpp>

#include "cli/commands.hpp"

#include <algorithm>
#include <charconv>

namespace roamsync::cli {
namespace {

Result<std::vector<std::byte>> bytes_of(const std::string& hex, const std::string& option) {
  std::vector<std::byte> bytes;
  const std::string_view digits = std::string_view(hex).substr(hex.starts_with("0x") ? 2 : 0);
  if (digits.size() % 2 != 0) return usage_error(option + ": an odd number of hexadecimal digits");
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    const char* end = digits.data() + i + 2;
    if (std::from_chars(digits.data() + i, end, value, 16).ptr != end) {
      return usage_error(option + ": '" + std::string(digits.substr(i, 2)) + "' is no hexadecimal number");
    }
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

}  // namespace

CLI::Option* add_descriptor(CLI::App& app, GivenDescriptor& given, const std::string& prefix,
                            const std::string& whose) {
  given.prefix = prefix;
  CLI::Option* sddl = app.add_option("--" + prefix + "sddl", given.sddl, whose + " descriptor as SDDL")
                          ->type_name("TEXT")
                          ->check(not_empty());
  return app
      .add_option("--" + prefix + "descriptor", given.hex, whose + " descriptor as the hexadecimal digits of its bytes")
      ->type_name("HEX")
      ->check(not_empty())
      ->excludes(sddl);
}

Result<SecurityDescriptor> descriptor_of(const GivenDescriptor& given, const std::optional<Sid>& domain) {
  if (given.hex.empty()) return parse_sddl(given.sddl, domain);
  BOOST_OUTCOME_TRY(const auto bytes, bytes_of(given.hex, "--" + given.prefix + "descriptor"));
  return SecurityDescriptor::parse(bytes);
}

Result<std::vector<Sid>> sids_of(const std::string& list, const std::string& option, const std::optional<Sid>& domain) {
  std::vector<Sid> sids;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    BOOST_OUTCOME_TRY(const Sid sid, or_usage(parse_sddl_sid(list.substr(at, end - at), domain), option));
    sids.push_back(sid);
    at = end + 1;
  }
  return sids;
}

}  // namespace roamsync::cli
