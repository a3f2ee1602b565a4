#include <roamsync/filter.hpp>

#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

bool file_roams(const Filter& filter, const char* path) { return filter.admits(ProfilePath::literal(path), false); }
bool folder_roams(const Filter& filter, const char* path) { return filter.admits(ProfilePath::literal(path), true); }

Filter with(std::vector<std::string> exclude, std::vector<std::string> include = {}) {
  return Filter::make(exclude, include).value();
}

TEST(Filter, LeavesTheMachineBoundPartWhereItIs) {  // KB Q188692 and the ADMX defaults
  const Filter filter;
  for (const char* path :
       {"AppData/Local", "appdata/LOCALLOW", "Local Settings", "History", "TEMP", "Temporary Internet Files"}) {
    SCOPED_TRACE(path);
    EXPECT_FALSE(folder_roams(filter, path));
    EXPECT_TRUE(filter.prunes(ProfilePath::literal(path)));
    EXPECT_FALSE(file_roams(filter, (std::string(path) + "/deep/x.txt").c_str()));
  }
  for (const char* path : {"AppData", "AppData/Roaming", "AppData/Local2", "Documents/Temp", "Documents/History",
                           "AppData/Roaming/Local Settings", "Template"}) {
    SCOPED_TRACE(path);
    EXPECT_TRUE(folder_roams(filter, path));
    EXPECT_FALSE(filter.prunes(ProfilePath::literal(path)));
  }
}

TEST(Filter, LeavesTheHivesLogsAndTransactionFilesOnTheirMachine) {
  const Filter filter;
  for (const char* path :
       {"ntuser.dat.LOG", "NTUSER.DAT.LOG1", "ntuser.dat.log2",
        "NTUSER.DAT{016888bd-6c6f-11de-8d1d-001e0bcde3ec}.TM.blf",
        "NTUSER.DAT{016888bd-6c6f-11de-8d1d-001e0bcde3ec}.TMContainer00000000000000000001.regtrans-ms"}) {
    SCOPED_TRACE(path);
    EXPECT_FALSE(file_roams(filter, path));
  }
  for (const char* path : {"NTUSER.DAT", "NTUSER.MAN", "ntuser.ini", "ntuser.pol", "Documents/ntuser.dat.log"}) {
    SCOPED_TRACE(path);
    EXPECT_TRUE(file_roams(filter, path));
  }
}

TEST(Filter, ProfileServicesTemporariesNeverRoam) {  // KB 328607
  const Filter filter;
  EXPECT_FALSE(file_roams(filter, "Prf1A.tmp"));
  EXPECT_FALSE(file_roams(filter, "Desktop/prf12.TMP"));
  EXPECT_TRUE(file_roams(filter, "Desktop/aPrf12.tmp"));
  EXPECT_TRUE(file_roams(filter, "Desktop/other.tmp"));
  EXPECT_TRUE(folder_roams(filter, "Desktop/Prf12.tmp")) << "the service makes files only";
  EXPECT_TRUE(file_roams(filter, "Desktop/Prf12.tmp/a.txt"));
}

TEST(Filter, OwnNamesNeverRoam) {
  for (const char* path : {".roamsync", ".RoamSync/head", "ntuser.dat.tmp", "NTUSER.MAN.TMP",
                           "Desktop/a.txt.k3j2.roamsync.tmp", "Desktop/new.k3j2.ROAMSYNC.TMP/inside.txt"}) {
    SCOPED_TRACE(path);
    EXPECT_TRUE(is_own_name(ProfilePath::literal(path)));
    EXPECT_FALSE(file_roams(Filter(), path));
    EXPECT_FALSE(file_roams(with({}, {"**"}), path)) << "an include never brings them back";
  }
  for (const char* path : {"Desktop/.roamsync", "Desktop/NTUSER.DAT.tmp", "a.tmp", "roamsync.tmp", ".roamsyncx"}) {
    SCOPED_TRACE(path);
    EXPECT_FALSE(is_own_name(ProfilePath::literal(path)));
    EXPECT_TRUE(file_roams(Filter(), path));
  }
}

