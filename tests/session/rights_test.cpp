// Rights on what a plan changes: each folder that is there, and the files it replaces.
#include "session/machines.hpp"

#include <roamsync/security_attribute.hpp>
#include <roamsync/security_sddl.hpp>

#include "session/rights.hpp"
#include "support/alice.hpp"
#include "support/forwarding_store.hpp"

#include <gmock/gmock.h>

#include <map>

namespace roamsync {
namespace {

using ::testing::ElementsAre;
using testing::ForwardingStore;
using ::testing::HasSubstr;
using testing::SessionTest;

using testing::alice;

/// A server whose folders have lists: those named here, and full control elsewhere.
class WithLists : public ForwardingStore {
 public:
  explicit WithLists(Store& inner) : ForwardingStore(inner) {}
  Result<AccessFacts> access_facts(const ProfilePath& path) override {
    ++questions;
    const auto found = lists.find(path.text());
    const auto list = parse_sddl(found != lists.end() ? found->second : "O:S-1-5-21-1-2-3-1105D:(A;OICI;FA;;;WD)");
    const auto bytes = write_nt_acl_attribute(list.value());
    AccessFacts facts;
    facts.attributes = {{"security.NTACL", {reinterpret_cast<const char*>(bytes.data()), bytes.size()}}};
    return facts;
  }

  std::map<std::string, std::string, std::less<>> lists;
  int questions = 0;
};

class PlanRights : public SessionTest {
 protected:
  void SetUp() override {
    share_a_profile();
    options_.access.user = {alice};
    guarded_ = std::make_unique<WithLists>(*server);
  }

  /// Of a logoff of B; the server must be as it was when it is refused.
  std::vector<std::string> missing() {
    const auto before = testing::disk(*server);
    const auto off = b.log_off(*guarded_, options_);
    EXPECT_OK(off);
    if (off.value().outcome == Outcome::refused) {
      EXPECT_TRUE(testing::disk(*server) == before);
      message_ = off.value().cause->message();
    }
    return off.value().missing_rights;
  }

  SessionOptions options_;
  std::unique_ptr<WithLists> guarded_;
  std::string message_;
};

TEST_F(PlanRights, AFolderThatTakesNoFilesStopsALogoffThatBringsOne) {
  guarded_->lists["Desktop"] = "O:SYD:(A;OICI;0x1f01fd;;;WD)";
  b.put("Desktop/new.txt", "new");
  EXPECT_THAT(missing(), ElementsAre("WRITE_DATA"));
  EXPECT_THAT(message_, HasSubstr("Desktop"));
  EXPECT_THAT(message_, HasSubstr("S-1-5-21-1-2-3-1105"));
}

TEST_F(PlanRights, AFolderThatNothingIsWrittenToIsNotAsked) {
  guarded_->lists["Desktop"] = "O:SYD:";
  b.put("Documents/new.txt", "new");
  EXPECT_THAT(missing(), ElementsAre());
}

TEST_F(PlanRights, AFileThatMayNotBeReplacedStopsALogoffUnlessItsFolderLetsIt) {
  guarded_->lists["NTUSER.DAT"] = "O:SYD:P(A;;0x1e01ff;;;WD)";
  b.put("NTUSER.DAT", testing::sound_hive(u"changed"));
  EXPECT_THAT(missing(), ElementsAre()) << "DELETE_CHILD on the folder";
  guarded_->lists[""] = "O:SYD:(A;OICI;0x1f01bf;;;WD)";
  b.put("NTUSER.DAT", testing::sound_hive(u"changed again"));
  EXPECT_THAT(missing(), ElementsAre("DELETE"));
  EXPECT_THAT(message_, HasSubstr("NTUSER.DAT"));
  guarded_->lists.erase("NTUSER.DAT");
  EXPECT_THAT(missing(), ElementsAre());
}

// As a share of Change does: the list of a folder could not be set, and nothing is written before that is known.
TEST_F(PlanRights, AFolderThatGetsAnotherListMustLetItBeSet) {
  Workspace work(b.host, *b.local, *b.state, options_);
  Plan plan;
  plan.actions.push_back({.verb = Verb::set_access_on_server, .path = ProfilePath::literal("Desktop")});
  EXPECT_OK(check_rights_of_plan(work, *guarded_, plan));
  guarded_->lists["Desktop"] = "O:SYD:(A;OICI;0x1301bf;;;WD)";
  EXPECT_FALSE(check_rights_of_plan(work, *guarded_, plan));
  EXPECT_THAT(work.report.missing_rights, ElementsAre("WRITE_DAC"));
}

TEST_F(PlanRights, TakeOneQuestionAFolder) {
  const auto questions_of_preview = [&](int files) {
    for (int i = 0; i < files; ++i) b.put(("Desktop/" + std::to_string(i)).c_str(), "x");
    guarded_->questions = 0;
    const auto preview = Session(b.host, {*b.local, guarded_.get(), *b.state}).preview(Direction::logoff, options_);
    EXPECT_OK(preview);
    EXPECT_FALSE(preview.value().cause);
    return guarded_->questions;
  };
  EXPECT_EQ(questions_of_preview(2), questions_of_preview(200));
}

}  // namespace
}  // namespace roamsync
