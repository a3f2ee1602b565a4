#include <roamsync/host.hpp>

#include "cli/heap.hpp"
#include "cli/interrupt.hpp"
#include "cli/run.hpp"

#include <iostream>

int main(int argc, char** argv) {
  roamsync::cli::hold_interrupts();
  roamsync::cli::prepare_heap();
  const roamsync::cli::Interrupt interrupt;
  const auto host = roamsync::make_system_host();
  return roamsync::cli::run(argc, argv, *host, interrupt.token(), std::cout, std::cerr);
}
