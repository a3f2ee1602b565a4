// Any text as a profile path: refused, or a name that cannot leave the profile. The input is two paths, a line each.
#include <roamsync/path.hpp>

#include "fuzz/require.hpp"

using namespace roamsync;
using fuzz::require;

namespace {

void check_components(const ProfilePath& path) {
  std::string_view rest = path.text();
  ProfilePath built;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    require(!name.empty() && name != "." && name != "..", "every component is a name");
    require(name.find_first_of("\\:*?\"<>|") == name.npos, "no component holds a separator or a wildcard");
    require(ProfilePath::fault_of_name(name).empty(), "a component of a valid path is a valid name");
    auto child = built.child(name);
    require(child.has_value(), "a path can be built of its components");
    built = std::move(child).value();
    rest.remove_prefix(slash == rest.npos ? rest.size() : slash + 1);
  }
  require(built == path, "a path is the list of its components");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(fuzz::bytes_of(data, size));
  const std::size_t line = text.find('\n');
  const auto first = ProfilePath::parse(text.substr(0, line));
  const auto second = ProfilePath::parse(line == text.npos ? "" : text.substr(line + 1));
  if (!first || !second) return 0;
  const ProfilePath& left = first.value();
  const ProfilePath& right = second.value();
  check_components(left);
  check_components(right);
  const int order = PathOrder::compare(left, right);
  require((order < 0) == (PathOrder::compare(right, left) > 0), "the order has two sides");
  require((order == 0) == left.same_file(right), "equivalent in order means the same file");
  require(left.same_file(right) == (left.key() == right.key()), "the same file means the same key");
  require(left.contains(left.join(right)), "what is joined to a path stands below it");
  require(PathOrder::compare(left, left.join(right)) <= 0, "a folder comes before what is in it");
  require(left.parent().contains(left), "a path stands below its parent");
  return 0;
}
