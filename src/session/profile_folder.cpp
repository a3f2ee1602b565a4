#include <roamsync/disk_store.hpp>
#include <roamsync/profile_folder.hpp>
#include <roamsync/security_attribute.hpp>
#include <roamsync/security_inherit.hpp>
#include <roamsync/security_posix.hpp>

#include <algorithm>
#include <string>

namespace roamsync {
namespace {

// The name of the attribute in which the folder above keeps its list; empty when it keeps none.
std::string list_of_folder_above(const boost::filesystem::path& folder) {
  auto plain = folder;
  plain.remove_trailing_separator();
  const auto parent = plain.parent_path();
  const auto above = open_disk_store({.root = parent.empty() ? "." : parent});
  if (!above) return {};
  const auto facts = above.value()->access_facts(ProfilePath());
  if (!facts) return {};
  for (const auto& [name, value] : facts.value().attributes) {
    const bool is_list =
        std::find(nt_acl_attribute_names.begin(), nt_acl_attribute_names.end(), name) != nt_acl_attribute_names.end();
    if (is_list && parse_nt_acl_attribute(std::as_bytes(std::span(value)))) return name;
  }
  return {};
}

// Whom root gives the folder to: a user of this system whom it is for by name, or the owner of the local profile.
std::optional<DiskOwner> owner_of(const ProfileFolderOptions& options) {
  const auto number = options.user ? posix_user_of(*options.user) : std::nullopt;
  const bool is_known = options.owner && options.owner->user == number;
  return number && !is_known ? DiskOwner{.user = *number} : options.owner;
}

std::optional<Sid> user_of(const AccessFacts& facts, const ProfileFolderOptions& options) {
  if (options.user || !facts.ownership || facts.ownership->owner == 0) return options.user;
  return sid_of_posix_user(facts.ownership->owner);
}

}  // namespace

Result<std::unique_ptr<Store>> make_profile_folder(const boost::filesystem::path& folder,
                                                   const ProfileFolderOptions& options) {
  if (auto there = open_disk_store({.root = folder})) return there;
  BOOST_OUTCOME_TRY(auto made, open_disk_store({.root = folder, .create = true, .owner = owner_of(options)}));
  const std::string name = list_of_folder_above(folder);
  if (name.empty()) return made;
  BOOST_OUTCOME_TRY(const AccessFacts facts, made->access_facts(ProfilePath()));
  const auto user = user_of(facts, options);
  if (!user) return made;
  const auto list = write_nt_acl_attribute(profile_folder_descriptor(*user, options.adds_administrators));
  BOOST_OUTCOME_TRYV(made->set_folder_attributes(
      ProfilePath(), {{name, std::string(reinterpret_cast<const char*>(list.data()), list.size())}}));
  return made;
}

}  // namespace roamsync
