"""How long an engine may think: seconds of work, so that a busy machine does not spoil the answer,
and at most three times as long by the clock on the wall."""

import time

_WALL = 3


class Thinking:
    """Also what PyVRP takes for a stopping criterion."""

    def __init__(self, seconds):
        self.work = time.thread_time() + seconds
        self.wall = time.monotonic() + _WALL * seconds

    def is_over(self):
        return time.thread_time() >= self.work or time.monotonic() >= self.wall

    def __call__(self, _best_cost=None):
        return self.is_over()
