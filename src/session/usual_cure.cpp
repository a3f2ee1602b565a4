#include "session/usual_cure.hpp"

namespace roamsync {

std::string usual_cure(const std::error_code& code) {
  if (code == std::errc::permission_denied || code == std::errc::operation_not_permitted) {
    return "let the user of this profile read and write it (roamsync check names the rights that are missing), "
           "or exclude it (--exclude)";
  }
  if (code == std::errc::read_only_file_system) return "mount the file system for writing";
  if (code == std::errc::is_a_directory) return "a folder stands where a file belongs: move it aside";
  if (code == std::errc::not_a_directory) return "a file stands where a folder belongs: move it aside";
  if (code == std::errc::io_error) return "look into the system's log for faults of the disk or of the line";
  if (code == std::errc::too_many_files_open) return "raise the limit of open files, or use fewer --lanes";
  if (code == Errc::unsafe_path) return "put what the link leads to in its place, or remove the link";
  if (code == Errc::source_changed) return "close the program that writes to it, and try again";
  if (code == Errc::target_changed || code == Errc::generation_moved) {
    return "try again: it is looked at and planned anew";
  }
  if (code == Errc::publish_running) return "try again when that has ended, or wait longer (--lock-timeout)";
  if (code == Errc::copy_mismatch) return "try again; if it comes back, look for a fault of the disk or of the line";
  if (code == Errc::record_too_new) return "use the version of roamsync that wrote it, or a later one";
  return {};
}

}  // namespace roamsync
