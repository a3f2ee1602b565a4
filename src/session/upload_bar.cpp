#include "session/upload_bar.hpp"

#include "session/server_side.hpp"

namespace roamsync {

std::optional<UploadBar> upload_bar(const Workspace& work, const SessionRecord& session, std::string_view location) {
  if (session.mandatory || is_super_mandatory(location)) {
    return UploadBar{.text = "the profile is mandatory: nothing of this session is uploaded", .cause = {}};
  }
  if (work.options.read_only || session.read_only) {
    return UploadBar{.text = "the profile is read-only here: nothing of this session is uploaded", .cause = {}};
  }
  if (session.upload_forbidden.empty()) return std::nullopt;
  const char* cure =
      session.temporary
          ? "log on again with the server in reach: its profile then takes the place of this temporary one"
          : "log on again with the server in reach; what was changed here is kept and goes up then";
  return UploadBar{.text = {},
                   .cause = Error(Errc::upload_forbidden, {.step = "log off",
                                                           .path = work.local.location(),
                                                           .expected = "a session whose logon had the server's profile",
                                                           .found = session.upload_forbidden,
                                                           .cure = cure})};
}

}  // namespace roamsync
