"""Are these two the same customer? Pure functions on what is on a card.

Names and tax numbers are compared as they are for leads; only brackets are read differently: of a
company they say the place, of a shop which branch it is.
"""

import re
from difflib import SequenceMatcher

from odoo.addons.field_base.tools import tax_number
from odoo.addons.field_base.tools.company_name import company_key

_BRACKETS = re.compile(r"[()（）\[\]【】〔〕《》〈〉]")
#: Last digits of a phone number that are compared: country and area codes are written or not.
PHONE_DIGITS = 8
NEAR_M = 200
_ALIKE = 0.75


def name_words(name):
    """The part of a name that tells customers apart, as words where it has spaces."""
    return company_key(_BRACKETS.sub(" ", name or ""))


def name_key(name):
    """A name without legal form, place in front, spaces and signs, in small letters."""
    return name_words(name).replace(" ", "")


def phone_key(phone):
    """The last digits of a number, empty when it is too short to say anything."""
    digits = re.sub(r"\D", "", phone or "")
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS - 1 else ""


def vat_key(vat, country=None):
    """A tax number without signs, the way its country writes it."""
    return tax_number.normalise(vat, country) or re.sub(r"\W", "", vat or "").upper()


def reasons(one, other, distance_m=None):
    """Why two cards may be of the same customer, the surest first.

    :param dict one: ``name``, ``phone``, ``vat``; so is ``other``
    :param distance_m: between them, None when unknown
    :returns: list of ``vat``, ``phone``, ``name`` (the same), ``place`` (near, and alike)
    """
    found = []
    if vat_key(one.get("vat")) and vat_key(one.get("vat")) == vat_key(other.get("vat")):
        found.append("vat")
    if phone_key(one.get("phone")) and phone_key(one.get("phone")) == phone_key(other.get("phone")):
        found.append("phone")
    mine, theirs = name_key(one.get("name")), name_key(other.get("name"))
    if mine and mine == theirs:
        found.append("name")
    elif mine and theirs and distance_m is not None and distance_m <= NEAR_M:
        inside = min(len(mine), len(theirs)) >= 2 and (mine in theirs or theirs in mine)
        if inside or SequenceMatcher(None, mine, theirs).ratio() >= _ALIKE:
            found.append("place")
    return found
