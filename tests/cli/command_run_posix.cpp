#include "cli/command_run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace roamsync::testing {
namespace {

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  }
  std::array<int, 2> ends{};
};

// Appends what can be read now; false at the end.
bool drain(int descriptor, std::string& text) {
  std::array<char, 4096> buffer;
  const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace

Json CommandRun::json() const {
  Json document = Json::parse(out, nullptr, false);
  EXPECT_FALSE(document.is_discarded()) << "no JSON document: " << out << "\nmessages: " << messages;
  return document.is_discarded() ? Json() : document;
}

CommandRun run_command(const std::vector<std::string>& words, const CommandSetting& setting) {
  Pipe out;
  Pipe messages;
  Pipe input;
  int terminal = -1;
  int terminal_inside = -1;
  if (setting.on_terminal) {
    termios raw = {};
    ::cfmakeraw(&raw);
    if (::openpty(&terminal, &terminal_inside, nullptr, &raw, nullptr) != 0) std::abort();
  }
  std::vector<char*> arguments{const_cast<char*>("roamsync")};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(setting.on_terminal ? terminal_inside : input.ends[0], 0);
    ::dup2(out.ends[1], 1);
    ::dup2(setting.on_terminal ? terminal_inside : messages.ends[1], 2);
    if (setting.on_terminal) {
      ::close(terminal);
      ::close(terminal_inside);
    }
    if (setting.as_nobody && ::setresgid(nobody, nobody, nobody) != 0) ::_exit(126);
    if (setting.as_nobody && ::setresuid(nobody, nobody, nobody) != 0) ::_exit(126);
    for (const auto& [name, value] : setting.environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execv(ROAMSYNC_COMMAND, arguments.data());
    ::_exit(127);
  }
  ::close(out.ends[1]);
  ::close(messages.ends[1]);
  ::close(input.ends[0]);
  if (terminal_inside >= 0) ::close(terminal_inside);
  const int typed = setting.on_terminal ? terminal : input.ends[1];
  if (!setting.input.empty()) {
    EXPECT_EQ(::write(typed, setting.input.data(), setting.input.size()), static_cast<ssize_t>(setting.input.size()));
  }
  ::close(input.ends[1]);

  CommandRun run;
  if (setting.meanwhile) setting.meanwhile(child);
  std::array<pollfd, 2> watched{pollfd{out.ends[0], POLLIN, 0},
                                pollfd{setting.on_terminal ? terminal : messages.ends[0], POLLIN, 0}};
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    ::poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0 && !drain(watched[0].fd, run.out)) watched[0].fd = -1;
    if (watched[1].revents != 0 && !drain(watched[1].fd, run.messages)) watched[1].fd = -1;
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ::close(out.ends[0]);
  ::close(messages.ends[0]);
  if (terminal >= 0) ::close(terminal);
  return run;
}

void CommandTest::SetUp() {
  folder = boost::filesystem::temp_directory_path() / boost::filesystem::unique_path("roamsync-cli-%%%%%%%%");
  boost::filesystem::create_directories(folder);
}

void CommandTest::TearDown() { boost::filesystem::remove_all(folder); }

boost::filesystem::path CommandTest::put(const std::string& path, std::string_view bytes) const {
  const auto file = folder / path;
  boost::filesystem::create_directories(file.parent_path());
  std::ofstream(file.string(), std::ios::binary) << bytes;
  return file;
}

std::string CommandTest::read(const std::string& path) const {
  std::ifstream file((folder / path).string(), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void CommandTest::give_to_nobody() const {
  EXPECT_EQ(::chown(folder.c_str(), nobody, nobody), 0);
  for (const auto& entry : boost::filesystem::recursive_directory_iterator(folder)) {
    EXPECT_EQ(::lchown(entry.path().c_str(), nobody, nobody), 0);
  }
}

std::string CommandTest::names_below(const std::string& path) const {
  std::vector<std::string> names;
  const auto root = folder / path;
  for (const auto& entry : boost::filesystem::recursive_directory_iterator(root)) {
    names.push_back(boost::filesystem::relative(entry.path(), root).string());
  }
  std::sort(names.begin(), names.end());
  std::ostringstream text;
  for (const std::string& name : names) text << name << '\n';
  return text.str();
}

}  // namespace roamsync::testing
