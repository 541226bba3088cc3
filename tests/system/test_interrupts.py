"""Signals as one exception."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys, time
from fastgen.system import interrupts
interrupts.install()
def strike(name): os.kill(os.getpid(), getattr(signal, name))
"""


def run(body: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM + body], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_each_is_the_same_exception(name: str) -> None:
    done = run(f"""
try:
    strike("{name}"); time.sleep(5)
except interrupts.Interrupted:
    print("caught")
""")
    assert done.stdout == "caught\n"


def test_held_back_it_comes_at_the_end() -> None:
    done = run("""
try:
    with interrupts.held():
        with interrupts.held():
            strike("SIGTERM")
        print("finished")
except interrupts.Interrupted:
    print("caught")
""")
    assert done.stdout == "finished\ncaught\n"


def test_an_event_loop_is_asked_to_end() -> None:
    done = run("""
import asyncio

async def ask():
    loop, answer = asyncio.get_running_loop(), asyncio.Event()
    with interrupts.ending(lambda: loop.call_soon_threadsafe(answer.set)):
        loop.call_soon(strike, "SIGTERM")
        await answer.wait()
        print("ended", interrupts.arrived())

try:
    asyncio.run(ask())
except interrupts.Interrupted:
    print("caught")
""")
    assert (done.stdout, done.stderr) == ("ended True\ncaught\n", "")


def test_a_second_one_does_not_disturb_the_cleaning_up() -> None:
    done = run("""
try:
    strike("SIGTERM")
finally:
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        strike(name)
    print("cleaned")
""")
    assert done.stdout == "cleaned\n"


def test_one_that_got_lost_is_found_again() -> None:
    done = run("""
try:
    strike("SIGINT")
except KeyboardInterrupt:
    pass
try:
    interrupts.check()
except interrupts.Interrupted:
    print("found")
""")
    assert done.stdout == "found\n"


def test_it_is_a_keyboard_interrupt() -> None:
    from fastgen.system.interrupts import Interrupted

    assert issubclass(Interrupted, KeyboardInterrupt)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
