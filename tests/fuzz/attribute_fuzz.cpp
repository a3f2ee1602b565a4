// Any bytes as what a file server keeps: Samba's attribute, a POSIX access list, the text of a database of shares.
#include <roamsync/security_attribute.hpp>
#include <roamsync/security_posix.hpp>

#include "fuzz/require.hpp"

#include <string_view>

using namespace roamsync;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::bytes_of(data, size);
  if (const auto attribute = parse_nt_acl_attribute(bytes)) {
    const auto written = write_nt_acl_attribute(attribute.value().descriptor);
    const auto again = parse_nt_acl_attribute(written);
    require(again.has_value(), "what is written can be read");
    require(again.value().descriptor == attribute.value().descriptor, "and is the same descriptor");
  }
  if (const auto list = parse_posix_acl(bytes)) {
    for (const PosixAclEntry& entry : list.value()) {
      const PosixVerdict verdict = judge_posix({.acl = list.value()}, {.id = entry.id, .groups = {entry.id}});
      require(verdict.bits <= posix_bit::all, "no more than there is");
    }
  }
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(find_share_descriptor(text, "profiles"));
  return 0;
}
