"""The programs that are compared, and the command of each for each work."""

import shutil
from pathlib import Path

WORKS = ("publish", "nothing", "edit", "download")


class Tool:
    """One program. `places` are folders of its own in this round: server, second (the second machine's profile), state,
    state2; none exists before the first work."""

    def __init__(self, name, program):
        self.name = name
        self.program = program
        self.folder = "".join(letter if letter.isalnum() else "_" for letter in name)

    def available(self):
        return self.program is not None and shutil.which(self.program) is not None

    def command(self, work, local, places):
        if work == "download":
            return self.between(places["server"], places["second"], places["state2"])
        return self.between(local, places["server"], places["state"])

    def between(self, source, target, state):
        """The command and what it adds to the environment."""
        raise NotImplementedError


class Roamsync(Tool):
    def command(self, work, local, places):
        if work == "download":
            what, local, state = "logon", places["second"], places["state2"]
        else:
            what, state = "logoff", places["state"]
        return [self.program, what, "--local", local, "--server", places["server"], "--state", state, "--quiet"], {}


class Rsync(Tool):
    def __init__(self, name, *options):
        super().__init__(name, "rsync")
        self.options = options

    def between(self, source, target, state):
        return ["rsync", "-a", *self.options, f"{source}/", f"{target}/"], {}


class Copy(Tool):
    def between(self, source, target, state):
        return ["cp", "-a", "-u", f"{source}/.", target], {}


class Unison(Tool):
    def between(self, source, target, state):
        Path(target).mkdir(exist_ok=True)  # it takes a missing root for a deleted one
        return ["unison", source, target, "-batch", "-silent", "-times", "-confirmbigdel=false",
                "-prefer", source], {"UNISON": str(state)}


class Rclone(Tool):
    def between(self, source, target, state):
        return ["rclone", "sync", source, target, "--config", f"{state}.conf", "--quiet"], {}


class BareLimit(Tool):
    def between(self, source, target, state):
        return [self.program, source, target], {}


def all_tools(roamsync, programs):
    return [
        Roamsync("roamsync", roamsync),
        Rsync("rsync --fsync", "--fsync"),
        Rsync("rsync"),
        Copy("cp -u", "cp"),
        Unison("unison", "unison"),
        Rclone("rclone", "rclone"),
        BareLimit("bare limit", str(programs / "bare_limit")),
    ]
