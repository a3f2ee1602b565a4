#include "session/nt_list.hpp"

#include <roamsync/security_attribute.hpp>
#include <roamsync/security_posix.hpp>

#include <algorithm>
#include <span>

namespace roamsync {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

const std::string* find(const AccessFacts& facts, std::string_view name) {
  const auto found = std::find_if(facts.attributes.begin(), facts.attributes.end(),
                                  [name](const auto& attribute) { return attribute.first == name; });
  return found == facts.attributes.end() ? nullptr : &found->second;
}

}  // namespace

NtList nt_list_of(const AccessFacts& facts, NtListUse use) {
  NtList list;
  for (const std::string_view name : nt_acl_attribute_names) {
    const std::string* value = find(facts, name);
    if (value == nullptr) continue;
    if (use == NtListUse::unused) {
      list.notes.push_back(std::string(name) +
                           " is there, but the share has no module that reads it (vfs objects = acl_xattr): the POSIX "
                           "permissions are judged alone");
      continue;
    }
    auto attribute = parse_nt_acl_attribute(bytes_of(*value));
    if (attribute) {
      list.source = std::string(name) + ", version " + std::to_string(attribute.value().version);
      if (attribute.value().version > 1 && use != NtListUse::believed) list.digested = name;
      list.descriptor = std::move(attribute.value().descriptor);
      return list;
    }
    list.notes.push_back(std::string(name) + " cannot be read and is not judged: " + attribute.error().message());
  }
  if (const std::string* value = find(facts, "system.cifs_ntsd")) {
    auto descriptor = SecurityDescriptor::parse(bytes_of(*value));
    if (descriptor) {
      list.source = "the server's own list (system.cifs_ntsd)";
      list.descriptor = std::move(descriptor).value();
      return list;
    }
    list.notes.push_back("system.cifs_ntsd cannot be read and is not judged: " + descriptor.error().message());
  }
  return list;
}

bool is_of_administrators(const Sid& sid) {
  return sid == sids::administrators || sid == sids::system || sid == sid_of_posix_user(0);
}

}  // namespace roamsync
