"""The faults of sync in numbers that a test has no time for; seeded.

    ./field bench faults            200 random lives
    ./field bench faults all        and every other part below
    ./field bench faults kills 100  one part, as often as that

lives: random mixes of lost, doubled, delayed, cut messages · pairs: identical requests at once ·
kills: SIGKILL of the server · restarts: PostgreSQL stopped or cut off · bodies: nonsense to /sync.
After each part count and content on both sides are equal.
"""

import random
import sys
import time

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support import faults
from tests.support.phone_machine import PhoneMachine

SEED = 20261120
USUAL = {"lives": 200, "pairs": 200, "kills": 100, "restarts": 20, "bodies": 10_000}
PATIENCE_S = 60  # how long a phone may be without an answer when PostgreSQL restarts


def lives(server, _postgres, count):
    """A life after which the two sides differ ends it with the steps that led there."""
    PhoneMachine.server = server
    run_state_machine_as_test(
        seed(SEED)(PhoneMachine),
        settings=settings(
            max_examples=count,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def pairs(server, _postgres, count):
    faults.identical_pairs(server, count)


def kills(server, _postgres, count):
    faults.kills(server, count, random.Random(SEED))


def restarts(server, postgres, count):
    longest = faults.restarts(server, postgres, count)
    print(f"  longest time without an answer: {longest:.1f} s (limit {PATIENCE_S})")
    assert longest < PATIENCE_S


def bodies(server, _postgres, count):
    print(f"  answers: {faults.bodies(server, count, random.Random(SEED))}")


PARTS = {"lives": lives, "pairs": pairs, "kills": kills, "restarts": restarts, "bodies": bodies}


def main():
    chosen, count = _read(sys.argv[1:])
    random.seed(SEED)
    with faults.server_of_its_own("bench-faults") as (server, postgres):
        for name in chosen:
            began, times = time.monotonic(), count or USUAL[name]
            PARTS[name](server, postgres, times)
            took = time.monotonic() - began
            print(f"{name}: {times} in {took:.0f} s, nothing lost, nothing doubled", flush=True)
    return 0


def _read(words):
    """The parts to run, and how often; nothing: as usual."""
    count = next((int(word) for word in words if word.isdigit()), None)
    chosen = [word for word in words if not word.isdigit()] or ["lives"]
    return (list(PARTS) if chosen == ["all"] else chosen), count


if __name__ == "__main__":
    sys.exit(main())
