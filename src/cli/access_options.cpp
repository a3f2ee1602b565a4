#include "cli/access_options.hpp"

#include "cli/commands.hpp"
#include "cli/samba_share.hpp"

#include <algorithm>

namespace roamsync::cli {
namespace {

constexpr const char* rights_group = "Rights";

Result<std::vector<Sid>> user_of(const AccessOptions& options) {
  std::vector<Sid> user;
  for (const std::string& list : options.for_whom) {
    BOOST_OUTCOME_TRY(const auto sids, sids_of(list, "--for", {}));
    user.insert(user.end(), sids.begin(), sids.end());
  }
  return user;
}

// Aliases such as DU in a share's list mean the domain of the user asked for.
std::optional<Sid> domain_of(const std::vector<Sid>& user) {
  const auto account = std::find_if(user.begin(), user.end(), [](const Sid& sid) { return sid.is_domain_account(); });
  return account == user.end() ? std::nullopt : std::optional(account->domain());
}

}  // namespace

void add_access_options(CLI::App& app, AccessOptions& options) {
  app.add_option("--for", options.for_whom,
                 "The user whose rights are asked for, and all groups the user is in, with commas between or one "
                 "option each; without it the user who runs this")
      ->type_name("SID")
      ->group(rights_group);
  add_descriptor(app, options.share, "share-", "The share's")->group(rights_group);
  app.get_option("--share-sddl")->group(rights_group);
  app.add_flag("--share-read-only", options.is_share_read_only, "The share is read-only whatever its list grants")
      ->group(rights_group);
  app.add_option("--share", options.share_name,
                 "The share's name; on a Samba server its configuration (testparm) and its permissions "
                 "(share_info.tdb) are read, too")
      ->type_name("NAME")
      ->check(not_empty())
      ->group(rights_group);
  app.add_option("--share-info", options.share_info,
                 "Read the permissions of the share --share from this database of Samba, with the tool tdbdump")
      ->type_name("FILE")
      ->check(not_empty())
      ->group(rights_group);
  app.add_option("--samba-config", options.samba_config,
                 "Read what the share --share is configured to be from this smb.conf instead of Samba's own")
      ->type_name("FILE")
      ->check(not_empty())
      ->group(rights_group);
}

Result<AccessInquiry> access_inquiry(const AccessOptions& options) {
  AccessInquiry inquiry{.is_share_read_only = options.is_share_read_only};
  BOOST_OUTCOME_TRY(inquiry.user, user_of(options));
  if (!options.share_name.empty()) inquiry.share_name = options.share_name;
  if (options.share.is_given()) {
    auto share = descriptor_of(options.share, domain_of(inquiry.user));
    if (!share) {
      return share.error().within(
          {.step = "read the share's permissions",
           .path = options.share.sddl.empty() ? "--share-descriptor" : "--share-sddl",
           .cure = "aliases of a domain such as DU are known with --for SID only; otherwise write SIDs in full"});
    }
    inquiry.share = std::move(share).value();
    return inquiry;
  }
  if (options.share_name.empty()) {
    if (options.share_info.empty() && options.samba_config.empty()) return inquiry;
    return usage_error("--share-info, --samba-config: which share?", "give its name with --share NAME");
  }
  BOOST_OUTCOME_TRY(add_samba_share({.config = options.samba_config, .share_info = options.share_info}, inquiry));
  return inquiry;
}

}  // namespace roamsync::cli
