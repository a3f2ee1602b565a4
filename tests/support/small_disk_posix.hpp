/// @file
/// A small tmpfs in a mount namespace of its own: a disk that fills up, a file system mounted inside another.
#pragma once

#include "store/disk_store_posix.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <string>

namespace roamsync::testing {

using posix::Handle;

inline constexpr int no_namespace = 77;

inline bool write_text(const char* path, const std::string& text) {
  const Handle file(::open(path, O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// A mount namespace of our own: root may just take one, others first become root of a user namespace.
inline bool separate() {
  if (::unshare(CLONE_NEWNS) == 0) return true;
  const std::string user = "0 " + std::to_string(::geteuid()) + " 1";
  const std::string group = "0 " + std::to_string(::getegid()) + " 1";
  return ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && write_text("/proc/self/setgroups", "deny") &&
         write_text("/proc/self/uid_map", user) && write_text("/proc/self/gid_map", group);
}

using Work = std::function<std::string(Store&)>;

// Never returns: what follows in the test is the parent's.
[[noreturn]] inline void work_in_child(const boost::filesystem::path& folder, const Work& work, int answer) noexcept {
  if (!separate() || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") != 0) {
    ::_exit(no_namespace);
  }
  const auto store = posix::open_disk_store({.root = folder}, posix::Resolution::kernel);
  const std::string text = store ? work(*store.value()) : store.error().message();
  ::_exit(::write(answer, text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

// What `work` says in a child process that sees a small tmpfs at `folder`; nothing where this system allows no such thing.
inline std::optional<std::string> on_small_disk(const boost::filesystem::path& folder, const Work& work) {
  int answer[2];
  if (::pipe(answer) != 0) return std::nullopt;
  const pid_t child = ::fork();
  if (child == 0) work_in_child(folder, work, answer[1]);
  ::close(answer[1]);
  std::string text(4096, '\0');
  const ssize_t size = ::read(answer[0], text.data(), text.size());
  ::close(answer[0]);
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return std::nullopt;
  if (WIFEXITED(status) && WEXITSTATUS(status) == no_namespace) return std::nullopt;
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return text;
}

}  // namespace roamsync::testing
