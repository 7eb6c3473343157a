"""The way a car takes between two places: along a street grid, with round corners and red lights.

There is no street map here. Most inner cities are grids, and what the rest of the system sees of a
street is its length, its corners and its stops; those are made like real ones.
"""

import itertools
import math
from dataclasses import dataclass, field

STEP_M = 6.0
CORNER_RADIUS_M = 14.0
ACCELERATION = 1.3  # m/s², a patient driver
BRAKING = 1.6
CORNER_SPEED = 4.5  # m/s
GRID_TILT = math.radians(-14)  # the grid of Shanghai is turned a little against north


@dataclass(slots=True)
class Drive:
    """A timed way in the plane: where (east, north) one is `t` seconds after the start."""

    times: list = field(default_factory=list)
    points: list = field(default_factory=list)

    @property
    def seconds(self):
        return self.times[-1]

    @property
    def metres(self):
        return sum(map(math.dist, self.points, self.points[1:]))


def plan_drive(start, end, rng, cruise=10.0):
    """Drive from one point of the plane to another.

    :param start: (east, north) in metres
    :param rng: random.Random
    :param float cruise: speed on a free street, m/s
    """
    line = _resample(_round_corners(_street_corners(start, end, rng)))
    return _timed(line, rng, cruise)


def _street_corners(start, end, rng):
    """Corners of a staircase along the grid from start to end."""
    cos, sin = math.cos(GRID_TILT), math.sin(GRID_TILT)
    dx, dy = end[0] - start[0], end[1] - start[1]
    along, across = dx * cos + dy * sin, -dx * sin + dy * cos
    steps = max(1, min(4, round(math.hypot(dx, dy) / 1500 + rng.uniform(0, 1))))
    cuts_along, cuts_across = _cuts(steps, rng), _cuts(steps, rng)
    first_along = rng.random() < 0.5
    corners = [(0.0, 0.0)]
    for i in range(steps):
        a, b = along * cuts_along[i + 1], across * cuts_across[i + 1]
        before = corners[-1]
        corners.append((a, before[1]) if first_along else (before[0], b))
        corners.append((a, b))
    return [
        (start[0] + a * cos - b * sin, start[1] + a * sin + b * cos) for a, b in _distinct(corners)
    ]


def _cuts(steps, rng):
    inner = sorted((i + rng.uniform(-0.3, 0.3)) / steps for i in range(1, steps))
    return [0.0, *inner, 1.0]


def _distinct(points):
    kept = [points[0]]
    for point in points[1:]:
        if math.dist(kept[-1], point) > 1.0:
            kept.append(point)
    if len(kept) > 1 or math.dist(points[0], points[-1]) > 0:
        kept[-1] = points[-1]
    return kept if len(kept) > 1 else [points[0], points[-1]]


def _round_corners(corners):
    """Replace each corner by a quarter of a circle or so (a quadratic curve)."""
    line = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        reach_in = min(CORNER_RADIUS_M, math.dist(before, corner) / 2)
        reach_out = min(CORNER_RADIUS_M, math.dist(corner, after) / 2)
        a, b = _towards(corner, before, reach_in), _towards(corner, after, reach_out)
        for i in range(5):
            t = i / 4
            line.append(
                tuple(
                    (1 - t) ** 2 * a[k] + 2 * t * (1 - t) * corner[k] + t**2 * b[k] for k in (0, 1)
                )
            )
    return [*line, corners[-1]]


def _towards(origin, target, metres):
    length = math.dist(origin, target) or 1.0
    share = metres / length
    return tuple(origin[k] + (target[k] - origin[k]) * share for k in (0, 1))


def _resample(line):
    """Points at most STEP_M apart, with the slight bends no street is without."""
    points = [line[0]]
    walked = 0.0
    for a, b in itertools.pairwise(line):
        length = math.dist(a, b)
        pieces = max(1, math.ceil(length / STEP_M))
        for i in range(1, pieces + 1):
            share = i / pieces
            points.append(tuple(a[k] + (b[k] - a[k]) * share for k in (0, 1)))
        walked += length
    total = walked or 1.0
    bent, walked = [points[0]], 0.0
    for before, point in itertools.pairwise(points):
        walked += math.dist(before, point)
        fade = min(1.0, walked / 80, (total - walked) / 80)  # both ends stay where they are
        bent.append(
            (
                point[0] + fade * 7 * math.sin(walked / 190),
                point[1] + fade * 7 * math.sin(walked / 230 + 1),
            )
        )
    return bent


def _timed(points, rng, cruise):
    """Speed each point allows, then what acceleration and brakes allow, then the clock."""
    lengths = [math.dist(a, b) for a, b in itertools.pairwise(points)]
    limits = _speed_limits(points, lengths, rng, cruise)
    waits = _red_lights(lengths, limits, rng)
    for i in range(len(lengths) - 1, -1, -1):
        limits[i] = min(limits[i], math.sqrt(limits[i + 1] ** 2 + 2 * BRAKING * lengths[i]))
    for i, length in enumerate(lengths):
        limits[i + 1] = min(limits[i + 1], math.sqrt(limits[i] ** 2 + 2 * ACCELERATION * length))
    drive = Drive([0.0], [points[0]])
    clock = 0.0
    for i, length in enumerate(lengths):
        clock += length / max(0.6, (limits[i] + limits[i + 1]) / 2)
        drive.times.append(clock)
        drive.points.append(points[i + 1])
        if waits.get(i + 1):
            clock += waits[i + 1]
            drive.times.append(clock)
            drive.points.append(points[i + 1])
    return drive


def _speed_limits(points, lengths, rng, cruise):
    limits = []
    speed, until, walked = cruise, 0.0, 0.0
    for i in range(len(points)):
        if walked >= until:  # traffic changes every few hundred metres
            speed, until = cruise * rng.uniform(0.65, 1.15), walked + rng.uniform(200, 600)
        limits.append(min(speed, CORNER_SPEED if _is_corner(points, i) else speed))
        walked += lengths[i] if i < len(lengths) else 0.0
    limits[0] = limits[-1] = 0.0
    return limits


def _is_corner(points, i):
    if not 0 < i < len(points) - 1:
        return False
    (ax, ay), (bx, by), (cx, cy) = points[i - 1 : i + 2]
    cross = (bx - ax) * (cy - by) - (by - ay) * (cx - bx)
    dot = (bx - ax) * (cx - bx) + (by - ay) * (cy - by)
    return abs(math.atan2(cross, dot)) > 0.12


def _red_lights(lengths, limits, rng):
    """``{point: seconds}``; the limits of those points become zero."""
    waits, walked, next_light = {}, 0.0, rng.uniform(250, 500)
    total = sum(lengths)
    for i, length in enumerate(lengths):
        walked += length
        if walked >= next_light and total - walked > 120:
            next_light = walked + rng.uniform(300, 700)
            if rng.random() < 0.4:
                waits[i + 1] = rng.uniform(8, 55)
                limits[i + 1] = 0.0
    return waits
