#include "bench/profile.hpp"

#include "bench/noise.hpp"
#include "bench/profile_hive.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>

namespace roamsync::bench {
namespace {

constexpr double median_bytes = 5 * 1024;
constexpr double mean_bytes = (190e6 - (24 << 20)) / 4999;
constexpr std::size_t files_per_folder = 12;
constexpr std::int64_t first_time = 1'750'000'000;
constexpr std::uint64_t hive_bytes_max = 2ULL << 30;

const ProfilePath hive_path = ProfilePath::literal("NTUSER.DAT");

// --- sizes ---

/// The value below which a share `p` of a normal distribution lies.
double normal_quantile(double p) {
  double low = -8;
  double high = 8;
  for (int step = 0; step < 50; ++step) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < p ? low : high) = middle;
  }
  return low;
}

/// `count` sizes, log-normal about the median, whose sum is `total`: the spread is what makes it so.
std::vector<std::uint64_t> log_normal_sizes(std::size_t count, std::uint64_t total, std::uint64_t seed) {
  std::vector<double> quantiles(count);
  for (std::size_t i = 0; i < count; ++i) {
    quantiles[i] = normal_quantile((static_cast<double>(i) + 0.5) / static_cast<double>(count));
  }
  const auto size_of = [&](std::size_t i, double spread) {
    return static_cast<std::uint64_t>(median_bytes * std::exp(spread * quantiles[i]));
  };
  const auto sum_of = [&](double spread) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += size_of(i, spread);
    return sum;
  };
  double low = 0;
  double high = 4;
  for (int step = 0; step < 50; ++step) {
    const double middle = (low + high) / 2;
    (sum_of(middle) <= total ? low : high) = middle;
  }
  std::vector<std::uint64_t> sizes(count);
  for (std::size_t i = 0; i < count; ++i) sizes[i] = size_of(i, low);
  if (const std::uint64_t sum = sum_of(low); count > 0 && sum < total) sizes.back() += total - sum;
  std::shuffle(sizes.begin(), sizes.end(), std::mt19937_64(seed));
  return sizes;
}

// --- names ---

ProfilePath folder_of(std::size_t index) {
  static constexpr std::array tops = {"AppData/Roaming", "Documents", "AppData/Roaming/Microsoft",
                                      "Desktop",         "Pictures",  "Favorites"};
  static constexpr std::array names = {"Contoso", "Fabrikam",   "Brief", "Übersicht",
                                       "Projekt", "Rechnungen", "Архив", "資料"};
  std::string text = tops[index % tops.size()];
  for (std::size_t rest = index / tops.size() + 1; rest > 0; rest /= names.size()) {
    text += '/';
    text += names[rest % names.size()];
    text += ' ' + std::to_string(rest);
  }
  return ProfilePath::literal(text);
}

ProfilePath file_of(std::size_t index) {
  static constexpr std::array names = {"Brief an die Bank", "settings", "Notizen", "bookmark",
                                       "Tabelle",           "IMG_",     "état",    "лист"};
  static constexpr std::array endings = {".docx", ".json", ".txt", ".url", ".xlsx", ".png", ".xml", ".ini"};
  const std::size_t kind = index % names.size();
  const std::string name = names[kind] + std::to_string(index) + endings[kind];
  return folder_of(index / files_per_folder).child_unchecked(name);
}

// --- files ---

Result<void> write_new(Store& store, const ProfilePath& path, std::span<const std::byte> bytes, FileTime modified) {
  BOOST_OUTCOME_TRY(const auto writer, store.create(path));
  if (!bytes.empty()) {
    BOOST_OUTCOME_TRY(writer->write(0, bytes));
  }
  BOOST_OUTCOME_TRY(writer->finish({.modified = modified, .mode = 0644}));
  return success();
}

