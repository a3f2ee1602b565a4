#include "cli/tool_run.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

extern char** environ;

namespace roamsync::cli {
namespace {

constexpr std::size_t output_size_max = 64 << 20;

Error failure(const std::string& tool, int number) {
  return Error(std::error_code(number, std::system_category()), {.step = "run the tool " + tool});
}

std::string read_to_the_end(int end) {
  std::string text;
  std::array<char, 16 << 10> part;
  while (text.size() < output_size_max) {
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
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Result<ToolRun> run_tool(std::vector<std::string> words) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(words.front(), errno);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  const int number = ::posix_spawnp(&child, pointers.front(), &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (number != 0) {
    ::close(ends[0]);
    return failure(words.front(), number);
  }
  ToolRun run{.out = read_to_the_end(ends[0])};
  ::close(ends[0]);
  run.exit_code = wait_for(child);
  return run;
}

}  // namespace roamsync::cli
