// Any bytes as a security descriptor: faulted, or read, written back to the same meaning, printed and judged.
#include <roamsync/security_explain.hpp>
#include <roamsync/security_inherit.hpp>
#include <roamsync/security_sddl.hpp>

#include "fuzz/require.hpp"

using namespace roamsync;
using fuzz::require;

namespace {

void check_text(const SecurityDescriptor& descriptor) {
  const std::string text = print_sddl(descriptor);
  const auto again = parse_sddl(text);
  require(again.has_value(), "what is printed can be read");
  require(print_sddl(again.value()) == text, "what is read is printed the same");
  require(differences_in_meaning(descriptor, again.value(), {.owner = true, .group = true}).empty(),
          "text keeps the meaning");
}

void check_judgement(const SecurityDescriptor& descriptor) {
  const Token token(descriptor.owner.value_or(sids::system), std::array{sids::everyone, sids::authenticated_users});
  const AccessQuestion question{.token = token, .wanted = access::file_all, .file = descriptor, .share = descriptor};
  const Explanation explanation = explain_access(question);
  require((explanation.granted & access::file_all) == (granted_access(descriptor, token) & access::file_all),
          "explanation and check agree");
  require(explanation.because.empty() == (explanation.missing == 0), "what is missing has a reason");
  for (const Cure& cure : explanation.cures) {
    if (cure.sddl.empty()) continue;
    const auto cured = parse_sddl(cure.sddl);
    require(cured && check_access(cured.value(), token, access::file_all).is_granted, "a cure cures");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::bytes_of(data, size);
  const auto fault = check_descriptor(bytes);
  const auto descriptor = SecurityDescriptor::parse(bytes);
  require(fault.has_value() != descriptor.has_value(), "check and parse agree");
  if (!descriptor) return 0;

  const auto written = descriptor.value().bytes();
  const auto again = SecurityDescriptor::parse(written);
  require(again && again.value().bytes() == written, "what is written is read the same");
  if (written.size() > 0x4000) return 0;  // the rest is quadratic in the number of entries
  check_text(descriptor.value());
  check_judgement(descriptor.value());
  for (const bool is_folder : {true, false}) {
    const auto child = inherited_descriptor(descriptor.value(), {.owner = sids::system, .is_folder = is_folder});
    require(!child || !check_descriptor(child.value().bytes()), "a child's descriptor is sound");
  }
  return 0;
}
