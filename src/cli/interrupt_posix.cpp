#include "cli/interrupt.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace roamsync::cli {

namespace {

sigset_t interrupts() {
  sigset_t signals = {};
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

void hold_interrupts() {
  const sigset_t signals = interrupts();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

struct Interrupt::Implementation {
  std::stop_source stop;
  const sigset_t signals = interrupts();
  int signal_descriptor = -1;
  int end_descriptor = -1;
  std::thread thread;

  void listen() {
    for (;;) {
      std::array<pollfd, 2> watched{pollfd{signal_descriptor, POLLIN, 0}, pollfd{end_descriptor, POLLIN, 0}};
      if (::poll(watched.data(), watched.size(), -1) < 0) continue;
      if (watched[1].revents != 0) return;
      signalfd_siginfo info = {};
      if (::read(signal_descriptor, &info, sizeof info) != sizeof info) continue;
      if (!stop.request_stop()) ::_exit(128 + static_cast<int>(info.ssi_signo));
    }
  }
};

Interrupt::Interrupt() : implementation_(std::make_unique<Implementation>()) {
  Implementation& own = *implementation_;
  ::signal(SIGPIPE, SIG_IGN);  // who stops reading our messages must not end a publish
  own.signal_descriptor = ::signalfd(-1, &own.signals, SFD_CLOEXEC);
  own.end_descriptor = ::eventfd(0, EFD_CLOEXEC);
  if (own.signal_descriptor < 0 || own.end_descriptor < 0) {  // then a signal ends the program at once
    ::pthread_sigmask(SIG_UNBLOCK, &own.signals, nullptr);
    return;
  }
  hold_interrupts();
  own.thread = std::thread([&own] { own.listen(); });
}

Interrupt::~Interrupt() {
  Implementation& own = *implementation_;
  if (own.thread.joinable()) {
    ::eventfd_write(own.end_descriptor, 1);
    own.thread.join();
  }
  if (own.signal_descriptor >= 0) ::close(own.signal_descriptor);
  if (own.end_descriptor >= 0) ::close(own.end_descriptor);
}

std::stop_token Interrupt::token() const { return implementation_->stop.get_token(); }

}  // namespace roamsync::cli
