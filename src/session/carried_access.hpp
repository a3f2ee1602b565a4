/// @file
/// Access lists as part of the profile: what a new or replaced file gets on a store that keeps NT lists in Samba's attribute.
///
/// The DACL alone travels. Owner, group and audit list stay those of the file that is replaced, or follow from the folder the
/// new one comes into. Where both sides say the same the target's attribute stays as it is, byte for byte; where the source keeps no
/// lists, too, so that a replaced file keeps the list its administrator gave it.
#pragma once

#include "session/workspace.hpp"

#include <roamsync/security.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace roamsync {

class CarriedAccess {
 public:
  /// Null where neither side keeps NT lists. Tells it where the target cannot hold what the source has.
  static Result<std::unique_ptr<CarriedAccess>> make(Workspace& work, Store& source, Store& target);

  /// Fits the attributes a new file comes with (those of its source), or none of a new folder, to the target. Safe in lanes.
  Result<void> fit(const ProfilePath& path, bool is_folder, FileAttributes& attributes);

 private:
  CarriedAccess(Store& source, bool source_keeps_lists, Store& target)
      : source_(source), source_keeps_lists_(source_keeps_lists), target_(target) {}

  Result<std::optional<SecurityDescriptor>> folder(const ProfilePath& path);
  std::optional<SecurityDescriptor> child_of(const std::optional<SecurityDescriptor>& parent, bool is_folder) const;

  Store& source_;
  const bool source_keeps_lists_;
  Store& target_;
  std::string name_;  ///< of the attribute, as the target's root has it; empty: lists are not set there
  Sid owner_;         ///< of what is made there
  std::mutex mutex_;
  std::map<ProfilePath, std::optional<SecurityDescriptor>, PathOrder> folders_;
};

}  // namespace roamsync
