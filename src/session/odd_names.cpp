#include "session/odd_names.hpp"

#include "session/leftovers.hpp"

namespace roamsync {
namespace {

void tell_odd_hives(Workspace& work, const Tree& tree, const Store& store) {
  static const ProfilePath usual = ProfilePath::literal("NTUSER.DAT");
  static const ProfilePath mandatory = ProfilePath::literal("NTUSER.MAN");
  static const ProfilePath mistyped = ProfilePath::literal("NTUSER.DAT.MAN");
  if (tree.find(usual) != nullptr && tree.find(mandatory) != nullptr) {
    work.notice(
        event_id::none, Level::warning,
        store.location() +
            " holds NTUSER.MAN and NTUSER.DAT: Windows takes NTUSER.MAN, and the profile is mandatory; remove the "
            "one that is not meant");
  }
  if (tree.find(mistyped) != nullptr) {
    work.notice(event_id::none, Level::warning,
                store.location_of(mistyped) +
                    " is no hive to Windows, and the profile is not mandatory; if it was meant to be, the name is "
                    "NTUSER.MAN (Explorer hides the ending .DAT)");
  }
}

void tell_own_names(Workspace& work, const ScanResult& side, const Store& store) {
  for (const ProfilePath& path : side.temporaries) {
    if (is_leftover(path)) continue;  // gone, or soon
    Unusable one{
        .path = std::string(path.text()),
        .found = "a name that roamsync keeps for its own temporary files; if the file is yours, give it another"};
    work.notice(event_id::none, Level::warning, store.location_of(path) + " does not roam: it has " + one.found);
    work.report.unusable.push_back(std::move(one));
  }
}

}  // namespace

void tell_odd_names(Workspace& work, const Survey& survey, const Store& server) {
  tell_odd_hives(work, survey.local.tree, work.local);
  tell_odd_hives(work, survey.server.tree, server);
  tell_own_names(work, survey.local, work.local);
  tell_own_names(work, survey.server, server);
}

}  // namespace roamsync
