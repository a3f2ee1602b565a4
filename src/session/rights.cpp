#include "session/rights.hpp"

#include "session/server_side.hpp"
#include "session/subject.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>

namespace roamsync {
namespace {

/// What a plan does in one folder.
struct InFolder {
  ProfilePath folder;
  AccessMask wanted = access::execute;
  std::vector<ProfilePath> replaced;  ///< files and folders that go
};

std::optional<AccessMask> wanted_for(Verb verb) {
  switch (verb) {
    case Verb::upload:
    case Verb::keep_both_on_server:
    case Verb::merge_hive: return access::write_data;
    case Verb::make_server_directory: return access::append_data;
    case Verb::delete_on_server: return 0;
    default: return std::nullopt;
  }
}

InFolder& in(std::map<std::string, InFolder>& folders, const ProfilePath& folder) {
  return folders.try_emplace(folder.key(), InFolder{.folder = folder, .replaced = {}}).first->second;
}

// By folder, as PathOrder has them; folders that the plan makes are whoever's who makes them.
std::vector<InFolder> work_by_folder(const Plan& plan) {
  std::map<std::string, InFolder> folders;
  std::set<std::string> made;
  for (const Action& action : plan.actions) {
    if (action.verb == Verb::set_access_on_server) {
      in(folders, action.path).wanted |= access::write_dac;
      continue;
    }
    const auto wanted = wanted_for(action.verb);
    if (!wanted) continue;
    if (action.verb == Verb::make_server_directory) made.insert(action.path.key());
    const ProfilePath folder = action.path.parent();
    if (made.contains(folder.key())) continue;
    InFolder& in_folder = in(folders, folder);
    in_folder.wanted |= *wanted;
    if (action.target != nullptr && action.verb != Verb::keep_both_on_server) {
      in_folder.replaced.push_back(action.path);
    }
  }
  std::vector<InFolder> out;
  for (auto& [key, in_folder] : folders) out.push_back(std::move(in_folder));
  return out;
}

// The share has been asked before; now the lists of single folders are.
AccessInquiry of_files_alone(const AccessInquiry& inquiry) {
  AccessInquiry out = inquiry;
  out.share.reset();
  out.share_mask.reset();
  out.is_share_read_only = false;
  out.share_notes.clear();
  return out;
}

Result<void> refuse(Workspace& work, const AccessFinding& finding) {
  auto error = finding.error();
  if (!error) return success();
  work.report.missing_rights = access_names(finding.explanation.missing);
  return std::move(*error);
}

class PlanRights {
 public:
  PlanRights(Workspace& work, Store& server, AccessInquiry inquiry)
      : work_(work), server_(server), inquiry_(std::move(inquiry)) {}

  Result<void> check(const InFolder& in_folder) {
    BOOST_OUTCOME_TRY(const AccessFacts facts, server_.access_facts(in_folder.folder));
    const bool removes = !in_folder.replaced.empty();
    inquiry_.wanted = in_folder.wanted | (removes ? access::delete_child : 0);
    const AccessFinding finding =
        judge_access(facts, inquiry_, server_.location_of(in_folder.folder), JudgedFolder::inside);
    if (finding.explanation.missing != access::delete_child) return refuse(work_, finding);
    // What may not be deleted by its folder's list may be by its own.
    for (const ProfilePath& path : in_folder.replaced) {
      BOOST_OUTCOME_TRY(check_replaced(path, finding));
    }
    return success();
  }

 private:
  Result<void> check_replaced(const ProfilePath& path, const AccessFinding& of_folder) {
    BOOST_OUTCOME_TRY(const AccessFacts facts, server_.access_facts(path));
    inquiry_.wanted = access::delete_object;
    const AccessFinding finding = judge_access(facts, inquiry_, server_.location_of(path), JudgedFolder::replaced);
    // Without a list of its own the file says nothing, and the folder has.
    return refuse(work_, finding.is_file_known ? finding : of_folder);
  }

  Workspace& work_;
  Store& server_;
  AccessInquiry inquiry_;
};

Result<void> check_rights_to_create(Workspace& work, const AbsentServer& absent) {
  std::unique_ptr<Store> above;
  if (absent.open_above) {
    BOOST_OUTCOME_TRY(above, absent.open_above());
  }
  BOOST_OUTCOME_TRY(const AccessFinding finding,
                    check_new_folder_access(above.get(), work.options.access, work.host.user_name(), absent.location));
  return refuse(work, finding);
}

}  // namespace

Result<void> check_before_log_off(Workspace& work, const Endpoints& endpoints) {
  work.step("preflight");
  if (const auto* absent = std::get_if<AbsentServer>(&endpoints.server)) {
    return is_first_use(*absent) ? check_rights_to_create(work, *absent) : success();
  }
  Store& server = *std::get<Store*>(endpoints.server);
  BOOST_OUTCOME_TRY(check_owner(work, server));
  BOOST_OUTCOME_TRY(const AccessFinding finding,
                    check_store_access(server, work.options.access, work.host.user_name()));
  return refuse(work, finding);
}

Result<void> check_rights_of_plan(Workspace& work, Store& server, const Plan& plan) {
  if (plan.empty()) return success();
  BOOST_OUTCOME_TRY(const AccessFacts root, server.access_facts(ProfilePath()));
  if (!root.ownership && root.attributes.empty()) return success();
  AccessInquiry inquiry = of_files_alone(work.options.access);
  if (inquiry.user.empty() && inquiry.user_name.empty()) {
    BOOST_OUTCOME_TRY(inquiry.user_name, name_of_asker(server, root, work.host.user_name()));
  }
  if (root.ownership) inquiry.works_for = root.ownership->owner;
  PlanRights rights(work, server, std::move(inquiry));
  for (const InFolder& in_folder : work_by_folder(plan)) {
    BOOST_OUTCOME_TRY(rights.check(in_folder));
  }
  return success();
}

}  // namespace roamsync
