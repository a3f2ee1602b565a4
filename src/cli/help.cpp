#include "cli/help.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

namespace roamsync::cli {
namespace {

constexpr std::size_t width = 80;
constexpr std::size_t text_column = 30;
constexpr std::size_t usage_indent = 11;

// Characters, not bytes: what we print is UTF-8.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

// Words from `column` on, the lines after the first indented.
void write_wrapped(std::ostream& out, std::string_view text, std::size_t column, std::size_t indent) {
  for (bool is_first_word = true; !text.empty(); is_first_word = false) {
    const auto end = std::min(text.find(' '), text.size());
    const std::size_t word = columns_of(text.substr(0, end));
    if (!is_first_word && column + 1 + word > width) {
      out << '\n' << std::string(indent, ' ');
      column = indent;
    } else if (!is_first_word) {
      out << ' ';
      ++column;
    }
    out << text.substr(0, end);
    column += word;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out << '\n';
}

// `label` in the left column, `text` beside it, or below it where the label is long.
void write_row(std::ostream& out, std::string_view label, std::string_view text) {
  out << "  " << label;
  std::size_t column = 2 + columns_of(label);
  if (column + 2 > text_column) {
    out << '\n';
    column = 0;
  }
  out << std::string(text_column - column, ' ');
  write_wrapped(out, text, text_column, text_column);
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + ' ' + app.get_name();
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }
bool repeats(const CLI::Option& option) { return option.get_items_expected_max() > 1; }

std::string label_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true) + (repeats(option) ? "…" : "");
  std::string label;
  for (const std::string& name : option.get_snames()) label += '-' + name + ", ";
  for (const std::string& name : option.get_lnames()) label += "--" + name + ", ";
  label.resize(label.size() - 2);
  if (takes_value(option)) label += ' ' + option.get_type_name() + (repeats(option) ? "…" : "");
  return label;
}

std::string text_of(const CLI::Option& option) {
  std::string text = option.get_description();
  if (takes_value(option) && !option.get_default_str().empty()) text += " [" + option.get_default_str() + ']';
  return text;
}

// An option and its value stay on one line.
void write_usage(std::ostream& out, const CLI::App& app) {
  std::vector<std::string> parts;
  if (!app.get_subcommands([](const CLI::App*) { return true; }).empty()) parts.emplace_back("COMMAND");
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional() && option->get_required()) parts.push_back(label_of(*option));
  }
  parts.emplace_back("[OPTION]…");
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    parts.push_back(option->get_required() ? label_of(*option) : '[' + label_of(*option) + ']');
  }
  const std::string begin = "Usage: " + full_name(app);
  out << begin;
  std::size_t column = columns_of(begin);
  for (const std::string& part : parts) {
    const std::size_t size = columns_of(part);
    if (column + 1 + size > width) {
      out << '\n' << std::string(usage_indent - 1, ' ');
      column = usage_indent - 1;
    }
    out << ' ' << part;
    column += 1 + size;
  }
  out << "\n\n";
}

void write_options(std::ostream& out, const CLI::App& app) {
  for (const std::string& group : app.get_groups()) {
    const auto options = app.get_options([&](const CLI::Option* option) {
      const bool is_inherited = option == app.get_help_ptr() && app.get_parent() != nullptr;
      return option->get_group() == group && !option->get_positional() && !is_inherited;
    });
    if (options.empty()) continue;
    out << '\n' << group << ":\n";
    for (const CLI::Option* option : options) write_row(out, label_of(*option), text_of(*option));
  }
}

}  // namespace

std::string Help::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
  std::ostringstream out;
  write_usage(out, *app);
  write_wrapped(out, app->get_description(), 0, 0);
  const auto positionals = app->get_options([](const CLI::Option* option) { return option->get_positional(); });
  if (!positionals.empty()) {
    out << '\n';
    for (const CLI::Option* option : positionals) write_row(out, label_of(*option), text_of(*option));
  }
  const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
  if (!commands.empty()) {
    out << "\nCommands:\n";
    for (const CLI::App* command : commands) write_row(out, command->get_name(), command->get_description());
  }
  write_options(out, *app);
  for (const CLI::App* above = app->get_parent(); above != nullptr; above = above->get_parent()) {
    write_options(out, *above);
  }
  if (!app->get_footer().empty()) out << '\n' << app->get_footer() << '\n';
  return out.str();
}

}  // namespace roamsync::cli
