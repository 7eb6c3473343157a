"""Whether two records are the same thing: agreement of fields, weighed (Fellegi and Sunter, "A
Theory for Record Linkage", 1969).

Each field is compared into a few levels of agreement. A level has two probabilities: *m*, that a
true pair shows it, and *u*, that two strangers do. The logarithm of their ratio is its weight in
bits; the sum, over what is known on both sides, gives the probability of a match. The weights are
set by hand (leads) or estimated from the pairs themselves by expectation maximisation (Winkler,
"Using the EM Algorithm for Weight Computation", 1988).
"""

import math
from dataclasses import dataclass, field, replace

UNKNOWN = None  # one side is empty: says nothing


@dataclass
class Field:
    """One compared field.

    :param compare: ``compare(left, right)`` gives a level, 0 for the best, or ``UNKNOWN``
    :param m: probability of each level among true pairs, ``u`` among strangers
    """

    name: str
    compare: object
    m: list = field(default_factory=list)
    u: list = field(default_factory=list)

    def bits(self, level):
        """Weight of a level; above 0 speaks for a match."""
        return 0.0 if level is UNKNOWN else math.log2(self.m[level] / self.u[level])


@dataclass
class Linkage:
    """:param prior: probability that two candidates are the same before anything is compared"""

    fields: list
    prior: float = 0.01

    def compare(self, left, right):
        """Levels of agreement of two records (dicts), one per field."""
        return [f.compare(left.get(f.name), right.get(f.name)) for f in self.fields]

    def score(self, levels):
        """Probability, 0 to 1, that records with these levels are the same."""
        bits = math.log2(self.prior / (1 - self.prior)) + sum(
            f.bits(level) for f, level in zip(self.fields, levels, strict=True)
        )
        return 1 / (1 + 2 ** -max(min(bits, 60), -60))

    def explain(self, levels):
        """``[(field name, level, bits)]``, what speaks loudest first; unknown ones left out."""
        rows = [
            (f.name, level, round(f.bits(level), 1))
            for f, level in zip(self.fields, levels, strict=True)
            if level is not UNKNOWN
        ]
        return sorted(rows, key=lambda row: -abs(row[2]))

    def trained(self, patterns, rounds=50, floor=1e-4):
        """The same fields with probabilities estimated from candidate pairs, without any answers.

        :param patterns: ``{tuple of levels: count}`` of the candidates
        :param rounds: at most; ends when nothing moves any more
        """
        current = self
        for _round in range(rounds):
            following = current._step(patterns, floor)
            moved = abs(following.prior - current.prior)
            current = following
            if moved < 1e-6:
                break
        return current

    def _step(self, patterns, floor):
        matches = strangers = 0.0
        tallies = [([0.0] * len(f.m), [0.0] * len(f.m)) for f in self.fields]
        for levels, count in patterns.items():
            share = self.score(levels) * count
            matches += share
            strangers += count - share
            for (same, other), level in zip(tallies, levels, strict=True):
                if level is not UNKNOWN:
                    same[level] += share
                    other[level] += count - share
        fields = [
            replace(f, m=_shares(same, floor), u=_shares(other, floor))
            for f, (same, other) in zip(self.fields, tallies, strict=True)
        ]
        prior = min(max(matches / max(matches + strangers, 1e-9), 1e-6), 1 - 1e-6)
        return Linkage(fields, prior)


def _shares(tally, floor):
    total = sum(tally) or 1.0
    return [max(count / total, floor) for count in tally]


def levels_of(similarity, *bounds):
    """A comparison by bounds of a similarity: level 0 from the first bound on, 1 from the second …

    :param similarity: ``similarity(left, right)`` between 0 and 1
    """

    def compare(left, right):
        if not left or not right:
            return UNKNOWN
        found = similarity(left, right)
        return next((n for n, bound in enumerate(bounds) if found >= bound), len(bounds))

    return compare


def same(left, right):
    """Level 0 when equal, 1 when not."""
    return UNKNOWN if not left or not right else int(left != right)


def one_to_one(scored, threshold):
    """The pairs of two lists in which no record occurs twice, best first.

    :param scored: ``[(score, left id, right id)]``
    """
    found, left_used, right_used = [], set(), set()
    for score, left, right in sorted(scored, key=lambda row: -row[0]):
        if score < threshold:
            break
        if left not in left_used and right not in right_used:
            found.append((left, right))
            left_used.add(left)
            right_used.add(right)
    return found
