#include "session/carried_access.hpp"

#include <roamsync/security_attribute.hpp>
#include <roamsync/security_inherit.hpp>
#include <roamsync/security_posix.hpp>

#include <algorithm>

namespace roamsync {
namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

bool is_nt_acl(const std::string& name) {
  return std::find(nt_acl_attribute_names.begin(), nt_acl_attribute_names.end(), name) != nt_acl_attribute_names.end();
}

const std::pair<std::string, std::string>* find_nt_acl(const Attributes& attributes) {
  for (const std::string_view name : nt_acl_attribute_names) {
    for (const auto& attribute : attributes) {
      if (attribute.first == name) return &attribute;
    }
  }
  return nullptr;
}

std::optional<SecurityDescriptor> descriptor_in(const Attributes& attributes) {
  const auto* attribute = find_nt_acl(attributes);
  if (attribute == nullptr) return std::nullopt;
  auto parsed = parse_nt_acl_attribute(std::as_bytes(std::span(attribute->second)));
  // What Samba itself could not read is no list to carry.
  return parsed ? std::optional(std::move(parsed.value().descriptor)) : std::nullopt;
}

std::string attribute_of(const SecurityDescriptor& descriptor) {
  const auto bytes = write_nt_acl_attribute(descriptor);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Nothing where there is no such file: then there is nothing to keep.
Result<std::optional<AccessFacts>> facts_of(Store& store, const ProfilePath& path) {
  auto facts = store.access_facts(path);
  if (facts) return std::optional(std::move(facts).value());
  if (facts.error().code() == std::errc::no_such_file_or_directory ||
      facts.error().code() == std::errc::not_a_directory)
    return std::optional<AccessFacts>();
  return std::move(facts).error();
}

// The DACL, and whether it takes anything from above; nothing else of the source.
void take_dacl(const SecurityDescriptor& source, SecurityDescriptor& target) {
  constexpr std::uint16_t of_dacl = control::dacl_present | control::dacl_defaulted | control::dacl_auto_inherited |
                                    control::dacl_auto_inherit_required | control::dacl_protected;
  target.dacl = source.dacl;
  target.flags = static_cast<std::uint16_t>((target.flags & ~of_dacl) | (source.flags & of_dacl));
}

Sid owner_of_new(const AccessFacts& root, const SecurityDescriptor& descriptor) {
  const bool is_administrators =
      descriptor.owner && (*descriptor.owner == sids::administrators || *descriptor.owner == sids::system);
  if (descriptor.owner && !is_administrators) return *descriptor.owner;
  return sid_of_posix_user(root.caller ? root.caller->id : 0);
}

}  // namespace

Result<std::unique_ptr<CarriedAccess>> CarriedAccess::make(Workspace& work, Store& server, Direction direction) {
  const bool up = direction == Direction::logoff;
  Store& source = up ? work.local : server;
  Store& target = up ? server : work.local;
  BOOST_OUTCOME_TRY(const AccessFacts theirs, target.access_facts(ProfilePath()));
  BOOST_OUTCOME_TRY(const AccessFacts ours, source.access_facts(ProfilePath()));
  auto root = descriptor_in(theirs.attributes);
  const bool source_keeps_lists = descriptor_in(ours.attributes).has_value();
  if (!root && !source_keeps_lists) return std::unique_ptr<CarriedAccess>();
  std::unique_ptr<CarriedAccess> access(new CarriedAccess(direction, source, source_keeps_lists, target));
  if (!root) {
    work.notice(event_id::none, Level::information,
                target.location() + " keeps no NT access lists: those of " + source.location() + " stay behind");
    return access;
  }
  const std::string& name = find_nt_acl(theirs.attributes)->first;
  if (name.starts_with("security.") && theirs.caller && !theirs.caller->is_root) {
    work.notice(event_id::none, Level::warning,
                "only root may set " + name + ": what is new in " + target.location() +
                    " gets no NT access list; publish through the file server, or let root do it");
    return access;
  }
  access->name_ = name;
  access->owner_ = owner_of_new(theirs, *root);
  access->folders_.emplace(ProfilePath(), std::move(root));
  return access;
}

Result<std::uint64_t> CarriedAccess::fit(const ProfilePath& path, bool is_folder, FileAttributes& attributes) {
  std::optional<SecurityDescriptor> source;
  if (source_keeps_lists_) {
    source = descriptor_in(attributes.extended);
    if (is_folder) {
      BOOST_OUTCOME_TRY(const auto facts, facts_of(source_, path));
      if (facts) source = descriptor_in(facts->attributes);
    }
  }
  // A list that a store merely passed on may be years old: it is not carried further.
  std::erase_if(attributes.extended, [](const auto& attribute) { return is_nt_acl(attribute.first); });
  if (name_.empty()) return access_mark_unknown;
  BOOST_OUTCOME_TRY(const auto replaced, facts_of(target_, path));
  const auto* kept = replaced ? find_nt_acl(replaced->attributes) : nullptr;
  auto target = replaced ? descriptor_in(replaced->attributes) : std::nullopt;
  if (!target) {
    kept = nullptr;
    BOOST_OUTCOME_TRY(const auto parent, folder(path.parent()));
    target = child_of(parent, is_folder);
  }
  if (source && !target) target = SecurityDescriptor{.owner = owner_};
  const bool keeps = kept != nullptr && keeping_.contains(path);
  if (source && !keeps && !differences_in_meaning(*source, *target).empty()) {
    take_dacl(*source, *target);
    kept = nullptr;
  }
  std::string value;
  if (target) value = kept != nullptr ? kept->second : attribute_of(*target);
  const std::uint64_t mark = source_keeps_lists_ ? access_mark_of(value) : access_mark_unknown;
  if (value.empty()) return mark;
  attributes.extended.emplace_back(name_, std::move(value));
  std::sort(attributes.extended.begin(), attributes.extended.end());
  if (is_folder) {
    const std::lock_guard lock(mutex_);
    folders_.insert_or_assign(path, std::move(target));
  }
  return mark;
}

Result<bool> CarriedAccess::mean_the_same(const Entry& source, const Entry& target) {
  BOOST_OUTCOME_TRY(const auto ours, facts_of(source_, source.path));
  BOOST_OUTCOME_TRY(const auto theirs, facts_of(target_, target.path));
  if (!ours || !theirs) return false;
  const auto left = descriptor_in(ours->attributes);
  const auto right = descriptor_in(theirs->attributes);
  return left && right && differences_in_meaning(*left, *right).empty();
}

// What a folder hands on: its own list, that it was given in this publish, or what the folders above hand on to it.
Result<std::optional<SecurityDescriptor>> CarriedAccess::folder(const ProfilePath& path) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = folders_.find(path); known != folders_.end()) return known->second;
  }
  BOOST_OUTCOME_TRY(const auto facts, facts_of(target_, path));
  auto descriptor = facts ? descriptor_in(facts->attributes) : std::nullopt;
  if (!descriptor) {
    BOOST_OUTCOME_TRY(const auto parent, folder(path.parent()));
    descriptor = child_of(parent, true);
  }
  const std::lock_guard lock(mutex_);
  folders_.insert_or_assign(path, descriptor);
  return descriptor;
}

// Nothing where nothing is handed on: the server then uses a default of its own.
std::optional<SecurityDescriptor> CarriedAccess::child_of(const std::optional<SecurityDescriptor>& parent,
                                                          bool is_folder) const {
  if (!parent || !parent->dacl) return std::nullopt;
  auto child = inherited_descriptor(*parent, {.owner = owner_, .group = parent->group, .is_folder = is_folder});
  if (!child || child.value().dacl->empty()) return std::nullopt;
  return std::move(child).value();
}

FitAttributes fit_attributes_of(CarriedAccess* access) {
  if (access == nullptr) return {};
  return [access](const ProfilePath& path, bool is_folder, FileAttributes& attributes) {
    return access->fit(path, is_folder, attributes);
  };
}

}  // namespace roamsync
