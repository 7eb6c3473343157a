"""Which earlier picture a picture is, by the distance of their perceptual hashes.

A picture that was saved, scaled or sent again differs in 0 to 4 of 64 bits. Where receipts are
compared, 6 to 12 bits are "possible"; shelves look alike: among 600 drawn ones the nearest others
begin at 11, so that up to 12 would mark honest pictures every day.
"""

import numpy as np

#: Up to here it is the same picture again.
SAME = 5
#: Up to here it may be.
LIKE = 9
#: A picture of before has to be this young to count.
DAYS = 180
_NEVER = 255
_BITS = np.array([number.bit_count() for number in range(1 << 16)], dtype=np.uint8)


def distances(bits, known):
    """In how many of 64 bits each of ``known`` (array of int64) differs from ``bits``."""
    mixed = np.bitwise_xor(known, np.int64(bits)).view(np.uint16).reshape(-1, 4)
    return _BITS[mixed].sum(axis=1, dtype=np.uint8)


def find(bits, own, known):
    """The picture that came before.

    Pictures of one visit may be alike. The shelf of one customer, taken from where it was taken
    last time, may look much like it: there only the same picture counts.

    :param int bits: hash of the picture, signed 64 bits
    :param dict own: its ``id``, ``visit`` and ``partner``
    :param dict known: arrays of ``id``, ``visit``, ``partner`` and ``bits`` of the others
    :returns: ``(id, distance, "same" or "like")`` or None
    """
    if not len(known["id"]):
        return None
    away = distances(bits, known["bits"])
    away[(known["id"] >= own["id"]) | (known["visit"] == own["visit"])] = _NEVER
    away[(known["partner"] == own["partner"]) & (away > SAME)] = _NEVER
    best = int(away.argmin())
    least = int(away[best])
    if least > LIKE:
        return None
    return int(known["id"][best]), least, "same" if least <= SAME else "like"


def signed(text):
    """16 hex digits as the signed 64 bits number PostgreSQL and numpy keep."""
    number = int(text, 16)
    return number - (1 << 64) if number >> 63 else number
