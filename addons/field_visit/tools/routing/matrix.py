"""How far everything is from everything, from straight lines alone."""

from odoo.addons.field_base.tools.geo import haversine_m

#: Roads are so much longer than the straight line (Europe and China's towns: 1.2 to 1.4).
DETOUR = 1.3
#: What a car makes in town, with lights and parking (km/h).
SPEED = 30.0


def straight(points, detour=DETOUR, speed_kmh=SPEED):
    """``(seconds, metres)``: two matrices of whole numbers from straight lines.

    :param list points: ``(lat, lng)`` in WGS-84
    """
    pace = 3.6 / speed_kmh
    metres = [[0] * len(points) for _point in points]
    for one, here in enumerate(points):
        for other in range(one):
            way = round(haversine_m(*here, *points[other]) * detour)
            metres[one][other] = metres[other][one] = way
    return [[round(way * pace) for way in row] for row in metres], metres
