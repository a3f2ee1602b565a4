#include "sim/faults.hpp"

namespace roamsync::sim {
namespace {

constexpr std::array codes{std::errc::io_error, std::errc::no_space_on_device, std::errc::permission_denied,
                           std::errc::timed_out, std::errc::device_or_resource_busy};

}  // namespace

Faults draw_faults(Random& random, const OperationCounts& counts) {
  Faults faults;
  faults.kind = static_cast<Faults::Kind>(random.weighted({30, 16, 5, 5, 4, 20, 10, 10}));
  const auto draw = [&random](std::size_t count) { return 1 + random.below(count + 1); };
  switch (faults.kind) {
    case Faults::Kind::none:
    case Faults::Kind::server_away: break;
    case Faults::Kind::operation_fails:
      faults.side = static_cast<Side>(random.below(side_names.size()));
      faults.operation = draw(counts.of_side[static_cast<std::size_t>(faults.side)]);
      faults.code = std::make_error_code(random.pick(codes));
      break;
    case Faults::Kind::disk_full:
      faults.side = static_cast<Side>(random.below(side_names.size()));
      faults.operation = draw(counts.new_files[static_cast<std::size_t>(faults.side)]);
      break;
    case Faults::Kind::line_cut:
    case Faults::Kind::server_loses_power:
      faults.operation = draw(counts.of_side[static_cast<std::size_t>(Side::server)]);
      faults.code = std::make_error_code(std::errc::host_unreachable);
      break;
    case Faults::Kind::killed:
    case Faults::Kind::workstation_loses_power:
      faults.operation = draw(counts.in_all);
      faults.code = std::make_error_code(std::errc::io_error);
      break;
  }
  return faults;
}

std::string words_of(const Faults& faults, const std::string& hit) {
  const std::string at =
      " at operation " + std::to_string(faults.operation) + (hit.empty() ? ", too late" : ", " + hit);
  const std::string side = side_names[static_cast<std::size_t>(faults.side)];
  switch (faults.kind) {
    case Faults::Kind::none: return "";
    case Faults::Kind::operation_fails: return "; the " + side + " fails" + at + " (" + code_name(faults.code) + ")";
    case Faults::Kind::line_cut: return "; the line to the server is cut" + at;
    case Faults::Kind::disk_full:
      return "; on the " + side + " is no room after " + std::to_string(faults.operation - 1) + " new files";
    case Faults::Kind::server_away: return "; the server is away";
    case Faults::Kind::killed: return "; the process is killed" + at;
    case Faults::Kind::workstation_loses_power: return "; the workstation loses power" + at;
    case Faults::Kind::server_loses_power: return "; the server loses power" + at;
  }
  return "";
}

}  // namespace roamsync::sim
