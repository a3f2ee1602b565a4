#!/usr/bin/env python3
"""Times roamsync beside the programs people use instead, on one made-up profile. See README.md in this folder.

The four works: publish a profile for the first time, publish with nothing changed, publish an edit (1 % of the files and
16 pages of the hive), and bring the whole profile down to a second machine. In every round all programs do the same work on
the same input right after each other, in an order that turns from round to round, so that what slows one slows its
neighbours; ratios are taken within a round. Every program gets new folders. Nothing is deleted before the end.
"""

import argparse
import filecmp
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import plot
from peers import WORKS, all_tools

SOURCE = Path(__file__).resolve().parent

# (work, peer, the highest ratio roamsync's time may have to the peer's)
TARGETS = [
    ("publish", "rsync --fsync", 0.50),
    ("nothing", "rsync", 0.25),
    ("nothing", "cp -u", 0.60),
    ("edit", "rsync --fsync", 0.50),
    ("download", "rsync --fsync", 0.50),
]
# (files, the highest peak memory in MiB)
MEMORY_TARGETS = [(5_000, 64), (100_000, 200)]
# Ten times the files may cost at most this much more than ten times the time.
LINEAR_SLACK = 1.25


class Bench:
    def __init__(self, options):
        self.options = options
        self.programs = Path(options.build).resolve() / "bench"
        for name in ("profile_generator", "bare_limit", "run_measured"):
            if not (self.programs / name).exists():
                sys.exit(f"{self.programs / name} is missing: build the preset `release` first")
        self.folder = Path(tempfile.mkdtemp(prefix="roamsync-compare-", dir=options.folder))
        self.log = open(self.folder / "log", "w+b")

    def make(self, folder, files, seed):
        return self.generate("make", folder, "--files", files, "--hive-bytes", self.options.hive_bytes, "--seed", seed)

    def edit(self, folder, seed):
        return self.generate("edit", folder, "--seed", seed)

    def generate(self, *arguments):
        command = [str(self.programs / "profile_generator"), *map(str, arguments)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def measure(self, command, environment):
        """Runs a command on a quiet disk. Its seconds, processor seconds, peak memory."""
        os.sync()
        time.sleep(self.options.settle)
        report = self.folder / "report.json"
        subprocess.run([self.programs / "run_measured", report, *command], check=True, stdin=subprocess.DEVNULL,
                       stdout=self.log, stderr=self.log, env={**os.environ, **environment})
        measured = json.loads(report.read_text())
        if measured["exit"] != 0:
            self.log.seek(0)
            tail = self.log.read().decode(errors="replace")[-2000:]
            sys.exit(f"exit code {measured['exit']} of {' '.join(map(str, command))}\n{tail}\nfiles: {self.folder}")
        return measured

    def finish(self):
        self.log.close()
        if self.options.keep:
            print(f"files: {self.folder}")
        else:
            shutil.rmtree(self.folder)


def files_below(folder):
    """Path below the folder and full path of every file, without roamsync's own records."""
    for above, folders, names in os.walk(folder):
        if ".roamsync" in folders:
            folders.remove(".roamsync")
        for name in names:
            path = Path(above, name)
            yield str(path.relative_to(folder)), path


def require_same(expected, found, times, what):
    """A program that is fast and wrong is not fast."""
    left, right = dict(files_below(expected)), dict(files_below(found))
    if left.keys() != right.keys():
        sys.exit(f"{what}: {len(left.keys() ^ right.keys())} files are on one side only, such as "
                 f"{sorted(left.keys() ^ right.keys())[0]}")
    for name, path in left.items():
        if not filecmp.cmp(path, right[name], shallow=False):
            sys.exit(f"{what}: {name} differs")
        # Windows' times have ticks of 100 ns.
        if times and path.stat().st_mtime_ns // 100 != right[name].stat().st_mtime_ns // 100:
            sys.exit(f"{what}: the time of {name} differs")


def turned(tools, number):
    """The order of a round: each program comes first once, and its neighbours come before it as often as behind."""
    order = tools[number // 2 % len(tools):] + tools[:number // 2 % len(tools)]
    return order[::-1] if number % 2 else order


def one_round(bench, tools, number, files, check_all):
    folder = bench.folder / f"{files}-{number}"
    folder.mkdir()
    local = folder / "local"
    bench.make(local, files, number + 1)
    places = {}
    for tool in tools:
        own = folder / tool.folder
        own.mkdir()
        places[tool.name] = {name: own / name for name in ("server", "second", "state", "state2")}
    times = {}
    for work in WORKS:
        if work == "edit":
            bench.edit(local, number + 100)
        times[work] = {}
        for tool in turned(tools, number):
            command, environment = tool.command(work, local, places[tool.name])
            times[work][tool.name] = bench.measure(command, environment)
    for tool in tools:
        if check_all or tool.name == "roamsync":
            for place in ("server", "second"):
                require_same(local, places[tool.name][place], tool.name == "roamsync", f"{tool.name}: {place}")
    return times


def median_of(rounds, work, tool, member="seconds"):
    return statistics.median(measured[work][tool][member] for measured in rounds)


def ratios_of(rounds, work, tool, peer):
    return [measured[work][tool]["seconds"] / measured[work][peer]["seconds"] for measured in rounds]


def print_times(rounds, tools):
    print(f"\n{'seconds, median of ' + str(len(rounds)):24}" + "".join(f"{work:>12}" for work in WORKS) + f"{'peak MiB':>12}")
    for tool in tools:
        peak = max(measured[work][tool.name]["peak_kib"] for measured in rounds for work in WORKS) / 1024
        print(f"{tool.name:24}" + "".join(f"{median_of(rounds, work, tool.name):12.3f}" for work in WORKS) + f"{peak:12.1f}")


def judge(rounds, tools):
    """roamsync's times against its peers': within each round, then the median."""
    names = {tool.name for tool in tools}
    judged = []
    if "roamsync" not in names:
        return judged
    print(f"\n{'roamsync to a peer':24}{'':18}{'median':>8}{'lowest':>8}{'highest':>8}{'target':>8}")
    for work in WORKS:
        for tool in tools:
            if tool.name == "roamsync":
                continue
            ratios = ratios_of(rounds, work, "roamsync", tool.name)
            target = next((limit for aim, peer, limit in TARGETS if aim == work and peer == tool.name), None)
            middle = statistics.median(ratios)
            reached = None if target is None else middle <= target
            judged.append({"work": work, "peer": tool.name, "ratio": middle, "lowest": min(ratios), "highest": max(ratios),
                           "target": target, "reached": reached})
            verdict = "" if target is None else f"{target:8.2f}  {'reached' if reached else 'MISSED'}"
            print(f"{work:24}{tool.name:18}{middle:8.3f}{min(ratios):8.3f}{max(ratios):8.3f}{verdict}")
    return judged


def measure_scale(bench, tools):
    """roamsync alone on profiles of growing size."""
    scale = []
    chosen = [tool for tool in tools if tool.name == "roamsync"]
    for files in bench.options.scale:
        rounds = [one_round(bench, chosen, number, files, False) for number in range(bench.options.scale_rounds)]
        scale.append({
            "files": files,
            "seconds": {work: median_of(rounds, work, "roamsync") for work in WORKS},
            "peak_mib": {work: max(measured[work]["roamsync"]["peak_kib"] for measured in rounds) / 1024 for work in WORKS},
        })
        point = scale[-1]
        print(f"{files:>8} files: " + ", ".join(
            f"{work} {point['seconds'][work]:.3f} s ({point['seconds'][work] / files * 1e6:.0f} us a file, "
            f"{point['peak_mib'][work]:.0f} MiB)" for work in WORKS), flush=True)
    return scale


def judge_limits(files, rounds, scale):
    """What is asked of roamsync alone: memory, and that cost is linear."""
    judged = []
    peaks = [(point["files"], max(point["peak_mib"].values())) for point in scale]
    if rounds:
        peaks.append((files, max(measured[work]["roamsync"]["peak_kib"] for measured in rounds for work in WORKS) / 1024))
    for limit_files, limit in MEMORY_TARGETS:
        if here := [peak for count, peak in peaks if count == limit_files]:
            judged.append({"what": f"peak memory at {limit_files:,} files, MiB", "value": max(here), "target": limit,
                           "reached": max(here) <= limit})
    if len(scale) > 1:
        for work in WORKS:
            # From one size to the next the time may grow as the files do; what is fixed only makes it grow less.
            growth = max(later["seconds"][work] / earlier["seconds"][work] * earlier["files"] / later["files"]
                         for earlier, later in zip(scale, scale[1:]))
            judged.append({"what": f"{work}: growth of the time over that of the files", "value": growth,
                           "target": LINEAR_SLACK, "reached": growth <= LINEAR_SLACK})
    for item in judged:
        print(f"{item['what']:52}{item['value']:8.2f}  at most {item['target']}: {'reached' if item['reached'] else 'MISSED'}")
    return judged


def machine_of(folder):
    def first_line(command):
        try:
            return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0].strip()
        except (OSError, IndexError):
            return "?"

    processor = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                      if line.startswith("model name")), platform.machine())
    return {
        "processor": f"{os.cpu_count()} x {processor}",
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "file_system": first_line(["findmnt", "-no", "FSTYPE", "-T", str(folder)]),
        "versions": [first_line([name, "--version" if name != "unison" else "-version"])
                     for name in ("rsync", "cp", "unison", "rclone")],
    }


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=SOURCE.parent / "build" / "release", help="the build folder (default: build/release)")
    parser.add_argument("--roamsync", help="the command to measure (default: the one in the build folder)")
    parser.add_argument("--folder", default=None, help="where to work: the disk that is measured (default: that for temporary files)")
    parser.add_argument("--rounds", type=int, default=6, help="an even number, so that orders even out (default: 6)")
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--hive-bytes", type=int, default=24 << 20)
    parser.add_argument("--only", default="", help="names of programs with commas between (default: all that are installed)")
    parser.add_argument("--scale", default="", help="numbers of files with commas between, such as 1000,5000,10000,100000")
    parser.add_argument("--scale-rounds", type=int, default=3)
    parser.add_argument("--settle", type=float, default=0.3, help="seconds of rest before each measurement")
    parser.add_argument("--results", default=SOURCE, help="folder for results.json and results.svg")
    parser.add_argument("--require-targets", action="store_true", help="exit with 1 when a target is missed")
    parser.add_argument("--keep", action="store_true", help="keep all files")
    options = parser.parse_args(arguments)
    options.only = [name for name in options.only.split(",") if name]
    options.scale = [int(number) for number in options.scale.split(",") if number]
    return options


