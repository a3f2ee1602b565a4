#include "cli/share_info.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

extern char** environ;

namespace roamsync::cli {
namespace {

constexpr std::size_t dump_size_max = 64 << 20;
constexpr std::array places{"/var/lib/samba/share_info.tdb", "/usr/local/samba/var/locks/share_info.tdb"};

Error failure(const std::string& file, int number, std::string found = {}) {
  return Error(std::error_code(number, std::system_category()),
               {.step = "read the permissions of Samba's shares",
                .path = file,
                .found = std::move(found),
                .cure = "install tdb-tools and run this as root, or give the permissions with --share-sddl"});
}

std::string read_to_the_end(int end) {
  std::string text;
  std::array<char, 16 << 10> part;
  while (text.size() < dump_size_max) {
    const ssize_t size = ::read(end, part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(size));
  }
  return text;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status;
}

}  // namespace

std::string share_info_of_this_machine() {
  for (const char* place : places) {
    if (::access(place, R_OK) == 0) return place;
  }
  return {};
}

Result<std::string> dump_share_info(const std::string& file) {
  // The tool takes a missing file for a reason to print a warning; the system's own words are better.
  if (::access(file.c_str(), R_OK) != 0) return failure(file, errno);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(file, errno);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string tool = "tdbdump";
  std::string name = file.starts_with('-') ? "./" + file : file;
  const std::array<char*, 3> words{tool.data(), name.data(), nullptr};
  pid_t child = 0;
  const int number = ::posix_spawnp(&child, tool.c_str(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (number != 0) {
    ::close(ends[0]);
    return failure(file, number, "no tool tdbdump");
  }
  std::string text = read_to_the_end(ends[0]);
  ::close(ends[0]);
  const int status = wait_for(child);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return failure(file, EIO, "tdbdump could not read it");
  return text;
}

}  // namespace roamsync::cli
