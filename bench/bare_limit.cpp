// bare_limit FROM TO: the least that a synchronisation on one machine can do. Looks at every file of FROM and of TO, reads
// and writes those whose size or time differ, and flushes the file system once if anything was written. No digest, no
// verification, no transaction: what a crash leaves is half a copy. It is what the other programs are held against.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr std::size_t block_size = 256 << 10;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "bare_limit: %s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(EXIT_FAILURE);
}

class BareCopy {
 public:
  BareCopy() : block_(block_size) {}

  void folder(int from, int to, const std::string& path) {
    DIR* listing = ::fdopendir(from);
    if (listing == nullptr) fail(path);
    while (const dirent* entry = ::readdir(listing)) {
      const char* name = entry->d_name;
      if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) continue;
      const std::string below = path + '/' + name;
      if (entry->d_type == DT_DIR) {
        if (::mkdirat(to, name, 0755) != 0 && errno != EEXIST) fail(below);
        const int from_below = ::openat(from, name, O_RDONLY | O_DIRECTORY);
        const int to_below = ::openat(to, name, O_RDONLY | O_DIRECTORY);
        if (from_below < 0 || to_below < 0) fail(below);
        folder(from_below, to_below, below);
      } else if (entry->d_type == DT_REG) {
        file(from, to, name, below);
      }
    }
    ::closedir(listing);
    ::close(to);
  }

  bool wrote() const { return wrote_; }

 private:
  void file(int from, int to, const char* name, const std::string& path) {
    struct stat source {};
    struct stat target {};
    if (::fstatat(from, name, &source, AT_SYMLINK_NOFOLLOW) != 0) fail(path);
    if (::fstatat(to, name, &target, AT_SYMLINK_NOFOLLOW) == 0 && source.st_size == target.st_size &&
        source.st_mtim.tv_sec == target.st_mtim.tv_sec && source.st_mtim.tv_nsec == target.st_mtim.tv_nsec) {
      return;
    }
    wrote_ = true;
    const int in = ::openat(from, name, O_RDONLY);
    const int out = ::openat(to, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (in < 0 || out < 0) fail(path);
    for (;;) {
      const ssize_t got = ::read(in, block_.data(), block_.size());
      if (got < 0) fail(path);
      if (got > 0 && ::write(out, block_.data(), static_cast<std::size_t>(got)) != got) fail(path);
      if (got < static_cast<ssize_t>(block_.size())) break;
    }
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, source.st_mtim};
    if (::futimens(out, times) != 0) fail(path);
    ::close(in);
    ::close(out);
  }

  std::vector<char> block_;
  bool wrote_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bare_limit FROM TO\n", stderr);
    return 64;
  }
  if (::mkdir(argv[2], 0755) != 0 && errno != EEXIST) fail(argv[2]);
  const int from = ::open(argv[1], O_RDONLY | O_DIRECTORY);
  const int to = ::open(argv[2], O_RDONLY | O_DIRECTORY);
  if (from < 0 || to < 0) fail(from < 0 ? argv[1] : argv[2]);
  const int whole = ::dup(to);
  BareCopy copy;
  copy.folder(from, to, argv[1]);
  if (copy.wrote() && ::syncfs(whole) != 0) fail(argv[2]);
  return EXIT_SUCCESS;
}
