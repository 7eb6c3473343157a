"""A lottery that anybody can check afterwards."""

import hashlib


def pick(weights, seed):
    """Draw one key; its chance is its share of all weights.

    :param weights: ``{key: weight}``, keys in any order, weights above 0
    :param str seed: fixed before anybody enters; the same seed and weights give the same winner
    :returns: a key, or None without keys

    >>> pick({7: 1.0, 9: 3.0}, "a")
    9
    """
    total = sum(weights.values())
    digest = hashlib.sha256(f"{seed}:{sorted(weights)}".encode()).digest()
    point = int.from_bytes(digest[:8], "big") / 2**64 * total
    for key in sorted(weights):
        point -= weights[key]
        if point < 0:
            return key
    return max(weights, default=None)


def merit(claims, kept, converted):
    """Weight of a person in the draw: 1 for everybody, up to 2 for leads that did not run out of
    time, up to 2 for leads that became opportunities. Without a history the middle, 3.

    >>> merit(4, 4, 2), merit(0, 0, 0)
    (4.0, 3.0)
    """
    if not claims:
        return 3.0
    return 1 + 2 * kept / claims + 2 * converted / claims
