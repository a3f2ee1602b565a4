#include "cli/terminal.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>

namespace roamsync::cli {

bool shows_messages_on_terminal() { return ::isatty(STDERR_FILENO) == 1; }

bool can_ask() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1; }

std::size_t terminal_columns() {
  winsize size = {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::optional<std::string> read_line(std::stop_token stop) {
  // Reading goes round std::cin: its buffer would hide from poll what has been typed ahead.
  const int stopped = ::eventfd(0, EFD_CLOEXEC);
  if (stopped < 0) return std::nullopt;
  std::optional<std::string> line = std::string();
  {
    const std::stop_callback on_stop(stop, [stopped] { ::eventfd_write(stopped, 1); });
    for (;;) {
      std::array<pollfd, 2> watched{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{stopped, POLLIN, 0}};
      char letter = 0;
      if (::poll(watched.data(), watched.size(), -1) < 0) continue;
      if (watched[1].revents != 0 || ::read(STDIN_FILENO, &letter, 1) != 1) {
        line.reset();
        break;
      }
      if (letter == '\n') break;
      *line += letter;
    }
  }
  ::close(stopped);
  return line;
}

}  // namespace roamsync::cli
