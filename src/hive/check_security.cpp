#include "hive/checker.hpp"
#include "hive/descriptor_check.hpp"

namespace roamsync::hive {

// Keys share security cells. Each is looked at once, and the ring they stand in is followed from there, so a chain that never
// comes back to where it began ends as well.
void Checker::check_security(Reference security) {
  std::vector<Reference> ahead{security};
  while (!ahead.empty() && !stopped()) {
    const Reference next = ahead.back();
    ahead.pop_back();
    if (securities_.contains(next.cell) || !check_security_cell(next)) continue;
    const ByteView cell = payload(next.cell);
    for (const std::uint32_t field : {security_field::next, security_field::previous}) {
      const Reference link{cell.at<std::uint32_t>(field), place(next.cell, field)};
      if (!is_cell(link)) continue;
      const std::uint32_t back = field == security_field::next ? security_field::previous : security_field::next;
      const auto returned = payload(link.cell).get<std::uint32_t>(back).value_or(nil);
      if (returned != next.cell) {
        fault(HiveRule::security_ring, link.at, "a cell that points back at " + hex(next.cell),
              hex(link.cell) + ", which points at " + hex(returned));
        continue;
      }
      if (!securities_.contains(link.cell)) ahead.push_back(link);
    }
  }
}

// False when its links cannot be followed. What is wrong with a cell is told once, however many keys share it.
bool Checker::check_security_cell(Reference reference) {
  const auto security = claim(reference);
  if (!security) return false;
  const std::uint32_t cell = reference.cell;
  securities_.insert(cell);
  if (const auto mark = security->get<std::uint16_t>(0); mark != security_mark) {
    return fault(HiveRule::security_signature, place(cell), "\"sk\"", hex(mark.value_or(0)));
  }
  if (!security->holds(0, security_field::descriptor)) {
    return fault(HiveRule::security_size, place(cell), std::to_string(security_field::descriptor) + " bytes",
                 std::to_string(security->size()) + " bytes");
  }
  const auto size = security->at<std::uint32_t>(security_field::size);
  const auto descriptor = security->part(security_field::descriptor, size);
  if (!descriptor) {
    fault(HiveRule::security_size, place(cell, security_field::size),
          "at most " + std::to_string(security->size() - security_field::descriptor), std::to_string(size));
    return true;
  }
  if (auto wrong = check_descriptor(*descriptor)) {
    fault(HiveRule::descriptor, place(cell, security_field::descriptor) + wrong->offset, std::move(wrong->expected),
          std::move(wrong->found));
  }
  return true;
}

}  // namespace roamsync::hive
