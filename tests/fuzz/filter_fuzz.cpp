// Any text as the user's patterns and as a path. The input: a line of exclude, a line of include, the path.
#include <roamsync/filter.hpp>

#include "fuzz/require.hpp"

#include <array>

using namespace roamsync;
using fuzz::require;

namespace {

std::string take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string line(rest.substr(0, end));
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(fuzz::bytes_of(data, size));
  const std::array exclude{take_line(rest)};
  const std::array include{take_line(rest)};
  const auto filter = Filter::make(exclude, include);
  const auto path = ProfilePath::parse(rest);
  if (!filter || !path || path.value().is_root()) return 0;
  for (const bool is_directory : {false, true}) {
    const bool admitted = filter.value().admits(path.value(), is_directory);
    require(admitted == filter.value().why_excluded(path.value(), is_directory).empty(),
            "what is excluded is excluded by a pattern");
    require(Filter().admits(path.value(), is_directory) || !admitted, "no include opens what never roams");
  }
  const ProfilePath folder = path.value().parent();
  if (!folder.is_root() && filter.value().prunes(folder)) {
    require(!filter.value().admits(path.value(), false), "nothing below a pruned folder roams");
  }
  return 0;
}
