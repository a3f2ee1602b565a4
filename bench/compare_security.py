#!/usr/bin/python3
"""Times security descriptors beside Samba's own Python binding (package python3-samba), on the descriptor and the token of
security_bench. Samba's figures hold what Python adds to its C code; see README.md in this folder."""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

try:
    from samba import security as checks
    from samba.dcerpc import security
    from samba.ndr import ndr_pack, ndr_unpack
except ImportError:
    sys.exit("Samba's Python binding is not here: install python3-samba and start this with the system's own Python")

DOMAIN = "S-1-5-21-2457507606-2709100691-398136650"
FOLDER = (f"O:{DOMAIN}-1105G:{DOMAIN}-513D:AI(A;OICI;0x1f01ff;;;{DOMAIN}-1105)(D;OICI;SD;;;{DOMAIN}-1200)"
          f"(A;OICIID;0x1f01ff;;;SY)(A;OICIID;0x1f01ff;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1301bf;;;{DOMAIN}-513)"
          "(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLC;;;AU)")


def user_token():
    groups = [f"{DOMAIN}-513", "S-1-1-0", "S-1-5-2", "S-1-5-11", "S-1-5-32-545", "S-1-5-15"]
    sids = [f"{DOMAIN}-1105", *groups, *(f"{DOMAIN}-{rid}" for rid in range(2000, 2008))]
    token = security.token()
    token.sids = [security.dom_sid(sid) for sid in sids]
    token.num_sids = len(sids)
    return token


def rate(work, seconds):
    """Calls a second, of at least so many seconds."""
    count, calls = 1, 0
    begin = time.perf_counter()
    while (passed := time.perf_counter() - begin) < seconds:
        for _ in range(count):
            work()
        calls += count
        count = min(count * 2, 4096)
    return calls / passed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=Path(__file__).resolve().parent.parent / "build" / "release")
    parser.add_argument("--seconds", type=float, default=0.5, help="for each row and side (default: 0.5)")
    options = parser.parse_args()
    domain = security.dom_sid(DOMAIN)
    descriptor = security.descriptor.from_sddl(FOLDER, domain)
    blob, token = ndr_pack(descriptor), user_token()
    wanted = 0x1301BF
    samba = {
        "parse": lambda: ndr_unpack(security.descriptor, blob),
        "write": lambda: ndr_pack(descriptor),
        "parse_text": lambda: security.descriptor.from_sddl(FOLDER, domain),
        "print_text": lambda: descriptor.as_sddl(domain),
        "check_granted": lambda: checks.access_check(descriptor, token, wanted),
    }
    program = Path(options.build) / "bench" / "security_bench"
    ran = subprocess.run([program, "--benchmark_format=json", f"--benchmark_min_time={options.seconds}"], check=True,
                         capture_output=True, text=True)
    ours = {row["name"]: row["items_per_second"] for row in json.loads(ran.stdout)["benchmarks"]}
    print(f"{'calls a second':16}{'roamsync':>14}{'Samba':>14}{'ratio':>8}")
    for name, work in samba.items():
        theirs = rate(work, options.seconds)
        print(f"{name:16}{ours[name]:14,.0f}{theirs:14,.0f}{ours[name] / theirs:8.1f}")


if __name__ == "__main__":
    main()
