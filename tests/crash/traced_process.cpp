#include "crash/traced_process.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <optional>

namespace roamsync::testing {
namespace {

struct Call {
  long number;
  const char* name;
};

// What changes a file or a name, or makes a change durable. Opening belongs here only when it creates.
constexpr auto changing_calls = std::to_array<Call>({
#ifdef SYS_mkdir
    {SYS_mkdir, "mkdir"},         {SYS_rmdir, "rmdir"},         {SYS_unlink, "unlink"},
    {SYS_rename, "rename"},       {SYS_link, "link"},           {SYS_chmod, "chmod"},
#endif
#ifdef SYS_renameat
    {SYS_renameat, "renameat"},
#endif
    {SYS_mkdirat, "mkdirat"},     {SYS_unlinkat, "unlinkat"},   {SYS_renameat2, "renameat2"},
    {SYS_linkat, "linkat"},       {SYS_symlinkat, "symlinkat"}, {SYS_fchmodat, "fchmodat"},
    {SYS_fchmod, "fchmod"},       {SYS_write, "write"},         {SYS_pwrite64, "pwrite64"},
    {SYS_writev, "writev"},       {SYS_pwritev, "pwritev"},     {SYS_pwritev2, "pwritev2"},
    {SYS_sendfile, "sendfile"},   {SYS_splice, "splice"},       {SYS_copy_file_range, "copy_file_range"},
    {SYS_ftruncate, "ftruncate"}, {SYS_fallocate, "fallocate"}, {SYS_fsync, "fsync"},
    {SYS_fdatasync, "fdatasync"}, {SYS_syncfs, "syncfs"},       {SYS_sync_file_range, "sync_file_range"},
    {SYS_utimensat, "utimensat"}, {SYS_setxattr, "setxattr"},   {SYS_fsetxattr, "fsetxattr"},
});

bool opens_to_create(pid_t thread, const __ptrace_syscall_info& info) {
  const auto& args = info.entry.args;
  const auto number = static_cast<long>(info.entry.nr);
  std::uint64_t flags = 0;
#ifdef SYS_open
  if (number == SYS_open) flags = args[1];
#endif
  if (number == SYS_openat) flags = args[2];
  if (number == SYS_openat2) {
    open_how how = {};
    iovec here{.iov_base = &how, .iov_len = sizeof how};
    iovec there{.iov_base = reinterpret_cast<void*>(args[2]), .iov_len = sizeof how};
    if (::process_vm_readv(thread, &here, 1, &there, 1, 0) == static_cast<ssize_t>(sizeof how)) flags = how.flags;
  }
  return (flags & (O_CREAT | O_TRUNC)) != 0;
}

// The name of the call the thread is about to make, when it changes a file.
std::optional<std::string> changing_call(pid_t thread) {
  __ptrace_syscall_info info = {};
  if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return std::nullopt;
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return std::nullopt;
  const auto number = static_cast<long>(info.entry.nr);
  for (const Call& call : changing_calls) {
    if (call.number == number) return call.name;
  }
  if (number == SYS_ioctl && info.entry.args[1] == FICLONE) return "ioctl(FICLONE)";
  if (opens_to_create(thread, info)) return "open to create";
  return std::nullopt;
}

pid_t start(const std::vector<std::string>& command, bool traced) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  constexpr int cannot_be_traced = 126;
  if (traced && ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(cannot_be_traced);
  // LeakSanitizer looks at its own process with ptrace, and a process has one tracer.
  if (traced) ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

int exit_code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

}  // namespace

TracedRun run_traced(const std::vector<std::string>& command, std::size_t kill_at) {
  TracedRun run;
  const pid_t child = start(command, true);
  int status = 0;
  // A traced program stops with SIGTRAP once its execve is through.
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) {
    run.refused = true;
    return run;
  }
  const auto options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  if (::ptrace(PTRACE_SETOPTIONS, child, nullptr, options) != 0) {
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    run.refused = true;
    return run;
  }
  ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
  for (;;) {
    const pid_t thread = ::waitpid(-1, &status, __WALL);
    if (thread < 0) return run;
    if (!WIFSTOPPED(status)) {
      // Threads end before their process does.
      if (thread != child) continue;
      run.exit_code = exit_code_of(status);
      return run;
    }
    long signal = WSTOPSIG(status);
    const bool at_call = signal == (SIGTRAP | 0x80);
    if (at_call && !run.killed) {
      if (auto call = changing_call(thread); call && ++run.calls == kill_at) {
        run.killed = true;
        run.last_call = std::move(*call);
        ::kill(child, SIGKILL);
        continue;
      }
    }
    // Stops that tracing itself makes are not for the program: calls, new threads, their first stop.
    const bool is_ours = at_call || signal == SIGTRAP || signal == SIGSTOP;
    ::ptrace(PTRACE_SYSCALL, thread, nullptr, is_ours ? 0 : signal);
  }
}

int run(const std::vector<std::string>& command) {
  const pid_t child = start(command, false);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return -1;
  return exit_code_of(status);
}

}  // namespace roamsync::testing
