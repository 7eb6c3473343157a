"""Merkle trees as in RFC 6962: one hash stands for many, and a short path proves each of them."""

import hashlib

EMPTY = hashlib.sha256(b"").hexdigest()


def _node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def _levels(digests):
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest() for digest in digests]
    levels = [level]
    while len(level) > 1:
        pairs = [_node(*level[n : n + 2]) for n in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]  # an odd one moves up as it is
        levels.append(level)
    return levels


def root(digests):
    """Root of these hex digests, in their order."""
    return _levels(digests)[-1][0].hex() if digests else EMPTY


def path(digests, position):
    """What has to be known beside the digest at ``position`` to compute the root.

    :returns: ``[["left" | "right", hex], …]`` from the leaf up
    """
    steps = []
    for level in _levels(digests)[:-1]:
        neighbour = position ^ 1
        if neighbour < len(level):
            side = "right" if neighbour > position else "left"
            steps.append([side, level[neighbour].hex()])
        position //= 2
    return steps


def root_of_path(digest, steps):
    """The root that a digest and its path lead to."""
    value = hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()
    for side, other in steps:
        other = bytes.fromhex(other)
        value = _node(value, other) if side == "right" else _node(other, value)
    return value.hex()


def chained(before, digest, count, sealed_at):
    """Link of the chain of roots: covers the root, how many it stands for, when, and all before."""
    text = f"{before}|{digest}|{count}|{sealed_at}"
    return hashlib.sha256(text.encode()).hexdigest()
