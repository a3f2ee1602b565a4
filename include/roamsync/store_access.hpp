/// @file
/// AccessFacts: what a store's system keeps about the rights on a file or folder, as raw as it keeps it.
///
/// A store does not judge: <roamsync/preflight.hpp> does, with the rules of the security module. A store that knows nothing of
/// rights leaves all of it empty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace roamsync {

struct AccessFacts {
  struct Ownership {
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    unsigned mode = 0;  ///< the lower nine bits
  };
  struct Caller {
    std::uint32_t id = 0;
    std::vector<std::uint32_t> groups = {};
    bool is_root = false;
  };
  std::optional<Ownership> ownership = {};
  std::optional<Caller> caller = {};  ///< as whom this process works
  /// What the system itself lets this process do: 4 read, 2 write, 1 enter; privileges, lists, security modules and the way it is
  /// mounted are in it.
  std::optional<unsigned> allows = {};
  bool is_mounted_read_only = false;
  /// A share mounted over the network: the server judges, and `allows` is this machine's guess.
  bool is_network_mount = false;

  /// For sentences, and looked up only where something is not allowed: "alice (uid 1000)".
  std::string owner_name = {};
  std::string group_name = {};
  std::string caller_name = {};

  /// The attributes that hold rights, by their names on this system: `security.NTACL`, `user.NTACL`,
  /// `system.posix_acl_access`, `system.cifs_ntsd`.
  std::vector<std::pair<std::string, std::string>> attributes = {};
};

}  // namespace roamsync
