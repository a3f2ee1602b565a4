// run_measured REPORT PROGRAM ARGUMENT…: runs a program and writes its wall time, processor time, peak memory and exit code
// to the file REPORT as JSON. A program of its own, because the peak the kernel tells includes what the process was before
// the program was loaded: for a child of a Python script that is Python.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: run_measured REPORT PROGRAM ARGUMENT...\n", stderr);
    return 64;
  }
  const auto started = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::execvp(argv[2], argv + 2);
    std::fprintf(stderr, "run_measured: %s: %s\n", argv[2], std::strerror(errno));
    std::_Exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child) {
    std::perror("run_measured");
    return EXIT_FAILURE;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  std::FILE* report = std::fopen(argv[1], "w");
  if (report == nullptr) {
    std::perror(argv[1]);
    return EXIT_FAILURE;
  }
  std::fprintf(report, "{\"seconds\": %.6f, \"user\": %.6f, \"system\": %.6f, \"peak_kib\": %ld, \"exit\": %d}\n",
               seconds, of(usage.ru_utime), of(usage.ru_stime), usage.ru_maxrss,
               WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return std::fclose(report) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
