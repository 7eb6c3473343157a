"""Cash arithmetic of the forecast. Pure, no ORM."""

from statistics import median

ENOUGH = 3  # payments after which a customer is judged by himself alone
MOST = 12  # latest payments that count: habits change


def spread(amount, shares, decimals=2):
    """Divide an amount over the parts of a payment term.

    :param float amount: what is to be paid in all
    :param shares: parts in their order, ``(date, "percent" or "fixed", value)``
    :param decimals: of the currency
    :return: list of ``(date, amount)`` whose sum is the amount; the last part takes what is left
    """
    parts, left = [], round(amount, decimals)
    for index, (date, kind, value) in enumerate(shares):
        if index == len(shares) - 1:
            part = left
        elif kind == "percent":
            part = round(amount * value / 100, decimals)
        else:
            part = min(round(value, decimals), left)
        left = round(left - part, decimals)
        parts.append((date, part))
    return parts


def expected_delay(delays, usual):
    """How many days after the due date a customer will pay.

    The median of his latest payments; where there are few, mixed with what is usual in the company.

    :param delays: days late of his payments, latest first; negative when early
    :param usual: the median of all customers
    :return: whole days, never negative: nobody is expected to pay before he must
    """
    own = list(delays)[:MOST]
    if not own:
        return max(0, round(usual))
    weight = min(1.0, len(own) / ENOUGH)
    return max(0, round(weight * median(own) + (1 - weight) * usual))


def error(forecast, actual):
    """How far a forecast was off, as a share of what really came; ``None`` without anything."""
    if not actual:
        return None
    return (forecast - actual) / actual
