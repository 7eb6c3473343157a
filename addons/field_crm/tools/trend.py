"""The next quarter of a series, with its error, against a baseline it must beat. Pure, no ORM.

The baseline is the seasonal naive forecast: as much as in the same quarter a year ago. A method
may replace it only when, made at each of the past quarters with what was known then (rolling
origin), it was clearly better. Sources: Hyndman, Athanasopoulos: Forecasting, Principles and
Practice (3rd ed.), chapters 5.2 (seasonal naive), 5.8 and 5.10 (accuracy, rolling origin), 7.5
(regression on seasons), 8.3 (Holt-Winters, damped trend).
"""

from dataclasses import dataclass

import numpy as np

SEASON = 4
LEAST = 2 * SEASON  # quarters needed before anything is said
MOST_ORIGINS = 8
MARGIN = 0.1  # a method must be so much better than the baseline


@dataclass
class Trend:
    """``value``: the next quarter; ``error`` and ``baseline_error``: mean absolute error of the
    past forecasts as a share of the mean quarter; ``origins``: how many past forecasts that is."""

    value: float
    method: str
    error: float
    baseline_error: float
    origins: int


def seasonal_naive(series):
    """The same quarter a year ago."""
    return float(series[-SEASON])


def seasonal_growth(series):
    """The same quarter a year ago, times the growth of the last four quarters over the four before;
    a growth beyond halving or doubling is not believed."""
    before = float(np.sum(series[-2 * SEASON : -SEASON]))
    if before <= 0:
        return seasonal_naive(series)
    growth = float(np.sum(series[-SEASON:])) / before
    return seasonal_naive(series) * min(2.0, max(0.5, growth))


def seasonal_regression(series):
    """A straight line plus one step per season, by least squares."""
    count = len(series)
    design = np.array([_row(place) for place in range(count + 1)])
    solution, *_rest = np.linalg.lstsq(design[:count], np.asarray(series, float), rcond=None)
    return max(0.0, float(design[count] @ solution))


def _row(place):
    seasons = [1.0 if place % SEASON == season else 0.0 for season in range(SEASON)]
    return [float(place), *seasons]


def holt_winters(series, level_gain=0.3, trend_gain=0.1, season_gain=0.2, damping=0.9):
    """Additive Holt-Winters with a damped trend; fixed gains, because a few years of quarters are
    too little to fit them."""
    series = np.asarray(series, float)
    level = float(np.mean(series[:SEASON]))
    trend = float(np.mean(series[SEASON : 2 * SEASON]) - level) / SEASON
    season = list(series[:SEASON] - level)
    for place in range(SEASON, len(series)):
        value, last, old = series[place], level, season[place % SEASON]
        level = level_gain * (value - old) + (1 - level_gain) * (last + damping * trend)
        trend = trend_gain * (level - last) + (1 - trend_gain) * damping * trend
        season[place % SEASON] = season_gain * (value - level) + (1 - season_gain) * old
    return max(0.0, level + damping * trend + season[len(series) % SEASON])


METHODS = {
    "seasonal_growth": seasonal_growth,
    "seasonal_regression": seasonal_regression,
    "holt_winters": holt_winters,
}


def forecast(series):
    """The quarter after the last one of the series.

    :param series: amounts of consecutive complete quarters, oldest first
    :return: `Trend`, or ``None`` with too little history or nothing in it
    """
    series = np.asarray(series, float)
    origins = [end for end in range(LEAST, len(series))][-MOST_ORIGINS:]
    scale = float(np.mean(np.abs(series))) if len(series) else 0.0
    if len(origins) < SEASON or not scale:
        return None
    misses = {
        name: np.array([abs(method(series[:end]) - series[end]) for end in origins])
        for name, method in {"seasonal_naive": seasonal_naive, **METHODS}.items()
    }
    errors = {name: float(np.mean(miss)) / scale for name, miss in misses.items()}
    baseline = errors["seasonal_naive"]
    best = min(METHODS, key=errors.get)
    won = np.mean(misses[best] < misses["seasonal_naive"])
    if errors[best] > (1 - MARGIN) * baseline or won <= 0.5:
        best = "seasonal_naive"
    value = seasonal_naive(series) if best == "seasonal_naive" else METHODS[best](series)
    return Trend(value, best, errors[best], baseline, len(origins))
