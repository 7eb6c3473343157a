"""What was sent, what was acknowledged, and what the server says it has."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Stats:
    """Counters of one phone, or of many added up."""

    events: int = 0
    photos: int = 0
    fixes: int = 0
    photos_acknowledged: int = 0
    fixes_acknowledged: int = 0
    repetitions: int = 0  #: events the server had already
    answers_lost: int = 0
    failures: int = 0
    outcomes: Counter = field(default_factory=Counter)
    refusals: list = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    latencies: list = field(default_factory=list)

    @property
    def events_acknowledged(self):
        return sum(self.outcomes.values())

    def answered(self, seconds, status):
        self.latencies.append(seconds)
        self.statuses[status] += 1

    def settle(self, event, result):
        """Note the final answer to an event."""
        self.outcomes[result["state"]] += 1
        if result["state"] != "applied":
            self.refusals.append((event["kind"], result.get("code"), result.get("message")))

    def add(self, other):
        for name in ("events", "photos", "fixes", "photos_acknowledged", "fixes_acknowledged"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("repetitions", "answers_lost", "failures"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.outcomes += other.outcomes
        self.statuses += other.statuses
        self.refusals += other.refusals
        self.latencies += other.latencies
        return self

    def percentile(self, share):
        """Latency in milliseconds below which this share of the requests lies."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def lines(self):
        """The report, as text."""
        outcomes = ", ".join(f"{state} {count}" for state, count in sorted(self.outcomes.items()))
        yield (
            f"events    sent {self.events}  acknowledged {self.events_acknowledged}"
            f"  ({outcomes or 'none'})  repeated {self.repetitions}"
        )
        yield f"photos    sent {self.photos}  acknowledged {self.photos_acknowledged}"
        yield f"positions sent {self.fixes}  acknowledged {self.fixes_acknowledged}"
        yield (
            f"network   {sum(self.statuses.values())} answers"
            f"  {self.answers_lost} lost on the way  {self.failures} retries"
            f"  p50 {self.percentile(0.5):.0f} ms  p95 {self.percentile(0.95):.0f} ms"
        )
