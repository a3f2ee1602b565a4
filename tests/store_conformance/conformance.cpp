#include "store_conformance/conformance.hpp"

#include <algorithm>

namespace roamsync::testing {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

Result<Entry> StoreConformance::put(std::string_view path, std::string_view text, const FileAttributes& attributes) {
  BOOST_OUTCOME_TRYV(make_directories(store(), at(path).parent()));
  BOOST_OUTCOME_TRY(const auto writer, store().create(at(path)));
  BOOST_OUTCOME_TRYV(writer->write(0, bytes_of(text)));
  return writer->finish(attributes);
}

Result<std::string> StoreConformance::contents(std::string_view path) {
  BOOST_OUTCOME_TRY(const auto bytes, read_file(store(), at(path), 64 << 20));
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::vector<std::string> StoreConformance::names(std::string_view directory) {
  std::vector<std::string> all;
  const auto listing = store().list(at(directory));
  EXPECT_OK(listing);
  if (!listing) return all;
  for (const Entry& one : listing.value().entries) all.emplace_back(one.path.text());
  std::ranges::sort(all);
  return all;
}

Result<Entry> StoreConformance::entry(std::string_view path) {
  BOOST_OUTCOME_TRY(const auto found, store().stat(at(path)));
  if (!found) return Error(std::make_error_code(std::errc::no_such_file_or_directory));
  return *found;
}

}  // namespace roamsync::testing
