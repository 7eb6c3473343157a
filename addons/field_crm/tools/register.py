"""Answers of company registers, brought into one form. Pure, no ORM, no network.

Each reader gives a dict with some of ``name, tax_id, legal_person, capital, capital_amount``,
``founded, scope, status, staff, staff_from, industry, street, city, website, risk``, or None when
the register knows no such company.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone

# Tianyancha counts days in Chinese time.
_CHINA = timezone(timedelta(hours=8))
_AMOUNT = re.compile(r"([\d.,]+)\s*(亿|万)?")
_TIMES = {"亿": 100_000_000, "万": 10_000, None: 1}
_LIVING = ("存续", "在业", "开业", "在营", "正常", "迁入", "迁出")
# https://open.tianyancha.com/, list of error codes: no data; balance or number of calls used up
TIANYANCHA_NONE = 300000
TIANYANCHA_EMPTY = (300006, 300007)


class RegisterError(Exception):
    """The register refused; the text is its reason.

    ``is_credit``: paid calls are used up.
    """

    def __init__(self, reason, is_credit=False):
        super().__init__(reason)
        self.is_credit = is_credit


def read_tianyancha(body):
    """The answer of ``/services/open/ic/baseinfo/normal``.

    :raises RegisterError: any error code but "no data"
    """
    code = body.get("error_code", 0)
    if code == TIANYANCHA_NONE:
        return None
    if code:
        raise RegisterError(f"{code} {body.get('reason') or ''}".strip(), code in TIANYANCHA_EMPTY)
    found = body.get("result")
    if not isinstance(found, dict) or not found.get("name"):
        return None
    status, staff = found.get("regStatus") or "", found.get("staffNumRange") or ""
    # Not its "city": in answers we have seen it is another one than that of the address.
    first_site = re.split(r"[;；,\s]", found.get("websiteList") or "")[0]
    return {
        "name": _plain(found["name"]),
        "tax_id": found.get("creditCode") or found.get("taxNumber") or "",
        "legal_person": found.get("legalPersonName") or "",
        "capital": found.get("regCapital") or "",
        "capital_amount": amount_of(found.get("regCapital")),
        "founded": _read_day(found.get("estiblishTime")),
        "scope": found.get("businessScope") or "",
        "status": status,
        "staff": staff,
        "staff_from": _first_number(staff) or int(found.get("socialStaffNum") or 0),
        "industry": found.get("industry") or "",
        "street": found.get("regLocation") or "",
        "website": first_site if first_site not in ("", "-") else "",
        "risk": "" if not status or any(word in status for word in _LIVING) else status,
    }


def read_autocomplete(data):
    """One company as Odoo's partner autocomplete gives it, found or enriched."""
    if not data or not data.get("name"):
        return None
    return {
        "name": data["name"],
        "tax_id": data.get("vat") or "",
        "street": ", ".join(filter(None, (data.get("street"), data.get("street2")))),
        "city": data.get("city") or "",
        "website": data.get("website") or data.get("domain") or "",
        "industry": data.get("industry_code") or "",
    }


def amount_of(text):
    """Registered capital as a number, in whatever currency the text names.

    >>> amount_of("77800.32万人民币")
    778003200.0
    """
    match = _AMOUNT.search(text or "")
    if not match:
        return 0.0
    digits = match[1].replace(",", "").strip(".")
    return round(float(digits) * _TIMES[match[2]], 2) if digits.count(".") <= 1 and digits else 0.0


def _read_day(value):
    """Milliseconds, or a text that begins with the day."""
    if isinstance(value, int | float) and value:
        return datetime.fromtimestamp(value / 1000, UTC).astimezone(_CHINA).date()
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None


def _first_number(text):
    match = re.search(r"\d+", text)
    return int(match[0]) if match else 0


def _plain(name):
    return re.sub(r"</?em>", "", name).strip()
