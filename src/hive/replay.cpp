#include <roamsync/hive_replay.hpp>

#include <algorithm>
#include <cstring>
#include <ostream>

#include "hive/checker.hpp"
#include "hive/log_file.hpp"

namespace roamsync {
namespace hive {
namespace {

constexpr std::uint32_t header_flags = 0x90;
constexpr std::uint32_t first_bin_time = base_block_size + 20;

// Numbers wrap: one is not before another when it is less than half the range ahead.
bool not_before(std::uint32_t number, std::uint32_t start) noexcept { return number - start < 0x80000000; }

class Recovery {
 public:
  Recovery(ByteView primary, std::span<const std::span<const std::byte>> logs) : primary_(primary) {
    for (const auto& log : logs) logs_.push_back(read_log(log));
    for (const LogFile& log : logs_) result_.logs.push_back({.why = log.stop});
    for (const auto& log : logs) logs_size_ += log.size();
  }

  Replay run() {
    base_ = BaseBlock::read(primary_);
    header_is_sound_ = base_ && base_->signature == regf_signature && base_->checksum == header_checksum(primary_);
    const bool closed = header_is_sound_ && !base_->left_open();
    // Less than a base block and a bin's header is nothing to recover.
    const bool possible = !closed && primary_.holds(0, first_bin_time + 8);
    if (possible && (recover_from_entries() || recover_from_sectors())) {
      finish();
    } else {
      result_.outcome = closed ? ReplayOutcome::not_needed : ReplayOutcome::refused;
      result_.format = LogFormat::none;
      result_.header_from_log = false;
      result_.file.clear();
      result_.verdict = check_hive(primary_.bytes());
    }
    return std::move(result_);
  }

 private:
  bool recover_from_entries() {
    std::vector<std::size_t> order;
    std::optional<std::uint32_t> lost;  // an entry that a log announces and does not hold
    for (std::size_t index = 0; index < logs_.size(); ++index) {
      LogFile& log = logs_[index];
      if (!log.valid || !log.has_entries) continue;
      if (header_is_sound_ && log.steps.empty() && not_before(log.base.primary, base_->secondary)) {
        lost = lost && not_before(log.base.primary, *lost) ? *lost : log.base.primary;
      }
      if (header_is_sound_) drop_stale_steps(log, result_.logs[index]);
      if (!log.steps.empty()) order.push_back(index);
    }
    if (order.empty()) return false;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
      const std::uint32_t a = logs_[left].steps.front().number;
      const std::uint32_t b = logs_[right].steps.front().number;
      return a != b && not_before(b, a);
    });
    if (!header_is_sound_) {
      // Only the log with the latest entries knows the header that goes with them.
      const std::size_t latest =
          *std::max_element(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
            const std::uint32_t a = logs_[left].steps.back().number;
            const std::uint32_t b = logs_[right].steps.back().number;
            return a != b && not_before(b, a);
          });
      for (const std::size_t index : order) {
        if (index != latest) result_.logs[index].why = "the header is broken and another log has later entries";
      }
      order = {latest};
      take_header(logs_[latest]);
    }
    start();
    result_.format = LogFormat::entries;
    for (const std::size_t index : order) {
      LogUse& use = result_.logs[index];
      for (const LogStep& step : logs_[index].steps) {
        if (use_count_ == 0 && lost && !not_before(*lost, step.number)) {
          use.why = "entry " + std::to_string(*lost) + " comes before number " + std::to_string(step.number) +
                    " and is not to be had";
          break;
        }
        if (use_count_ > 0 && step.number != result_.sequence + 1) {
          use.why = "begins with number " + std::to_string(step.number) + " where " +
                    std::to_string(result_.sequence + 1) + " should be";
          break;
        }
        if (!apply(step, use)) return use_count_ > 0;
      }
    }
    return use_count_ > 0;
  }

  void drop_stale_steps(LogFile& log, LogUse& use) const {
    const auto first = std::find_if(log.steps.begin(), log.steps.end(),
                                    [&](const LogStep& step) { return not_before(step.number, base_->secondary); });
    if (first == log.steps.end() && !log.steps.empty()) {
      use.why = "all entries are before number " + std::to_string(base_->secondary);
    }
    log.steps.erase(log.steps.begin(), first);
  }

