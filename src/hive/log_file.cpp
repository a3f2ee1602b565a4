#include "hive/log_file.hpp"

#include <bit>

#include "hive/checker.hpp"
#include "hive/marvin.hpp"

namespace roamsync::hive {
namespace {

constexpr std::uint32_t dirt_signature = 0x54524944;
constexpr std::uint32_t entry_signature = 0x454C7648;
constexpr std::uint32_t log_start = 512;  // behind the base block's first sector

namespace entry_field {
constexpr std::uint32_t size = 4, flags = 8, number = 12, bins_size = 16, page_count = 20, hash_1 = 24, hash_2 = 32,
                        references = 40;
}

bool is_bins_size(std::uint32_t size) noexcept { return size != 0 && size % page_size == 0; }

// All or nothing: a log that was cut holds a state nobody ever had.
void read_sectors(ByteView log, LogFile& file) {
  const std::uint32_t bins_size = file.base.bins_size;
  if (!is_bins_size(bins_size)) return void(file.stop = "its bins size is no multiple of 4096");
  if (log.get<std::uint32_t>(log_start) != dirt_signature) return void(file.stop = "no dirty vector at 0x200");
  const std::uint64_t bitmap_size = bins_size / sector_size / 8;
  const auto bitmap = log.part(log_start + 4, bitmap_size);
  if (!bitmap) return void(file.stop = "cut inside the dirty vector");
  std::uint64_t sectors = 0;
  for (const std::byte byte : bitmap->bytes())
    sectors += static_cast<unsigned>(std::popcount(std::to_integer<unsigned>(byte)));
  // A vector longer than 508 bytes takes more than one sector.
  const std::uint64_t pages_at = (log_start + 4 + bitmap_size + sector_size - 1) / sector_size * sector_size;
  if (!log.holds(pages_at, sectors * sector_size)) return void(file.stop = "its last pages are missing");
  if (sectors == 0) return void(file.stop = "no dirty pages");
  LogStep step{.number = file.base.primary, .bins_size = bins_size, .flags = 0, .pages = {}};
  step.pages.reserve(static_cast<std::size_t>(sectors));
  std::uint64_t at = pages_at;
  for (std::uint32_t bit = 0; bit < bins_size / sector_size; ++bit) {
    if ((bitmap->at<std::uint8_t>(bit / 8) >> (bit % 8) & 1) == 0) continue;
    step.pages.push_back({bit * sector_size, *log.part(at, sector_size)});
    at += sector_size;
  }
  file.steps.push_back(std::move(step));
}

// Empty when `entry` is sound, else what is wrong with it.
std::string read_entry(ByteView entry, LogStep& step) {
  if (marvin32(entry.bytes().first(entry_field::hash_2)) != entry.at<std::uint64_t>(entry_field::hash_2))
    return "hash 2";
  if (marvin32(entry.bytes().subspan(entry_field::references)) != entry.at<std::uint64_t>(entry_field::hash_1)) {
    return "hash 1";
  }
  step.number = entry.at<std::uint32_t>(entry_field::number);
  step.bins_size = entry.at<std::uint32_t>(entry_field::bins_size);
  step.flags = entry.at<std::uint32_t>(entry_field::flags);
  if (!is_bins_size(step.bins_size)) return "bins size";
  const std::uint64_t count = entry.at<std::uint32_t>(entry_field::page_count);
  const auto references = entry.part(entry_field::references, count * 8);
  if (!references) return "page count";
  std::uint64_t data_at = entry_field::references + count * 8;
  for (std::uint64_t index = 0; index < count; ++index) {
    const auto offset = references->at<std::uint32_t>(index * 8);
    const auto size = references->at<std::uint32_t>(index * 8 + 4);
    if (offset > step.bins_size || size > step.bins_size - offset) return "page range";
    const auto bytes = entry.part(data_at, size);
    if (!bytes) return "page data";
    step.pages.push_back({offset, *bytes});
    data_at += size;
  }
  return {};
}

void read_entries(ByteView log, LogFile& file) {
  const auto stop = [&](std::uint64_t at, const std::string& why) { file.stop = "stops at " + hex(at) + ": " + why; };
  std::uint64_t at = log_start;
  while (true) {
    if (log.get<std::uint32_t>(at) != entry_signature) return stop(at, "no entry");
    const auto size = log.get<std::uint32_t>(at + entry_field::size).value_or(0);
    const auto entry = log.part(at, size);
    if (!entry || size < sector_size || size % sector_size != 0) return stop(at, "entry size");
    LogStep step{};
    if (const std::string wrong = read_entry(*entry, step); !wrong.empty()) return stop(at, wrong);
    // The first entry has the number of the log's base block, which is written with it; older ones may lie behind the last.
    const std::uint32_t expected = file.steps.empty() ? file.base.primary : file.steps.back().number + 1;
    if (step.number != expected) {
      return stop(at, "number " + std::to_string(step.number) + " where " + std::to_string(expected) + " should be");
    }
    file.steps.push_back(std::move(step));
    at += size;
  }
}

}  // namespace

LogFile read_log(ByteView log) {
  LogFile file;
  if (log.size() == 0) return file.stop = "empty", file;
  const auto base = BaseBlock::read(log);
  if (!base) return file.stop = "too short", file;
  file.base = *base;
  file.header = *log.part(0, header_size);
  if (base->signature != regf_signature) return file.stop = "no base block", file;
  if (base->checksum != header_checksum(log)) return file.stop = "its base block's checksum is wrong", file;
  if (base->left_open()) return file.stop = "its sequence numbers differ", file;
  const auto type = static_cast<FileType>(base->type);
  if (type != FileType::log && type != FileType::log_of_2000 && type != FileType::log_of_entries) {
    return file.stop = "file type " + std::to_string(base->type) + " is no log", file;
  }
  file.valid = true;
  file.has_entries = type == FileType::log_of_entries;
  file.has_entries ? read_entries(log, file) : read_sectors(log, file);
  return file;
}

}  // namespace roamsync::hive
