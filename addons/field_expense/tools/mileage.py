"""Arithmetic of a mileage claim: pure, exact decimals."""

from decimal import ROUND_HALF_UP, Decimal

KM_STEP = Decimal("0.1")


def claimable_km(distance_m: float) -> float:
    """Kilometres to pay for a distance in metres: to 0.1 km, halves up.

    Half up, because that is how a rep checks it by hand: 12,350 m are 12.4 km. Binary rounding
    and "banker's" rounding would both surprise him.

    :param distance_m: metres; negative or missing counts as nothing
    """
    if not distance_m or distance_m < 0:
        return 0.0
    # repr() gives the decimal number the person sees, not the binary one just below or above it
    metres = Decimal(repr(float(distance_m)))
    return float((metres / 1000).quantize(KM_STEP, rounding=ROUND_HALF_UP))


def pick_rate(rates, day, vehicle_kind=None):
    """The rate that holds on a day.

    The newest one that has begun wins; a rate of the person's own vehicle kind goes before a rate
    for any vehicle, also when the latter is newer.

    :param rates: iterable of ``(effective_from, vehicle_kind or False, rate)``
    :param day: date of the trip (not of the claim)
    :param vehicle_kind: what the person drives, or nothing
    :return: the chosen item of ``rates``, or None
    """
    valid = [item for item in rates if item[0] <= day and item[1] in (False, None, vehicle_kind)]
    return max(valid, key=lambda item: (bool(item[1]), item[0]), default=None)