  bool recover_from_sectors() {
    const std::uint64_t time = header_is_sound_ ? base_->time : primary_.at<std::uint64_t>(first_bin_time);
    std::size_t best = logs_.size();
    for (std::size_t index = 0; index < logs_.size(); ++index) {
      const LogFile& log = logs_[index];
      if (!log.valid || log.has_entries || log.steps.empty()) continue;
      if (log.base.time != time) {
        result_.logs[index].why = "its last-written time is not the hive's";
      } else if (best == logs_.size() || (log.base.primary != logs_[best].base.primary &&
                                          not_before(log.base.primary, logs_[best].base.primary))) {
        if (best != logs_.size()) result_.logs[best].why = "another log is later";
        best = index;
      } else {
        result_.logs[index].why = "another log is as late or later";
      }
    }
    if (best == logs_.size()) return false;
    if (!header_is_sound_) take_header(logs_[best]);
    start();
    result_.format = LogFormat::sectors;
    return apply(logs_[best].steps.front(), result_.logs[best]);
  }

  void take_header(const LogFile& log) {
    base_ = log.base;
    header_ = log.header;
    result_.header_from_log = true;
  }

  void start() {
    const auto bytes = primary_.bytes();
    result_.file.assign(bytes.begin(), bytes.end());
    if (result_.header_from_log) std::memcpy(result_.file.data(), header_.bytes().data(), header_size);
    bins_size_ = base_->bins_size;
    use_count_ = 0;
  }

  bool apply(const LogStep& step, LogUse& use) {
    const std::uint64_t need = std::uint64_t{base_block_size} + step.bins_size;
    // New bins are dirty from the first byte on, so a hive grows by no more than its logs hold.
    if (need > result_.file.size() && need - result_.file.size() > logs_size_) {
      use.why = "entry " + std::to_string(step.number) + " grows the hive by more than the logs hold";
      return false;
    }
    if (need > result_.file.size()) result_.file.resize(static_cast<std::size_t>(need));
    for (const LogPage& page : step.pages) {
      std::memcpy(result_.file.data() + base_block_size + page.offset, page.bytes.bytes().data(), page.bytes.size());
    }
    bins_size_ = step.bins_size;
    flags_ = step.flags;
    result_.sequence = step.number;
    use.used = true;
    if (result_.format == LogFormat::entries) ++use.entries;
    use.pages += static_cast<std::uint32_t>(step.pages.size());
    ++use_count_;
    return true;
  }

  void finish() {
    auto& file = result_.file;
    const auto put = [&](std::uint32_t at, std::uint32_t value) {
      value = from_little(value);
      std::memcpy(file.data() + at, &value, sizeof value);
    };
    put(base_field::primary, result_.sequence);
    put(base_field::secondary, result_.sequence);
    put(base_field::type, static_cast<std::uint32_t>(FileType::primary));
    put(base_field::bins_size, bins_size_);
    if (result_.format == LogFormat::entries) {
      const auto flags = ByteView(file).at<std::uint32_t>(header_flags);
      put(header_flags, (flags & ~1U) | (flags_ & 1U));  // pending transactions: the one flag an entry carries
    }
    put(base_field::checksum, header_checksum(ByteView(file)));
    result_.verdict = check_hive(file);
    result_.outcome = result_.verdict.state == HiveState::clean ? ReplayOutcome::recovered : ReplayOutcome::unsound;
  }

  ByteView primary_;
  std::vector<LogFile> logs_;
  std::uint64_t logs_size_ = 0;
  std::optional<BaseBlock> base_;
  ByteView header_;
  bool header_is_sound_ = false;
  std::uint32_t bins_size_ = 0;
  std::uint32_t flags_ = 0;
  std::uint32_t use_count_ = 0;
  Replay result_;
};

}  // namespace
}  // namespace hive

Replay replay_hive(std::span<const std::byte> primary, std::span<const std::span<const std::byte>> logs) {
  return hive::Recovery(primary, logs).run();
}

std::string_view outcome_name(ReplayOutcome outcome) noexcept {
  switch (outcome) {
    case ReplayOutcome::not_needed: return "not_needed";
    case ReplayOutcome::recovered: return "recovered";
    case ReplayOutcome::refused: return "refused";
    case ReplayOutcome::unsound: break;
  }
  return "unsound";
}

std::string Replay::message() const {
  std::string text(outcome_name(outcome));
  for (std::size_t index = 0; index < logs.size(); ++index) {
    const LogUse& use = logs[index];
    text += "; log " + std::to_string(index + 1) + ": ";
    if (use.used) text += std::to_string(use.entries) + " entries, " + std::to_string(use.pages) + " pages";
    if (use.used && !use.why.empty()) text += ", ";
    text += use.why;
  }
  return outcome == ReplayOutcome::unsound ? text + "; " + verdict.message() : text;
}

std::ostream& operator<<(std::ostream& out, const Replay& replay) { return out << replay.message(); }

}  // namespace roamsync
