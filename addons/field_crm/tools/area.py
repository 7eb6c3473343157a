"""Areas on the map: polygons as GeoJSON, WGS-84."""

import json


def read_area(text):
    """Rings of a GeoJSON Polygon or MultiPolygon (also as a Feature).

    :param str text: GeoJSON; longitude first, as the standard has it
    :returns: ``[[(lng, lat), …], …]``; holes are rings too: a point inside an odd number of rings
        is inside
    :raises ValueError: this is no area
    """
    try:
        shape = json.loads(text)
        shape = shape.get("geometry") or shape
        polygons = shape["coordinates"]
        if shape["type"] == "Polygon":
            polygons = [polygons]
        elif shape["type"] != "MultiPolygon":
            raise ValueError(shape["type"])
        rings = [
            [(float(x), float(y)) for x, y, *_ in ring] for rings in polygons for ring in rings
        ]
    except (AttributeError, KeyError, TypeError) as exc:
        raise ValueError(str(exc)) from exc
    if not rings or any(len(ring) < 4 for ring in rings):
        raise ValueError("ring")
    if any(not (-180 <= x <= 180 and -90 <= y <= 90) for ring in rings for x, y in ring):
        raise ValueError("range")
    return rings


def area_contains(rings, lat, lng):
    """Whether a position lies in the area, by the number of borders a ray crosses (even-odd rule,
    Shimrat 1962)."""
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > lat) != (y2 > lat) and lng < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside
