"""`python -m simulator --url URL`: the reps of the demo company, at work now."""

import argparse
import asyncio
import contextlib
import logging
import math
import signal
import sys
import time

from demo import SEED
from demo.people import REPS

from . import shifts
from .http import NetworkError
from .outbox import NotConnected
from .rep import Refused, Rep, run_forever
from .stats import Stats
from .tasks import until_first

_logger = logging.getLogger("simulator")
REPORT_EVERY_S = 60
RETRY_S = 10


def main(arguments=None):
    options = _parse(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stdout)
    try:
        return asyncio.run(_once(options) if options.once else _forever(options))
    except (NetworkError, NotConnected, Refused) as exc:
        sys.stderr.write(f"The simulator stopped: {exc}\n")
        return 1


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8069", help="address of the server")
    parser.add_argument("--seed", default=SEED, help="another seed, other days")
    parser.add_argument("--reps", type=int, default=len(REPS), help="how many of the reps")
    parser.add_argument(
        "--speed",
        type=float,
        help="1 (default): what happened since the shift began arrives at once, then life goes on "
        "in real time. Higher: the shift is lived that much faster until it has caught up.",
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="play the shift that ended last, as fast as the server takes it, report and exit",
    )
    parser.add_argument("--lost-answers", type=float, default=0.02, help="share of lost answers")
    return parser.parse_args(arguments)


def _reps(options):
    return [Rep(person, options.url, options.seed, options.lost_answers) for person in REPS][
        : options.reps
    ]


# ---------------------------------------------------------------------- for ever


async def _forever(options):
    reps, begun = _reps(options), time.time()

    def choose(now):
        shift = shifts.running_shift(now)
        return shift, shifts.Clock(begun, shift.start, options.speed or 1.0)

    tasks = [asyncio.create_task(run_forever(rep, choose, RETRY_S)) for rep in reps]
    tasks.append(asyncio.create_task(_report_regularly(reps)))
    _stop_on_signal(tasks)
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
    await asyncio.gather(*tasks, return_exceptions=True)
    _report(reps)
    return 0


def _stop_on_signal(tasks):
    """End politely: what is not acknowledged comes again with the next start."""

    def stop():
        for task in tasks:
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop)


async def _report_regularly(reps):
    while True:
        await asyncio.sleep(REPORT_EVERY_S)
        _report(reps)


def _report(reps):
    total = Stats()
    for rep in reps:
        total.add(rep.stats)
    for line in total.lines():
        _logger.info(line)
    return total


# ---------------------------------------------------------------------- once


async def _once(options):
    shift = shifts.last_shift(time.time())
    clock = shifts.Clock(time.time(), shift.start, options.speed or math.inf)
    reps = _reps(options)
    _logger.info("%s reps live the %s shift of %s", len(reps), shift.name, shift.date)
    began = time.monotonic()
    await asyncio.gather(*(_live_once(rep, shift, clock) for rep in reps))
    total = _report(reps)
    seconds = time.monotonic() - began
    _logger.info("%.1f s, %.0f requests/s", seconds, sum(total.statuses.values()) / seconds)
    lost, doubled = await _audit(reps)
    undelivered = sum(rep.outbox.size for rep in reps)
    for rep in reps:
        await rep.close()
    _logger.info(
        "counted on the server: lost %s  doubled %s  undelivered %s", lost, doubled, undelivered
    )
    return 0 if lost == doubled == undelivered == 0 else 1


async def _live_once(rep, shift, clock):
    await rep.connect()
    await until_first(rep.outbox.run(), _live_and_drain(rep, shift, clock))


async def _live_and_drain(rep, shift, clock):
    await rep.live(shift, clock)
    if not await rep.drain():
        _logger.warning("%s: not everything could be delivered", rep.person.login)


async def _audit(reps):
    """(lost, doubled): what was acknowledged, counted on the server."""
    lost = doubled = 0
    for rep in reps:
        for name, (expected, found) in (await rep.audit()).items():
            lost += max(0, expected - found)
            doubled += max(0, found - expected)
            if expected != found:
                _logger.warning(
                    "%s: %s %s expected, %s found", rep.person.login, name, expected, found
                )
        for refusal in rep.stats.refusals:
            _logger.info("%s: %s %s %s", rep.person.login, *refusal)
    return lost, doubled


if __name__ == "__main__":
    sys.exit(main())
