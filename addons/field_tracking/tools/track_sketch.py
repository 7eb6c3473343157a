"""A day as a drawing for documents: the way, its gaps dashed, the stays numbered. No map material,
so that it needs no network and no licence."""

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import HexColor

from odoo.addons.field_base.tools.sketch import MIN_SPAN, project, scale_bar

INK, FRAME, FILL = "#1f2933", "#c5ccd4", "#f5f7f9"
WAY, GAP, STAY = "#3f7fd0", "#8b95a1", "#2a9d8f"


def draw(pieces, gaps, stays, width, height):
    """Drawing of a day.

    :param pieces: unbroken lists of ``(lat, lng)``
    :param gaps: pairs of ``(lat, lng)``
    :param stays: ``(lat, lng)``, numbered from 1
    """
    drawing = Drawing(width, height)
    drawing.add(Rect(0, 0, width, height, fillColor=HexColor(FILL), strokeColor=HexColor(FRAME)))
    everything = [*stays, *(p for piece in pieces for p in piece), *(p for g in gaps for p in g)]
    if not everything:
        return drawing
    place, factor, span = _fitted(everything, width, height)
    for piece in pieces:
        _line(drawing, [place(point) for point in piece], WAY)
    for ends in gaps:
        _line(drawing, [place(point) for point in ends], GAP, dashed=True)
    for number, point in enumerate(stays, start=1):
        _stay(drawing, place(point), number)
    _scale(drawing, width, height, scale_bar(span), factor)
    return drawing


def _fitted(points, width, height):
    """``(point to page, page units per metre, metres across)``."""
    flat = project(points)
    xs, ys = [x for x, _y in flat], [y for _x, y in flat]
    span = max(max(xs) - min(xs), (max(ys) - min(ys)) * width / height, MIN_SPAN) * 1.15
    factor = width / span
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)

    def place(point):
        x, y = project([points[0], point])[1]
        return (width / 2 + (x - middle[0]) * factor, height / 2 + (y - middle[1]) * factor)

    return place, factor, span


def _line(drawing, points, color, dashed=False):
    if len(points) > 1:
        flat = [value for point in points for value in point]
        dash = [4, 3] if dashed else None
        drawing.add(
            PolyLine(flat, strokeColor=HexColor(color), strokeWidth=1.4, strokeDashArray=dash)
        )


def _stay(drawing, at, number):
    drawing.add(Circle(*at, 6, fillColor=HexColor(STAY), strokeColor=HexColor("#ffffff")))
    text = String(at[0], at[1] - 2.6, str(number), fontSize=7, fillColor=HexColor("#ffffff"))
    text.textAnchor = "middle"
    drawing.add(text)


def _scale(drawing, width, height, metres, factor):
    length = metres * factor
    left = width - length - 10
    text = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    ink = HexColor(INK)
    drawing.add(Line(left, 10, left + length, 10, strokeColor=ink, strokeWidth=1))
    drawing.add(String(left, 13, text, fontSize=7, fillColor=ink))
    drawing.add(String(8, height - 14, "N", fontSize=9, fillColor=ink))
    drawing.add(Line(11, height - 30, 11, height - 17, strokeColor=ink, strokeWidth=1))
