#include <roamsync/disk_store.hpp>
#include <roamsync/session.hpp>

#include <iostream>

namespace rs = roamsync;
using namespace std::chrono_literals;

rs::Result<rs::Report> log_off(rs::Host& host, char** argv, std::stop_token stop) {
  BOOST_OUTCOME_TRY(const auto local, rs::open_disk_store({.root = argv[1]}));
  BOOST_OUTCOME_TRY(const auto server, rs::open_disk_store({.root = argv[2], .create = true}));
  BOOST_OUTCOME_TRY(const auto state, rs::open_disk_store({.root = argv[3], .create = true}));

  rs::Session session{host, {.local = *local, .server = server.get(), .state = *state}};
  return session.log_off({
      .policy = &rs::asks(),
      .process_terminate_timeout = 10s,
      .at_timeout = rs::AtTimeout::release_holders,
      .decide = [](const rs::Triple&, rs::ConflictKind) { return rs::Choice::keep_both; },
      .on_event = [](const rs::Event& event) { std::cout << event << '\n'; },
      .stop = stop,
  });
}

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  const auto host = rs::make_system_host();
  std::stop_source stop;  // an agent gives this to its shutdown handler
  const auto report = log_off(*host, argv, stop.get_token());
  if (report) {
    std::cout << report.value() << '\n';
    return report.value().cause ? 1 : 0;
  }
  std::cerr << report.error() << '\n';
  return report.error().code() == rs::Remedy::retry_later ? 75 : 1;
}
