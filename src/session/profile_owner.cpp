#include <roamsync/profile_owner.hpp>
#include <roamsync/security_posix.hpp>

#include "session/nt_list.hpp"

namespace roamsync {
namespace {

// Users of this system have a number in their SID.
std::optional<std::uint32_t> number_in(const std::optional<Sid>& sid) {
  return sid ? posix_user_of(*sid) : std::nullopt;
}

std::string name_of(const Sid& sid) {
  const std::string_view name = well_known_name(sid);
  return name.empty() ? sid.text() : std::string(name);
}

void expect_user_of(const AccessInquiry& inquiry, ExpectedOwner& expected) {
  expected.user = inquiry.user.front();
  expected.name = inquiry.user_name.empty() ? name_of(*expected.user) : inquiry.user_name;
  if (const auto number = number_in(expected.user)) expected.number = number;
}

Result<std::optional<std::uint32_t>> number_of_owner(Store& store) {
  BOOST_OUTCOME_TRY(const AccessFacts facts, store.access_facts(ProfilePath()));
  return facts.ownership ? std::optional(facts.ownership->owner) : std::nullopt;
}

enum class Verdict { right, wrong, unknown };

Verdict verdict_on(const FolderOwner& owner, const ExpectedOwner& expected) {
  if (owner.is_administrator) return Verdict::right;
  const auto number = number_in(owner.in_list) ? number_in(owner.in_list) : owner.number;
  const bool is_same_kind = number_in(owner.in_list).has_value() == number_in(expected.user).has_value();
  if (owner.in_list && expected.user && is_same_kind) {
    return *owner.in_list == *expected.user ? Verdict::right : Verdict::wrong;
  }
  if (number && expected.number) return *number == *expected.number ? Verdict::right : Verdict::wrong;
  if (number || owner.in_list || expected.user) return Verdict::unknown;
  return owner.name == expected.name ? Verdict::right : Verdict::wrong;
}

}  // namespace

Result<FolderOwner> owner_of_folder(Store& store, NtListUse list_use) {
  BOOST_OUTCOME_TRY(const StoreOwner found, store.owner());
  BOOST_OUTCOME_TRY(const AccessFacts facts, store.access_facts(ProfilePath()));
  FolderOwner owner{.name = found.name, .is_administrator = found.is_administrator};
  if (facts.ownership) owner.number = facts.ownership->owner;
  const NtList list = nt_list_of(facts, list_use);
  if (!list.descriptor || !list.descriptor->owner) return owner;
  owner.in_list = list.descriptor->owner;
  owner.name = name_of(*owner.in_list) + " (by its access list; in the file system " + found.name + ')';
  owner.is_administrator = is_of_administrators(*owner.in_list);
  // A mount shows its own user, or root, as the owner of everything.
  if (facts.is_network_mount) owner.number.reset();
  return owner;
}

Result<ExpectedOwner> expected_owner(Store& local, const AccessInquiry& inquiry) {
  BOOST_OUTCOME_TRY(const StoreOwner ours, local.owner());
  ExpectedOwner expected;
  BOOST_OUTCOME_TRY(expected.number, number_of_owner(local));
  expected.name = ours.name;
  if (!inquiry.user.empty()) expect_user_of(inquiry, expected);
  return expected;
}

Result<ExpectedOwner> expected_owner_without_profile(Store& server, const AccessInquiry& inquiry,
                                                     const std::string& this_user) {
  ExpectedOwner expected;
  if (!inquiry.user.empty()) {
    expect_user_of(inquiry, expected);
    return expected;
  }
  BOOST_OUTCOME_TRY(const AccessFacts facts, server.access_facts(ProfilePath()));
  expected.name = this_user;
  if (facts.caller) {
    expected.number = facts.caller->id;
    expected.name += " (uid " + std::to_string(facts.caller->id) + ')';
    expected.is_anybody = facts.caller->is_root;
  }
  return expected;
}

OwnerFinding judge_owner(const FolderOwner& owner, const ExpectedOwner& expected, const std::string& location) {
  OwnerFinding finding{.owner = owner};
  if (expected.is_anybody) {
    if (!owner.is_administrator) {
      finding.note = "whose profile " + location + " is to hold is not known, for root works for everybody: whether " +
                     owner.name + " is the right owner is told with --local DIR or --for SID";
    }
    return finding;
  }
  switch (verdict_on(owner, expected)) {
    case Verdict::right: break;
    case Verdict::unknown:
      finding.note = "whether " + expected.name + " owns " + location +
                     " cannot be told: its owner is known here only as " + owner.name;
      break;
    case Verdict::wrong: {
      std::string cure =
          "make " + expected.name + " the owner of that folder, or switch the check off (--no-owner-check)";
      if (owner.in_list && !expected.user)
        cure += "; if that account is this user, name it with --for " + owner.in_list->text();
      finding.error =
          Error(Errc::wrong_owner, {.step = "check the owner",
                                    .path = location,
                                    .expected = "a folder owned by " + expected.name + " or by the Administrators",
                                    .found = "one owned by " + owner.name,
                                    .cure = std::move(cure)});
      break;
    }
  }
  return finding;
}

}  // namespace roamsync
