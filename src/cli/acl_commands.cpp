#include <roamsync/security_explain.hpp>
#include <roamsync/security_sddl.hpp>

#include "cli/acl_report.hpp"
#include "cli/commands.hpp"
#include "cli/given_descriptor.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace roamsync::cli {
namespace {

struct AclOptions {
  GivenDescriptor file;
  GivenDescriptor share;
  std::string domain;
  std::string token;
  std::string want;
  bool is_share_read_only = false;
  bool is_file = false;
};

Result<std::optional<Sid>> domain_of(const AclOptions& options) {
  if (options.domain.empty()) return std::optional<Sid>();
  BOOST_OUTCOME_TRY(const Sid domain, or_usage(Sid::parse(options.domain), "--domain"));
  return std::optional<Sid>(domain);
}

// The first is the user, the others are groups.
Result<Token> token_of(const std::string& list, const std::optional<Sid>& domain) {
  BOOST_OUTCOME_TRY(const auto sids, sids_of(list, "--token", domain));
  return Token(sids.front(), std::span(sids).subspan(1));
}

Result<AccessMask> wanted_of(const std::string& words) {
  if (words.empty()) return access::profile_upload;
  BOOST_OUTCOME_TRY(const AccessMask wanted, or_usage(parse_access(words), "--want"));
  if ((wanted & access::invalid) != 0)
    return usage_error("--want: " + mask_text(wanted & access::invalid) + " is no right");
  return wanted;
}

Result<ExitCode> show(const AclOptions& options, Context& context) {
  if (!options.file.is_given()) return usage_error("a descriptor is missing", "give --sddl or --descriptor");
  BOOST_OUTCOME_TRY(const auto domain, domain_of(options));
  BOOST_OUTCOME_TRY(const auto descriptor, descriptor_of(options.file, domain));
  context.output.result(json_of(descriptor, domain),
                        [&](std::ostream& out) { write_descriptor(out, descriptor, domain); });
  return done;
}

Result<ExitCode> explain(const AclOptions& options, Context& context) {
  if (!options.file.is_given()) return usage_error("the file's descriptor is missing", "give --sddl or --descriptor");
  BOOST_OUTCOME_TRY(const auto domain, domain_of(options));
  BOOST_OUTCOME_TRY(auto token, token_of(options.token, domain));
  BOOST_OUTCOME_TRY(const auto wanted, wanted_of(options.want));
  BOOST_OUTCOME_TRY(auto file, descriptor_of(options.file, domain));
  AccessQuestion question{.token = std::move(token), .wanted = wanted, .file = std::move(file)};
  if (options.share.is_given()) {
    BOOST_OUTCOME_TRY(question.share, descriptor_of(options.share, domain));
  }
  question.is_share_read_only = options.is_share_read_only;
  question.is_folder = !options.is_file;
  const bool has_share = question.share.has_value() || question.is_share_read_only;
  const Explanation explanation = explain_access(question);
  const AccessMask wanted_bits = file_mapping.map(wanted) & ~access::maximum_allowed;
  const bool asks_for_anything = (wanted & access::maximum_allowed) != 0 && explanation.granted == 0;
  context.output.result(json_of(explanation, wanted_bits), [&](std::ostream& out) {
    write_access_table(out, explanation, wanted_bits, {.share = has_share});
    if (asks_for_anything) {
      out << "\nNothing at all is granted.\n";
    } else {
      write_reasons(out, explanation);
    }
  });
  return done;
}

void add_domain_option(CLI::App& command, AclOptions& options) {
  command.add_option("--domain", options.domain, "The domain that aliases such as DA and DU belong to")
      ->type_name("SID");
}

void add_show_options(CLI::App& command, AclOptions& options) {
  add_descriptor(command, options.file, "", "The");
  add_domain_option(command, options);
}

void add_explain_options(CLI::App& command, AclOptions& options) {
  add_descriptor(command, options.file, "", "The file's or folder's");
  add_descriptor(command, options.share, "share-", "The share's");
  command.add_option("--token", options.token, "The user, then all groups the user is in, with commas between")
      ->type_name("SID[,SID]")
      ->required();
  command
      .add_option(
          "--want", options.want,
          "The rights to look for: hexadecimal, or names such as WRITE_DAC,DELETE; what a logoff needs when not given")
      ->type_name("RIGHTS")
      ->check(not_empty());
  add_domain_option(command, options);
  command.add_flag("--share-read-only", options.is_share_read_only, "The share is read-only whatever its list grants");
  command.add_flag("--file", options.is_file, "It is a file, not a folder");
}

}  // namespace

void add_acl_commands(CLI::App& app, Context& context) {
  CLI::App& acl = add_command_group(app, "acl", "Read security descriptors and explain what they grant");
  add_command<AclOptions>(acl, "show", "Show a security descriptor as text, as bytes and in words", context,
                          add_show_options, show);
  add_command<AclOptions>(acl, "explain", "Say what a user may do, and why something is missing", context,
                          add_explain_options, explain);
}

}  // namespace roamsync::cli
