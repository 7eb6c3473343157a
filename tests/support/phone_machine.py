"""A random life of a phone on a bad network, for hypothesis: after it both sides must agree."""

import io
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from PIL import Image

from .fault_proxy import FAULTS, FaultProxy
from .field_base_server import both_sides_agree

NOON = datetime(2026, 11, 20, 4)


def picture(number, size=(120, 90)):
    """A photo that no other one equals."""
    buffer = io.BytesIO()
    Image.effect_noise(size, 40 + number % 60).convert("RGB").save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


class PhoneMachine(RuleBasedStateMachine):
    """``server`` is set by who runs it; each run has a phone and a network of its own."""

    server = None

    @initialize()
    def begin(self):
        self.faults = []
        self.proxy = FaultProxy(self.server.address, self._next_fault)
        self.phone = self.server.phone(self.proxy.url)

    def _next_fault(self):
        return self.faults.pop(0) if self.faults else None

    @rule(count=st.integers(1, 8))
    def works(self, count):
        for _event in range(count):
            self.phone.record("contact.ping", NOON)

    @rule()
    def opens_the_day(self):
        self.phone.record("workday.open", NOON)

    @rule(number=st.integers(0, 1000))
    def takes_a_photo(self, number):
        self.phone.take_photo(picture(number))

    @rule(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3), size=st.integers(1, 20))
    def sends_badly(self, faults, size):
        self.faults = list(faults)
        for _fault in faults:
            self.phone.attempt(size)
        self.phone.send_files()
        self.faults = []

    @rule(order=st.randoms(use_true_random=False))
    def sends_in_another_order(self, order):
        order.shuffle(self.phone.outbox)
        self.phone.attempt(5)
        self.phone.outbox.sort(key=lambda event: event["seq"])

    @rule()
    def sends_old_ones_again(self):
        again = self.phone.kept[-5:]
        if again:
            results = self.phone.deliver(again)
            first = [self.phone.answers[event["uuid"]] for event in again]
            assert results == first, "the same uuid has the same answer for ever"

    def teardown(self):
        if not hasattr(self, "phone"):
            return
        self.faults = []
        self.phone.drain()
        self.proxy.close()
        both_sides_agree(self.server, self.phone)
