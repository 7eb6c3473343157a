"""A month without network, then everything at once (fault 14 of engines.md §2).

    ./field bench backlog [--events 2000] [--photos 300] [--mbit 5]

The phone sends over a line of 5 Mbit/s. Pass line: drained within 10 minutes; a phone that then sends
all of it again changes nothing, because the answers of that time are still there.
"""

import argparse
import os
import sys
import time
from datetime import timedelta

from tests.support.fault_proxy import FaultProxy
from tests.support.field_base_server import FieldBaseServer, both_sides_agree
from tests.support.phone_machine import NOON, picture
from tests.support.sync_client import BATCH

LIMIT_S = 600
PIECE = 256 * 1024  # as the app sends them
SIDE = 790  # pixels of a noisy picture that has about 500 kB


def main():
    options = _parse()
    server = FieldBaseServer("bench-backlog")
    try:
        server.start()
        proxy = FaultProxy(server.address, bytes_per_s=options.mbit * 1_000_000 / 8)
        phone = server.phone(proxy.url)
        phone.piece = PIECE
        megabytes = _live_a_month(phone, options)
        began = time.monotonic()
        phone.drain(tries=1000)
        took = time.monotonic() - began
        both_sides_agree(server, phone)
        again = _send_again(phone)
        both_sides_agree(server, phone)
    finally:
        server.close()
    print(f"{options.events} events and {options.photos} photos ({megabytes:.0f} MB)", end=" ")
    print(f"at {options.mbit} Mbit/s: {took:.0f} s (limit {LIMIT_S})")
    print(f"all events once more: {again:.1f} s, same answers, nothing new")
    return 0 if took <= LIMIT_S else 1


def _parse():
    parser = argparse.ArgumentParser(prog="bench backlog", description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--mbit", type=float, default=5)
    return parser.parse_args()


def _live_a_month(phone, options):
    for number in range(options.events):
        kind = "workday.open" if number % 67 == 0 else "contact.ping"
        phone.record(kind, NOON + timedelta(days=30 * number / options.events - 30))
    scene = picture(0, (SIDE, SIDE))
    for _photo in range(options.photos):
        # a comment of 16 bytes makes each one another file
        phone.take_photo(scene[:2] + b"\xff\xfe\x00\x12" + os.urandom(16) + scene[2:])
    return options.photos * len(scene) / 2**20


def _send_again(phone):
    began = time.monotonic()
    for first in range(0, len(phone.kept), BATCH):
        events = phone.kept[first : first + BATCH]
        results = phone.deliver(events)
        assert results == [phone.answers[event["uuid"]] for event in events]
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
