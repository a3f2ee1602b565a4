// What a real implementation answers: Samba 4.17's access check on share descriptors and real ones.
#include <roamsync/security_access.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "security/bytes_of_hex.hpp"
#include "support/corpus.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using testing::bytes_of_hex;

// The tokens named in the head of the table.
std::vector<Token> tokens() {
  const Sid domain = Sid::parse("S-1-5-21-2457507606-2709100691-398136650").value();
  const Sid network(5, {2});
  const Sid guests(5, {32, 546});
  const Sid anonymous(5, {7});
  return {
      Token(domain.account(1105),
            std::array{domain.account(513), sids::everyone, network, sids::authenticated_users, sids::users}),
      Token(domain.account(500), std::array{domain.account(513), domain.account(512), sids::everyone, network,
                                            sids::authenticated_users, sids::users, sids::administrators}),
      Token(domain.account(501), std::array{domain.account(514), sids::everyone, network, guests}),
      Token(anonymous, std::array{sids::everyone, network}),
      Token(domain.account(1301), std::array{domain.account(515), sids::everyone, network, sids::authenticated_users}),
      Token(sids::system, std::array{sids::administrators, sids::everyone, sids::authenticated_users}),
  };
}

TEST(AccessCorpus, SambaGrantsAndRefusesTheSame) {
  if (!testing::has_corpus()) GTEST_SKIP() << "the corpus is not there";
  constexpr std::array<AccessMask, 6> desired{0x40000, 2, 0x20000, 0x10000, 0x1301BF, 0x1F01FF};
  const std::vector<Token> who = tokens();
  std::size_t compared = 0;
  for (const auto& row : testing::corpus_table("sddl/access_check.tsv")) {
    SCOPED_TRACE(row[0] + ' ' + row[1]);
    const auto descriptor = SecurityDescriptor::parse(bytes_of_hex(row[1]));
    ASSERT_OK(descriptor);
    for (std::size_t i = 0; i < who.size(); ++i) {
      std::string digits;
      for (const AccessMask mask : desired) {
        digits += check_access(descriptor.value(), who[i], mask).is_granted ? '1' : '0';
        ++compared;
      }
      EXPECT_EQ(digits, row[2 + i]) << "token " << i;
    }
  }
  EXPECT_GE(compared, 400U * 36);
}

}  // namespace
}  // namespace roamsync