def main(arguments):
    options = parse(arguments)
    bench = Bench(options)
    roamsync = options.roamsync or next((str(path) for path in Path(options.build).resolve().rglob("roamsync")
                                         if path.is_file() and os.access(path, os.X_OK)), None)
    tools = [tool for tool in all_tools(roamsync, bench.programs) if tool.available() and
             (not options.only or tool.name in options.only)]
    if not tools:
        sys.exit("none of the programs is here")
    print(f"programs: {', '.join(tool.name for tool in tools)}; working in {bench.folder}", flush=True)
    results = {"machine": machine_of(bench.folder), "files": options.files, "rounds": [], "scale": [], "when": time.strftime("%Y-%m-%d")}
    for number in range(options.rounds):
        results["rounds"].append(one_round(bench, tools, number, options.files, number == 0))
        print(f"round {number + 1} of {options.rounds}, {tools[0].name}: " + ", ".join(
            f"{work} {results['rounds'][-1][work][tools[0].name]['seconds']:.3f}" for work in WORKS), flush=True)
    if results["rounds"]:
        print_times(results["rounds"], tools)
        results["ratios"] = judge(results["rounds"], tools)
    if any(tool.name == "roamsync" for tool in tools):
        print()
        results["scale"] = measure_scale(bench, tools)
        results["limits"] = judge_limits(options.files, results["rounds"], results["scale"])
    Path(options.results).mkdir(parents=True, exist_ok=True)
    Path(options.results, "results.json").write_text(json.dumps(results, indent=1) + "\n")
    Path(options.results, "results.svg").write_text(plot.draw(results, TARGETS))
    bench.finish()
    missed = [item for item in results.get("ratios", []) + results.get("limits", []) if item["reached"] is False]
    return 1 if missed and options.require_targets else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
