#include <algorithm>
#include <utility>

#include "hive/checker.hpp"

namespace roamsync {

Verdict check_hive(std::span<const std::byte> file) { return inspect_hive(file).verdict; }

HiveInspection inspect_hive(std::span<const std::byte> file) {
  hive::Checker checker(file, 1);
  checker.run();
  return checker.inspection();
}

std::vector<HiveFault> all_hive_faults(std::span<const std::byte> file, std::size_t limit) {
  hive::Checker checker(file, std::max<std::size_t>(limit, 1));
  checker.run();
  return checker.take_faults();
}

namespace hive {
namespace {

constexpr std::uint32_t bin_header_size = 32;

std::string quoted(std::uint32_t mark) {
  std::string text = "\"";
  for (int byte = 0; byte < 4; ++byte, mark >>= 8) {
    const auto letter = static_cast<char>(mark & 0xFF);
    text += letter >= ' ' && letter <= '~' ? letter : '.';
  }
  return text + '"';
}

}  // namespace

std::string hex(std::uint64_t value) {
  std::string digits;
  for (; value != 0 || digits.empty(); value >>= 4) digits.insert(digits.begin(), "0123456789abcdef"[value & 15]);
  return "0x" + digits;
}

bool Checker::fault(HiveRule rule, std::uint64_t at, std::string expected, std::string found) {
  if (!stopped()) faults_.push_back({rule, at, std::move(expected), std::move(found)});
  return false;
}

void Checker::run() {
  if (!check_base_block() || stopped()) return;
  allocated_ = OffsetSet(static_cast<std::uint32_t>(bins_.size()));
  used_ = allocated_;
  securities_ = allocated_;
  check_bins();
  if (!stopped()) check_tree();
  // Told last: a hive that was left open is dirty only when nothing else is wrong with it.
  if (left_open_) {
    const bool sum_is_right = base_.checksum == header_checksum(file_);
    if (sum_is_right) {
      fault(HiveRule::sequence_numbers, base_field::secondary, std::to_string(base_.primary),
            std::to_string(base_.secondary));
    } else {
      fault(HiveRule::checksum, base_field::checksum, hex(header_checksum(file_)), hex(base_.checksum));
    }
  }
}

HiveInspection Checker::inspection() const {
  HiveInspection result{.verdict = {.left_open = left_open_}, .info = info_};
  if (faults_.empty()) return result;
  result.verdict.fault = faults_.front();
  const HiveRule rule = faults_.front().rule;
  const bool only_open = left_open_ && (rule == HiveRule::sequence_numbers || rule == HiveRule::checksum);
  result.verdict.state = only_open ? HiveState::dirty : HiveState::corrupt;
  return result;
}

// False when there are no bins to look at.
bool Checker::check_base_block() {
  if (!file_.holds(0, header_size)) {
    return fault(HiveRule::file_size, 0, "at least " + std::to_string(base_block_size) + " bytes",
                 std::to_string(file_.size()) + " bytes");
  }
  base_ = *BaseBlock::read(file_);
  if (base_.signature != regf_signature) {
    return fault(HiveRule::signature, 0, "\"regf\"", quoted(base_.signature));
  }
  left_open_ = base_.left_open();
  info_.major = base_.major;
  info_.minor = base_.minor;
  info_.sequence = base_.secondary;
  check_size();
  if (stopped()) return false;
  if (!left_open_ && base_.checksum != header_checksum(file_)) {
    fault(HiveRule::checksum, base_field::checksum, hex(header_checksum(file_)), hex(base_.checksum));
  }
  check_version();
  if (stopped() || file_.size() <= base_block_size) return false;
  const std::uint64_t size = std::min<std::uint64_t>(base_.bins_size, file_.size() - base_block_size);
  bins_ = *file_.part(base_block_size, size - size % 8);
  return true;
}

void Checker::check_size() {
  if (file_.size() < base_.file_size()) {
    fault(HiveRule::file_size, base_field::bins_size, std::to_string(base_.file_size()) + " bytes",
          std::to_string(file_.size()) + " bytes");
  }
  if (base_.bins_size == 0 || base_.bins_size % page_size != 0) {
    fault(HiveRule::bins_size, base_field::bins_size, "a multiple of 4096 above 0", std::to_string(base_.bins_size));
  }
}

void Checker::check_version() {
  if (base_.major != 1 || base_.minor < 3 || base_.minor > 6) {
    const bool is_old = base_.major == 1 && base_.minor < 3;
    fault(HiveRule::version, base_field::major, "1.3 to 1.6",
          std::to_string(base_.major) + '.' + std::to_string(base_.minor) + (is_old ? " of Windows NT 3" : ""));
  }
  if (base_.type != static_cast<std::uint32_t>(FileType::primary)) {
    fault(HiveRule::file_type, base_field::type, "0 (primary file)", std::to_string(base_.type));
  }
  if (base_.format != 1) fault(HiveRule::file_format, base_field::format, "1", std::to_string(base_.format));
  // The sector size of the disk it was made on, in units of 512 bytes.
  if (base_.clustering != 1 && base_.clustering != 2 && base_.clustering != 4 && base_.clustering != 8) {
    fault(HiveRule::clustering, base_field::clustering, "1, 2, 4 or 8", std::to_string(base_.clustering));
  }
}

void Checker::check_bins() {
  const auto size = static_cast<std::uint32_t>(bins_.size());
  for (std::uint32_t at = 0; at < size && !stopped();) {
    const std::uint32_t bin_size = check_bin(at);
    // Where a bin does not say how long it is, the next one is looked for; all that lies between is one fault.
    at = bin_size != 0 ? at + bin_size : next_bin(at);
  }
}

// The bin's size, 0 when that is not to be had. A header with one wrong field still leads to the cells.
std::uint32_t Checker::check_bin(std::uint32_t at) {
  const std::uint64_t begin = std::uint64_t{base_block_size} + at;
  const auto left = static_cast<std::uint32_t>(bins_.size()) - at;
  const auto header = bins_.part(at, bin_header_size);
  if (!header) {
    fault(HiveRule::bin_signature, begin, "a bin", std::to_string(left) + " bytes");
    return 0;
  }
  const auto mark = header->at<std::uint32_t>(0);
  const auto offset = header->at<std::uint32_t>(4);
  const auto bin_size = header->at<std::uint32_t>(8);
  const bool size_is_sound = bin_size != 0 && bin_size % page_size == 0 && bin_size <= left;
  if (mark != hbin_signature) {
    fault(HiveRule::bin_signature, begin, "\"hbin\"", quoted(mark));
    if (offset != at || !size_is_sound) return 0;
  } else if (offset != at) {
    fault(HiveRule::bin_offset, begin + 4, hex(at), hex(offset));
  }
  if (!size_is_sound) {
    fault(HiveRule::bin_size, begin + 8, "a multiple of 4096 from 4096 to " + std::to_string(left),
          std::to_string(bin_size));
    return 0;
  }
  check_cells(at + bin_header_size, at + bin_size);
  return bin_size;
}

std::uint32_t Checker::next_bin(std::uint32_t at) const noexcept {
  const auto size = static_cast<std::uint32_t>(bins_.size());
  for (at += std::min(page_size, size - at); at < size; at += std::min(page_size, size - at)) {
    const auto header = bins_.part(at, bin_header_size);
    if (header && header->at<std::uint32_t>(0) == hbin_signature && header->at<std::uint32_t>(4) == at) break;
  }
  return at;
}

void Checker::check_cells(std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t at = begin; at < end;) {
    const auto stored = bins_.at<std::uint32_t>(at);  // negative: in use
    const bool in_use = (stored & 0x80000000) != 0;
    const std::uint32_t size = in_use ? 0 - stored : stored;
    if (size < 8 || size % 8 != 0 || size > end - at) {
      fault(HiveRule::cell_size, std::uint64_t{base_block_size} + at,
            "a multiple of 8 from 8 to " + std::to_string(end - at), hex(stored));
      return;
    }
    if (in_use) allocated_.insert(at);
    at += size;
  }
}

bool Checker::is_cell(Reference reference) {
  if (allocated_.contains(reference.cell)) return true;
  return fault(HiveRule::cell_reference, reference.at, "the offset of an allocated cell", hex(reference.cell));
}

std::optional<ByteView> Checker::claim(Reference reference) {
  if (!is_cell(reference)) return std::nullopt;
  if (used_.contains(reference.cell)) {
    fault(HiveRule::cell_shared, reference.at, "a cell of its own",
          hex(reference.cell) + ", which is in use elsewhere");
    return std::nullopt;
  }
  used_.insert(reference.cell);
  return payload(reference.cell);
}

ByteView Checker::payload(std::uint32_t cell) const noexcept {
  const std::uint32_t size = 0 - bins_.at<std::uint32_t>(cell);
  return *bins_.part(std::uint64_t{cell} + 4, size - 4);
}

}  // namespace hive
}  // namespace roamsync
