"""A map sketch for documents: points where they lie to each other, with scale and north; no map
material, so that it needs no network and no licence."""

import math

from reportlab.graphics.shapes import Circle, Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor

EARTH = 6371008.8
MIN_SPAN = 60.0  # metres shown at least
_STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000)
INK, LINE, FILL, ACCENT = "#1f2933", "#c5ccd4", "#f5f7f9", "#1f7a6b"


def project(points):
    """Metres east and north of the first point; good for the size of a city.

    :param list points: ``(lat, lng)``
    """
    if not points:
        return []
    lat0, lng0 = points[0]
    shrink = math.cos(math.radians(lat0))
    metre = math.radians(1) * EARTH
    return [((lng - lng0) * metre * shrink, (lat - lat0) * metre) for lat, lng in points]


def scale_bar(span):
    """A round length of about a third of what is shown, in metres."""
    return max((step for step in _STEPS if step <= span / 2.5), default=_STEPS[0])


def sketch(points, width, height):
    """Drawing of numbered points with the circle of their accuracy.

    :param list points: ``(lat, lng, accuracy in m or None)``
    """
    flat = project([point[:2] for point in points])
    xs, ys = [x for x, _y in flat] or [0], [y for _x, y in flat] or [0]
    span = max(max(xs) - min(xs), (max(ys) - min(ys)) * width / height, MIN_SPAN) * 1.4
    factor = width / span
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    drawing = Drawing(width, height)
    drawing.add(Rect(0, 0, width, height, fillColor=HexColor(FILL), strokeColor=HexColor(LINE)))
    for number, ((x, y), point) in enumerate(zip(flat, points, strict=True), start=1):
        at = (width / 2 + (x - middle[0]) * factor, height / 2 + (y - middle[1]) * factor)
        _add_point(drawing, at, number, (point[2] or 0) * factor)
    _add_scale(drawing, width, scale_bar(span), factor)
    return drawing


def _add_point(drawing, at, number, radius):
    if 4 < radius < drawing.height:
        drawing.add(
            Circle(*at, radius, fillColor=None, strokeColor=HexColor(ACCENT), strokeWidth=0.4)
        )
    drawing.add(Circle(*at, 3.2, fillColor=HexColor(ACCENT), strokeColor=HexColor("#ffffff")))
    drawing.add(String(at[0] + 5, at[1] + 3, str(number), fontSize=7, fillColor=HexColor(INK)))


def _add_scale(drawing, width, metres, factor):
    length = metres * factor
    text = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    left = width - length - 10
    drawing.add(Line(left, 10, left + length, 10, strokeColor=HexColor(INK), strokeWidth=1))
    drawing.add(String(left, 13, text, fontSize=7, fillColor=HexColor(INK)))
    drawing.add(String(8, drawing.height - 14, "N", fontSize=9, fillColor=HexColor(INK)))
    drawing.add(
        Line(
            11,
            drawing.height - 30,
            11,
            drawing.height - 17,
            strokeColor=HexColor(INK),
            strokeWidth=1,
        )
    )
