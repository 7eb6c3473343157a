"""Tax numbers; the Chinese unified social credit code also says where and what a company is."""

from stdnum import get_cc_module
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError
from stdnum.util import clean

# First character: the authority that registered it. GB 32100-2015, table 1.
_KINDS = {
    "11": "state organ",
    "12": "public institution",
    "13": "mass organisation",
    "51": "social organisation",
    "52": "private non-enterprise unit",
    "53": "foundation",
    "91": "company",
    "92": "individual business",
    "93": "farmers' cooperative",
}


def normalise(number, country=None):
    """A tax number as it is compared, when its check digit is right.

    :param str country: ISO code of two letters; without it only the Chinese code is recognised
    :returns: the number in capitals without separators, or None when it is not valid
    """
    text = clean(number or "", " -./").upper()
    if not text:
        return None
    if uscc.is_valid(text):
        return text
    module = country and country.upper() != "CN" and get_cc_module(country.lower(), "vat")
    if not module:
        return None
    try:
        return module.validate(text).upper()
    except ValidationError:
        return None


def describe(number):
    """What a unified social credit code says.

    :returns: ``{"kind": …, "region": six digits of GB/T 2260}``; empty for other numbers

    >>> describe("91110000600037341L")
    {'kind': 'company', 'region': '110000'}
    """
    if not uscc.is_valid(number or ""):
        return {}
    text = uscc.compact(number)
    return {"kind": _KINDS.get(text[:2], "other"), "region": text[2:8]}