/// As programs save: a new file beside the old one, then its name.
Result<void> write_over(Store& store, const ProfilePath& path, std::span<const std::byte> bytes, FileTime modified) {
  const ProfilePath beside = path.parent().child_unchecked(std::string(path.name()) + ".saving");
  BOOST_OUTCOME_TRY(write_new(store, beside, bytes, modified));
  return store.replace(beside, path);
}

Result<void> collect_files(Store& store, const ProfilePath& folder, std::vector<Entry>& files) {
  BOOST_OUTCOME_TRY(const Listing listing, store.list(folder));
  for (const Entry& entry : listing.entries) {
    if (entry.is_file()) {
      files.push_back(entry);
    } else {
      BOOST_OUTCOME_TRY(collect_files(store, entry.path, files));
    }
  }
  return success();
}

}  // namespace

Result<ProfileCount> make_profile(Store& store, const ProfileSpec& spec) {
  if (spec.files == 0) return ProfileCount{};
  ProfileCount count;
  const std::vector<std::byte> hive = make_hive(spec.hive_bytes, spec.seed);
  BOOST_OUTCOME_TRY(write_new(store, hive_path, hive, FileTime::from_unix(first_time, 0)));
  count = {.files = 1, .folders = 0, .bytes = hive.size()};

  const std::size_t others = spec.files - 1;
  const std::uint64_t bytes = spec.bytes == 0 ? static_cast<std::uint64_t>(mean_bytes * static_cast<double>(others))
                              : spec.bytes > hive.size() ? spec.bytes - hive.size()
                                                         : 0;
  const std::vector<std::uint64_t> sizes = log_normal_sizes(others, bytes, spec.seed);
  std::vector<std::byte> content;
  for (std::size_t i = 0; i < others; ++i) {
    const ProfilePath path = file_of(i);
    if (i % files_per_folder == 0) {
      BOOST_OUTCOME_TRY(const auto made, make_directories(store, path.parent()));
      count.folders += made.size();
    }
    content.resize(static_cast<std::size_t>(sizes[i]));
    fill_with_noise(content, spec.seed * 1'000'003 + i);
    const auto seconds = first_time + static_cast<std::int64_t>(i) * 37;
    const auto nanoseconds = static_cast<std::int64_t>(i * 123'456'700 % 1'000'000'000);
    BOOST_OUTCOME_TRY(write_new(store, path, content, FileTime::from_unix(seconds, nanoseconds)));
    ++count.files;
    count.bytes += content.size();
  }
  return count;
}

Result<ProfileCount> edit_profile(Store& store, const EditSpec& spec) {
  std::vector<Entry> files;
  BOOST_OUTCOME_TRY(collect_files(store, {}, files));
  std::erase_if(files, [](const Entry& file) { return is_hive(file.path); });
  std::sort(files.begin(), files.end(),
            [](const Entry& left, const Entry& right) { return PathOrder()(left.path, right.path); });
  std::shuffle(files.begin(), files.end(), std::mt19937_64(spec.seed));
  files.resize(std::min(files.size(),
                        static_cast<std::size_t>(std::ceil(static_cast<double>(files.size()) * spec.percent / 100))));

  ProfileCount count;
  for (const Entry& file : files) {
    const auto content = noise(static_cast<std::size_t>(file.size + file.size / 50 + 1), spec.seed + count.files);
    BOOST_OUTCOME_TRY(write_over(store, file.path, content, spec.now));
    ++count.files;
    count.bytes += content.size();
  }
  if (spec.hive_pages > 0) {
    BOOST_OUTCOME_TRY(auto hive, read_file(store, hive_path, hive_bytes_max));
    BOOST_OUTCOME_TRY(const std::size_t pages, edit_hive(hive, spec.hive_pages, spec.seed, spec.now));
    BOOST_OUTCOME_TRY(write_over(store, hive_path, hive, spec.now));
    ++count.files;
    count.bytes += pages * 4096;
  }
  return count;
}

}  // namespace roamsync::bench
