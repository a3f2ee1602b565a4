// Security descriptors: read, checked, printed, judged and explained. The descriptor is a user's folder as Windows leaves
// it, with eight entries, six of them inherited; the token is a user's with fourteen groups.
#include <roamsync/security_explain.hpp>
#include <roamsync/security_sddl.hpp>

#include <benchmark/benchmark.h>

namespace roamsync {
namespace {

constexpr const char* folder_text =
    "O:S-1-5-21-2457507606-2709100691-398136650-1105G:S-1-5-21-2457507606-2709100691-398136650-513D:AI"
    "(A;OICI;FA;;;S-1-5-21-2457507606-2709100691-398136650-1105)(D;OICI;SD;;;S-1-5-21-2457507606-2709100691-398136650-"
    "1200)"
    "(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1301bf;;;S-1-5-21-2457507606-2709100691-"
    "398136650-513)"
    "(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLC;;;AU)";

SecurityDescriptor folder() { return parse_sddl(folder_text).value(); }
SecurityDescriptor change_share() { return parse_sddl("O:BAG:SYD:(A;;FA;;;BA)(A;;0x1301bf;;;AU)").value(); }

Token user() {
  const Sid domain = Sid::parse("S-1-5-21-2457507606-2709100691-398136650").value();
  std::vector<Sid> groups{domain.account(513),       sids::everyone, sids::network,
                          sids::authenticated_users, sids::users,    Sid(5, {15})};
  for (std::uint32_t rid = 2000; rid < 2008; ++rid) groups.push_back(domain.account(rid));
  return Token(domain.account(1105), groups);
}

void check_structure(benchmark::State& state) {
  const auto bytes = folder().bytes();
  for (auto _ : state) benchmark::DoNotOptimize(check_descriptor(bytes));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(check_structure);

void parse(benchmark::State& state) {
  const auto bytes = folder().bytes();
  for (auto _ : state) benchmark::DoNotOptimize(SecurityDescriptor::parse(bytes));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse);

void write(benchmark::State& state) {
  const SecurityDescriptor descriptor = folder();
  for (auto _ : state) benchmark::DoNotOptimize(descriptor.bytes());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write);

void print_text(benchmark::State& state) {
  const SecurityDescriptor descriptor = folder();
  for (auto _ : state) benchmark::DoNotOptimize(print_sddl(descriptor));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(print_text);

void parse_text(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_sddl(folder_text));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse_text);

void check_granted(benchmark::State& state) {
  const SecurityDescriptor descriptor = folder();
  const Token token = user();
  for (auto _ : state) benchmark::DoNotOptimize(check_access(descriptor, token, access::share_change));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(check_granted);

// Nobody known: every entry is looked at.
void check_refused(benchmark::State& state) {
  const SecurityDescriptor descriptor = folder();
  const Token token(Sid(5, {21, 1, 2, 3, 4}), user().sids().subspan(7));
  for (auto _ : state) benchmark::DoNotOptimize(check_access(descriptor, token, access::write_dac));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(check_refused);

void maximum_allowed(benchmark::State& state) {
  const SecurityDescriptor descriptor = folder();
  const Token token = user();
  for (auto _ : state) benchmark::DoNotOptimize(granted_access(descriptor, token));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(maximum_allowed);

void explain(benchmark::State& state) {
  const AccessQuestion question{
      .token = user(), .wanted = access::share_change | access::write_dac, .file = folder(), .share = change_share()};
  for (auto _ : state) benchmark::DoNotOptimize(explain_access(question));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(explain);

}  // namespace
}  // namespace roamsync