TEST(Filter, NameWithWildcardMatchesInAnyFolderWithoutAtTheRoot) {
  const Filter filter = with({"*.bak", "Downloads", "/*.iso"});
  EXPECT_FALSE(file_roams(filter, "a.bak"));
  EXPECT_FALSE(file_roams(filter, "x/y/A.BAK"));
  EXPECT_FALSE(file_roams(filter, "old.bak/inside.txt")) << "a folder takes all below it along";
  EXPECT_FALSE(folder_roams(filter, "downloads"));
  EXPECT_TRUE(folder_roams(filter, "Documents/Downloads"));
  EXPECT_FALSE(file_roams(filter, "disk.iso"));
  EXPECT_TRUE(file_roams(filter, "Documents/disk.iso"));
}

TEST(Filter, PatternsAreCaseBlindAndTakeEitherSeparator) {
  const Filter filter = with({"Äpp\\cache?\\*.LOG", "Music/"});
  EXPECT_FALSE(file_roams(filter, "äPP/Cache1/x.log"));
  EXPECT_TRUE(file_roams(filter, "Äpp/cache/x.log"));
  EXPECT_TRUE(file_roams(filter, "Äpp/cache12/x.log"));
  EXPECT_FALSE(file_roams(filter, "Äpp/cacheÖ/x.log")) << "a question mark is a character, not a byte";
  EXPECT_FALSE(folder_roams(filter, "music"));
}

TEST(Filter, TwoStarsAreAnyNumberOfFolders) {
  const Filter filter = with({"Code/**/build", "**/node_modules"});
  EXPECT_FALSE(folder_roams(filter, "Code/build"));
  EXPECT_FALSE(folder_roams(filter, "Code/a/b/Build"));
  EXPECT_FALSE(file_roams(filter, "Code/a/build/x.o"));
  EXPECT_TRUE(folder_roams(filter, "Other/a/build"));
  EXPECT_FALSE(folder_roams(filter, "node_modules"));
  EXPECT_FALSE(folder_roams(filter, "x/y/node_modules"));
}

TEST(Filter, StarsTryAllLengths) {
  const Filter filter = with({"a*b*c", "*x*"});
  EXPECT_FALSE(file_roams(filter, "aXbYbZc"));
  EXPECT_FALSE(file_roams(filter, "abc"));
  EXPECT_TRUE(file_roams(filter, "abcd"));
  EXPECT_FALSE(file_roams(filter, "deep/x"));
}

TEST(Filter, IncludeWinsOverTheUsersExcludesNotOverTheBuiltInOnes) {
  const Filter filter = with({"Downloads", "*.tmp"}, {"Downloads/keep", "AppData/Local/x"});
  EXPECT_FALSE(folder_roams(filter, "Downloads"));
  EXPECT_FALSE(filter.prunes(ProfilePath::literal("Downloads"))) << "something below it roams";
  EXPECT_TRUE(filter.prunes(ProfilePath::literal("Downloads/other")));
  EXPECT_TRUE(file_roams(filter, "Downloads/keep/a.tmp"));
  EXPECT_FALSE(file_roams(filter, "Downloads/a.txt"));
  EXPECT_FALSE(file_roams(filter, "AppData/Local/x"));
  EXPECT_TRUE(filter.prunes(ProfilePath::literal("AppData/Local")));
}

TEST(Filter, IncludeOfANameAnywhereKeepsExcludedFoldersOpen) {
  const Filter filter = with({"Downloads"}, {"*.docx"});
  EXPECT_FALSE(filter.prunes(ProfilePath::literal("Downloads/deep")));
  EXPECT_TRUE(file_roams(filter, "Downloads/deep/a.docx"));
  EXPECT_FALSE(file_roams(filter, "Downloads/deep/a.pdf"));
}

TEST(Filter, RefusesPatternsThatCanMatchNothing) {
  for (const char* text : {"", "/", "..", "a/../b", "C:", "C:\\x", "a//b", "a|b", "dot.", "con", "a/./b"}) {
    SCOPED_TRACE(text);
    const std::vector<std::string> list{text};
    EXPECT_FAILS(Filter::make(list, {}), Errc::bad_name);
    EXPECT_FAILS(Filter::make({}, list), Errc::bad_name);
  }
}

TEST(Filter, SaysWhichPatternExcludes) {
  const Filter filter = with({"Downloads\\"});
  const auto why = [&](const char* path) { return filter.why_excluded(ProfilePath::literal(path), false); };
  EXPECT_EQ(why("downloads/a"), "Downloads\\");
  EXPECT_EQ(why("AppData/Local/a"), "AppData/Local");
  EXPECT_EQ(why(".roamsync/head"), "roamsync's own name");
  EXPECT_EQ(why("Desktop/a"), "");
}

}  // namespace
}  // namespace roamsync
