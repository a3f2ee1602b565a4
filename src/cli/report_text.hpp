/// @file
/// The results of sessions in words, for people; scripts use --json.
#pragma once

#include <roamsync/session.hpp>

#include <iosfwd>
#include <string_view>

namespace roamsync::cli {

void print_report(std::ostream& out, std::string_view command, const Report& report);
void print_preview(std::ostream& out, const Preview& preview);
void print_status(std::ostream& out, const Status& status);
void print_recovery(std::ostream& out, const Recovery& recovery);
void print_history(std::ostream& out, const std::vector<HistoryGeneration>& generations);

}  // namespace roamsync::cli
