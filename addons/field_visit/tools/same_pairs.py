"""Which of all customers may be the same: pairs out of blocks, never everybody with everybody.

Two cards are compared only where they share a phone, a tax number, a name, or a place and how
their names begin. Pure functions.
"""

from itertools import combinations

from .same_customer import name_key, phone_key, reasons, vat_key
from odoo.addons.field_base.tools.geo import haversine_m

#: A number on more cards than this is a switchboard or a placeholder: it tells nobody apart.
MOST_ALIKE = 12
#: Side of a cell in degrees, a little more than the distance at which shops are near (200 m).
CELL = 0.002
_NAME_BEGINS = 2


def find_pairs(cards):
    """Pairs of cards that may be of one customer.

    :param cards: dicts of ``id``, ``name``, ``phone``, ``vat``, ``place`` (lat and lng, or None)
    :returns: ``{(lower id, higher id): reasons}``, see :func:`.same_customer.reasons`
    """
    found = {}
    for block in _blocks(cards):
        for one, other in combinations(sorted(block, key=lambda card: card["id"]), 2):
            pair = one["id"], other["id"]
            if pair not in found:
                found[pair] = reasons(one, other, _distance(one, other))
    return {pair: why for pair, why in found.items() if why}


def _blocks(cards):
    blocks = {}
    for card in cards:
        for key in _keys(card):
            blocks.setdefault(key, []).append(card)
    return [block for block in blocks.values() if 1 < len(block) <= MOST_ALIKE]


def _keys(card):
    """What a card is filed under; a place in its own cell and the three next to it on one side,
    so that neighbours across the border meet in one of them."""
    name = name_key(card["name"])
    for kind, key in (("phone", phone_key(card["phone"])), ("vat", vat_key(card["vat"]))):
        if key:
            yield kind, key
    if name:
        yield "name", name
    if name and card["place"]:
        row, column = (int(degrees // CELL) for degrees in card["place"])
        for up in (0, 1):
            for right in (0, 1):
                yield "place", row + up, column + right, name[:_NAME_BEGINS]


def _distance(one, other):
    if not (one["place"] and other["place"]):
        return None
    return haversine_m(*one["place"], *other["place"])
