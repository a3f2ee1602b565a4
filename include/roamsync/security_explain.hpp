/// @file
/// Why a right is missing, and what to change: the access check in an administrator's words.
///
/// Given what is wanted, for every bit that is not granted this names the list that stops it (the share's or the file's),
/// the entry that denies it or the fact that none grants it, and one change for each list that would grant all that is
/// wanted there: in words, as the list after the change, and as commands that set it. Conclusions come from bits alone;
/// names such as "Change" are only ever printed.
///
/// Threads: pure functions, apart from the caller's own `name_of`.
#pragma once

#include <roamsync/security_access.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace roamsync {

enum class AclSide : std::uint8_t { share, file };

struct AccessQuestion {
  Token token;
  AccessMask wanted = 0;
  std::optional<AccessMask> file_wanted =
      {};  ///< of the file's list, where less is wanted there than through the share
  SecurityDescriptor file;
  /// The share in front of the file: its list, or only the mask a server showed, or neither when nothing is known of it but,
  /// perhaps, that it is read-only.
  std::optional<SecurityDescriptor> share = {};
  std::optional<AccessMask> share_mask = {};
  bool is_share_read_only = false;

  bool is_folder = true;  ///< a grant then goes to what is inside too
  /// A folder in which many users have theirs: a grant stays on it alone, and no user is proposed as its owner.
  bool is_common_folder = false;
  std::string object = {};  ///< what sentences call it; empty: "the folder", "the file"
  std::string share_name =
      "SHARE";  ///< as it stands in commands; a name that is known goes into those of Samba's file side
  std::string path = "PATH";
  /// What to call somebody; an empty answer leaves it to well_known_name, then to the SID.
  std::function<std::string(const Sid&)> name_of = {};
};

/// One bit that one of the lists stops.
struct MissingRight {
  enum class Reason : std::uint8_t {
    denied,           ///< by the entry at `index`
    not_granted,      ///< by any entry
    read_only_share,  ///< granted by the share's list, and refused because the share is read-only
    privilege,        ///< ACCESS_SYSTEM_SECURITY: no entry can grant it
  };
  AccessMask bit = 0;
  std::string name = {};
  AclSide acl = AclSide::file;
  Reason reason = Reason::not_granted;
  std::optional<std::size_t> index = {};  ///< of the denying entry, from 0
  std::string entry = {};                 ///< that entry as SDDL
};

/// One change that makes one list grant what is wanted.
struct Cure {
  AclSide acl = AclSide::file;
  std::string words = {};  ///< "set the share permission of Domain Users from Change to Full Control"
  std::string sddl = {};   ///< the descriptor after the change; empty when no list has to change
  /// For a Windows server, as far as its path is known, then for a Samba server; one that begins with "or: " is another way.
  std::vector<std::string> commands = {};
};

struct Explanation {
  AccessMask share = access::file_all;     ///< what the share passes
  AccessMask file = 0;                     ///< what the file's list grants
  AccessMask granted = 0;                  ///< both
  AccessMask missing = 0;                  ///< wanted and not granted
  std::vector<MissingRight> because = {};  ///< by bit, the share's side first; a bit that both stop stands twice
  std::vector<std::string> reasons = {};   ///< the same in sentences, one for each list and entry
  std::vector<Cure> cures = {};            ///< empty when nothing is missing; all are needed

  /// Everything in one line for a log or an error; empty when nothing is missing.
  std::string sentence() const;
};

Explanation explain_access(const AccessQuestion& question);

/// What an administrator calls these rights on a share: `Full Control`, `Change`, `Read`, `Change (as Samba writes it)`; where
/// they are near to one of these, that and the difference, as in `Change plus WRITE_DAC`; otherwise the names of the bits.
std::string share_permission_name(AccessMask mask);
/// The same for files: `Full Control`, `Modify`, `Read & execute`.
std::string file_permission_name(AccessMask mask);

}  // namespace roamsync
