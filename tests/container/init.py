"""What an engine does between clone and exec, as `compose.yaml` asks for it.

Run by `unshare` as the first process of new namespaces, with one argument: what to run,
as JSON. The root is read-only, the only network is a loopback of its own, and the process
has no capabilities and cannot get any.
"""

import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1
DEVICES = ("full", "null", "random", "urandom", "zero")


def mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *arguments], check=True)


def main() -> None:
    wanted = json.loads(sys.argv[1])
    root = Path(wanted["root"])

    with socket.socket() as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))

    mount("--bind", root, root)
    mount("-o", "remount,bind,ro", root)
    mount("-t", "proc", "proc", root / "proc")
    for folder in wanted["tmpfs"]:
        mount("-t", "tmpfs", "-o", "mode=1777,nosuid,nodev,noexec", "tmpfs", f"{root}{folder}")
    mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", root / "dev")
    for device in DEVICES:
        (root / "dev" / device).touch()
        mount("--bind", f"/dev/{device}", root / "dev" / device)
    for source, target in wanted["volumes"].items():
        mount("--bind", source, f"{root}{target}")

    os.chroot(root)
    os.chdir(wanted["cwd"])
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in range(64):
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(wanted["gid"])
    os.setuid(wanted["uid"])
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL.value, 0, 0, 0)  # changing the user cleared it
    os.execvpe(wanted["command"][0], wanted["command"], wanted["environment"])  # noqa: S606


main()
