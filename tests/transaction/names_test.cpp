#include "transaction/names.hpp"

#include "support/change_set.hpp"
#include "support/result_matchers.hpp"

#include <roamsync/filter.hpp>

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::at;

TEST(TransactionNames, StandBesideWhatTheyAreFor) {
  EXPECT_EQ(temporary_of(at("Desktop/a.txt"), "t1"), at("Desktop/a.txt.t1.roamsync.tmp"));
  EXPECT_EQ(aside_of(at("Desktop/a.txt"), "t1"), at("Desktop/a.txt.t1.old.roamsync.tmp"));
}

// KB Q191834: Ntuser.dat.tmp; anywhere else it is a file like others.
TEST(TransactionNames, TheHiveHasItsOwn) {
  EXPECT_EQ(temporary_of(at("NTUSER.DAT"), "t1"), at("NTUSER.DAT.tmp"));
  EXPECT_EQ(temporary_of(at("ntuser.dat"), "t1"), at("NTUSER.DAT.tmp"));
  EXPECT_EQ(unique_temporary(at("NTUSER.DAT"), "t1"), at("NTUSER.DAT.t1.roamsync.tmp"));
  EXPECT_EQ(temporary_of(at("Desktop/NTUSER.DAT"), "t1"), at("Desktop/NTUSER.DAT.t1.roamsync.tmp"));
}

TEST(TransactionNames, AreOursToEveryFilter) {
  for (const char* path : {"NTUSER.DAT", "a", "Desktop/b.txt"}) {
    EXPECT_TRUE(is_own_name(temporary_of(at(path), "t1")));
    EXPECT_TRUE(is_own_name(unique_temporary(at(path), "t1")));
    EXPECT_TRUE(is_own_name(aside_of(at(path), "t1")));
  }
}

TEST(TransactionNames, FitWhereTheLongestNamesDo) {
  // Two bytes a letter, so that a cut may fall between them.
  for (const std::size_t letters : {100U, 120U, 121U, 127U}) {
    std::string name;
    for (std::size_t i = 0; i < letters; ++i) name += "\xC3\xA4";
    for (const std::string& long_name : {name, name + "x"}) {
      for (const ProfilePath& path :
           {temporary_of(at("d/" + long_name), "abc123"), aside_of(at("d/" + long_name), "abc123")}) {
        EXPECT_LE(path.name().size(), 255U);
        EXPECT_OK(ProfilePath::parse(path.text()));
        EXPECT_TRUE(is_own_name(path));
      }
    }
    EXPECT_NE(temporary_of(at(name + "x"), "t"), temporary_of(at(name + "y"), "t"));
  }
}

TEST(TransactionNames, TellWhereSomethingAsideCameFrom) {
  EXPECT_EQ(original_of_aside(aside_of(at("Desktop/a.txt"), "t1")), at("Desktop/a.txt"));
  EXPECT_EQ(original_of_aside(temporary_of(at("Desktop/a.txt"), "t1")), std::nullopt);
  EXPECT_EQ(original_of_aside(at(".old.roamsync.tmp")), std::nullopt);
}

TEST(TransactionNames, TellWhoMadeThem) {
  EXPECT_EQ(transaction_of(unique_temporary(at("Desktop/a.txt"), "t1")), "t1");
  EXPECT_EQ(transaction_of(aside_of(at("Desktop/a.txt"), "t1")), "t1");
  EXPECT_EQ(transaction_of(unique_temporary(at(std::string(250, 'n')), "t1")), "t1");
  for (const char* path : {"a.txt", "a.t1.tmp", "notes.roamsync.tmp", "notes.old.ROAMSYNC.TMP", ".t1.roamsync.tmp",
                           "a..roamsync.tmp", "a.t-1.roamsync.tmp", "notes.old.roamsync.tmp", "NTUSER.DAT.tmp"}) {
    EXPECT_EQ(transaction_of(at(path)), std::nullopt) << path;
  }
}

TEST(TransactionNames, WhatIsKeptStillOpensInItsProgram) {
  EXPECT_EQ(name_for_kept(at("d/report.txt"), "t1"), at("d/report (kept t1).txt"));
  EXPECT_EQ(name_for_kept(at("folder"), "t1"), at("folder (kept t1)"));
  EXPECT_EQ(name_for_kept(at(".profile"), "t1"), at(".profile (kept t1)"));
}

TEST(TransactionNames, OneThatIsTakenGetsANumber) {
  const auto store = make_memory_store();
  EXPECT_EQ(free_name(*store, at("d/report.txt")).value(), at("d/report.txt"));
  store->put_file(at("d/report.txt"), "taken");
  EXPECT_EQ(free_name(*store, at("d/report.txt")).value(), at("d/report (2).txt"));
  store->put_file(at("d/report (2).txt"), "taken");
  EXPECT_EQ(free_name(*store, at("d/report.txt")).value(), at("d/report (3).txt"));
}

}  // namespace
}  // namespace roamsync
