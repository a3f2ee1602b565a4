// Any text as SDDL: refused, or a descriptor that is sound and is printed in one spelling.
#include <roamsync/security_sddl.hpp>

#include "fuzz/require.hpp"

using namespace roamsync;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(fuzz::bytes_of(data, size));
  for (const std::optional<Sid>& domain : {std::optional<Sid>(), std::optional(Sid(5, {21, 1, 2, 3}))}) {
    const auto descriptor = parse_sddl(text, domain);
    if (!descriptor) continue;
    require(!check_descriptor(descriptor.value().bytes()), "what is read is sound");
    const std::string printed = print_sddl(descriptor.value(), domain);
    const auto again = parse_sddl(printed, domain);
    require(again && print_sddl(again.value(), domain) == printed, "there is one spelling");
  }
  return 0;
}
