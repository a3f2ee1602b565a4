/// @file
/// How --help looks: usage, description, options by group with units and defaults, wrapped to 80 columns.
#pragma once

#include <CLI/CLI.hpp>

namespace roamsync::cli {

class Help : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace roamsync::cli
