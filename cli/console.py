"""What the command says: one line a step, the time it took, and one sentence when it fails."""

import contextlib
import os
import subprocess
import sys
import threading
import time

from . import paths


class Failure(Exception):
    """Something a person can mend. The message is one sentence that says what to do."""


def say(text=""):
    print(text, flush=True)


def notice(text):
    say(f"  ! {text}")


@contextlib.contextmanager
def step(title):
    """Show a line for a longer piece of work, with the seconds running on a terminal."""
    started = time.monotonic()
    stop = threading.Event()
    ticker = None
    if sys.stdout.isatty():
        ticker = threading.Thread(target=_tick, args=(title, started, stop), daemon=True)
        ticker.start()
    else:
        say(f"• {title} …")
    try:
        yield
    except BaseException:
        _finish(ticker, stop, title, started, "stopped after")
        raise
    _finish(ticker, stop, title, started, "done in")


def _tick(title, started, stop):
    while not stop.wait(0.5):
        print(f"\r• {title} … {time.monotonic() - started:.0f} s ", end="", flush=True)


def _finish(ticker, stop, title, started, word):
    stop.set()
    seconds = time.monotonic() - started
    if ticker:
        ticker.join()
        print(f"\r• {title}: {word} {seconds:.0f} s     ", flush=True)
    elif seconds >= 5:
        say(f"  {word} {seconds:.0f} s")


def run(command, title, *, env=None, cwd=None, **popen):
    """Run a program with its output in a log file; a failure names the log.

    :param list command: program and arguments
    :param str title: what it does, shown as the step's line and used as the log's name
    :return: the path of the log
    :raises Failure: the program ended with an error
    """
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    name = "".join(c if c.isalnum() else "-" for c in title.lower()).strip("-")[:60]
    log = paths.LOGS / f"{name}.log"
    with step(title), log.open("w") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            **{"stdin": subprocess.DEVNULL, **popen},
        )
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        where = os.path.relpath(log, paths.ROOT)
        raise Failure(f"“{title}” did not work; the whole output is in {where}. It ended:\n{tail}")
    return log


def output_of(command, **popen):
    """Standard output of a program, stripped; an empty string when it fails or is missing."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
            check=True,
            **popen,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
