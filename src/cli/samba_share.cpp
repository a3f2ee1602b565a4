#include "cli/samba_share.hpp"

#include <roamsync/security_attribute.hpp>
#include <roamsync/security_samba_share.hpp>

#include "cli/share_info.hpp"
#include "cli/tool_run.hpp"

#include <optional>

namespace roamsync::cli {
namespace {

/// smb.conf as testparm prints it; nothing when it could not be asked.
Result<std::optional<std::string>> configuration(const std::string& file, AccessInquiry& inquiry) {
  std::vector<std::string> words{"testparm", "-s"};
  if (!file.empty()) words.push_back(file.starts_with('-') ? "./" + file : file);
  auto run = run_tool(std::move(words));
  if (run && run.value().exit_code == 0) return std::optional(std::move(run.value().out));
  const std::string found = run ? "testparm could not read it" : "no tool testparm";
  if (!file.empty()) {
    return Error(run ? std::make_error_code(std::errc::io_error) : run.error().code(),
                 {.step = "read Samba's configuration", .path = file, .found = found});
  }
  inquiry.share_notes.push_back("smb.conf was not consulted (" + found + "): whether the share " + inquiry.share_name +
                                " exists and is read-only is not known; --share-read-only says that it is");
  return std::optional<std::string>();
}

void apply(const SambaShare& share, AccessInquiry& inquiry) {
  inquiry.is_share_read_only = inquiry.is_share_read_only || share.is_read_only;
  inquiry.list_use = !share.reads_nt_lists         ? NtListUse::unused
                     : share.ignores_posix_changes ? NtListUse::believed
                                                   : NtListUse::checked;
  for (const std::string& setting : share.not_judged) {
    inquiry.share_notes.push_back("the share " + inquiry.share_name + " has " + setting +
                                  " in smb.conf, which is not judged here");
  }
}

// Samba lets everybody do everything on a share that has no permissions of its own.
void apply_default(AccessInquiry& inquiry) { inquiry.share_mask = access::share_full; }

Result<void> add_permissions(const std::string& file, bool exists, AccessInquiry& inquiry) {
  BOOST_OUTCOME_TRY(const std::string dump, dump_share_info(file));
  auto found = find_share_descriptor(dump, inquiry.share_name);
  if (!found) return found.error().within({.path = file});
  inquiry.share = std::move(found).value();
  if (!inquiry.share && exists) apply_default(inquiry);
  return success();
}

}  // namespace

Result<void> add_samba_share(const SambaPlaces& places, AccessInquiry& inquiry) {
  BOOST_OUTCOME_TRY(const auto text, configuration(places.config, inquiry));
  const auto share = text ? find_samba_share(*text, inquiry.share_name) : std::nullopt;
  if (share) apply(*share, inquiry);

  const bool is_named = !places.share_info.empty();
  const std::string file =
      is_named ? places.share_info : share_info_of_this_machine(text ? state_directory_of_samba(*text) : std::string());
  if (file.empty()) {
    // Samba makes the database with the first permissions that are set.
    if (share) apply_default(inquiry);
  } else if (auto read = add_permissions(file, share.has_value(), inquiry); !read) {
    if (is_named) return read;
    inquiry.share_notes.push_back("the permissions of the share " + inquiry.share_name +
                                  " are not known: " + read.error().message());
  }
  if (text && !share) {
    inquiry.share_notes.push_back(
        "smb.conf has no share " + inquiry.share_name +
        (inquiry.share ? ", though permissions of one are kept in " + file : ", so nothing is known of it") +
        ": is the name right? (Usershares are not looked up: net usershare info tells.)");
  }
  if (!inquiry.knows_share() && inquiry.share_notes.empty()) {
    inquiry.share_notes.push_back("nothing is known of the share " + inquiry.share_name);
  }
  return success();
}

}  // namespace roamsync::cli
