"""Businesses near a place that are no customers yet: what providers are asked, what they answer.

No I/O. Positions in WGS-84 throughout. Sources: the Overpass API (OpenStreetMap), Amap's 周边搜索
v3, and lists of one's own as CSV or GeoJSON (RFC 7946).
"""

import csv
import heapq
import io
import json
import math
from dataclasses import dataclass
from functools import lru_cache

from odoo.addons.field_base.tools.datum import from_datum, to_datum
from odoo.addons.field_base.tools.geo import haversine_m

KINDS = ("overpass", "amap", "list")
DEFAULT_URLS = {
    "overpass": "https://overpass-api.de/api/interpreter",
    "amap": "https://restapi.amap.com/v3/place/around",
}
#: Tags of OpenStreetMap that mark a business.
_BUSINESS = ("shop", "amenity", "office", "healthcare", "craft", "tourism")
_NO_BUSINESS = {"bench", "parking", "toilets", "bicycle_parking", "waste_basket", "parking_space"}
_COLUMNS = {
    "name": ("name", "名称", "店名", "客户名称"),
    "lat": ("lat", "latitude", "纬度"),
    "lng": ("lng", "lon", "long", "longitude", "经度"),
    "phone": ("phone", "tel", "telephone", "电话"),
    "address": ("address", "street", "地址"),
    "kind": ("kind", "type", "category", "类型"),
}
_PAGE = 25
#: Places of one answer; Overpass is asked for as many.
MOST_PLACES = 100


class ProspectError(Exception):
    """The provider did not answer with places; the text is its own."""


@dataclass(frozen=True)
class Candidate:
    """A place somebody might visit; ``ref`` is the provider's own name for it."""

    ref: str
    name: str
    lat: float
    lng: float
    phone: str = ""
    address: str = ""
    kind: str = ""


def ask(kind, url, key, lat, lng, radius_m, words=""):
    """``(url, parameters, form)`` of the request; a form is sent by POST.

    :param str words: what to look for, as one would type it
    """
    url = url or DEFAULT_URLS[kind]
    if kind == "overpass":
        around = f"(around:{int(radius_m)},{lat:.6f},{lng:.6f})"
        match = f'["name"~"{_escape(words)}",i]' if words else '["name"]'
        parts = "".join(f"nwr{match}[{tag}]{around};" for tag in _BUSINESS)
        return url, None, {"data": f"[out:json][timeout:20];({parts});out center {MOST_PLACES};"}
    there = to_datum(lat, lng, "gcj02")
    params = {
        "key": key or "",
        "location": f"{there[1]:.6f},{there[0]:.6f}",
        "radius": int(radius_m),
        "keywords": words,
        "offset": _PAGE,
        "page": 1,
        "extensions": "base",
        "output": "json",
    }
    return url, params, None


def _escape(words):
    """For a regular expression within a quoted string of Overpass."""
    plain = "".join(char for char in words if char.isalnum() or char in " -_'")
    return plain.replace("'", ".")


def read(kind, answer):
    """The places of an answer (decoded JSON).

    :raises ProspectError: it is an error, or nothing that can be read
    """
    try:
        return _READERS[kind](answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProspectError(f"unexpected answer: {error!r}") from error


def _read_overpass(answer):
    if answer.get("remark", "").startswith("runtime error"):
        raise ProspectError(answer["remark"])
    found = []
    for one in answer["elements"]:
        tags = one.get("tags", {})
        centre = one.get("center", one)
        kinds = [tags[tag] for tag in _BUSINESS if tag in tags]
        if not tags.get("name") or "lat" not in centre or set(kinds) <= _NO_BUSINESS:
            continue
        street = " ".join(filter(None, (tags.get("addr:street"), tags.get("addr:housenumber"))))
        found.append(
            Candidate(
                f"osm:{one['type']}/{one['id']}",
                tags["name"],
                float(centre["lat"]),
                float(centre["lon"]),
                tags.get("phone") or tags.get("contact:phone") or "",
                street,
                kinds[0],
            )
        )
    return found


def _read_amap(answer):
    if str(answer["status"]) != "1":
        raise ProspectError(f"{answer.get('infocode', '')}: {answer.get('info', '')}")
    found = []
    for one in answer["pois"]:
        lng, lat = (float(number) for number in one["location"].split(","))
        there = from_datum(lat, lng, "gcj02")
        # what Amap does not know is an empty list
        phone = one.get("tel") or ""
        address = one.get("address") or ""
        found.append(
            Candidate(
                f"amap:{one['id']}",
                one["name"],
                round(there[0], 7),
                round(there[1], 7),
                phone.split(";")[0] if isinstance(phone, str) else "",
                address if isinstance(address, str) else "",
                str(one.get("type") or "").split(";")[-1],
            )
        )
    return found


_READERS = {"overpass": _read_overpass, "amap": _read_amap}


@lru_cache(maxsize=8)
def read_list(data, name="", datum="wgs84"):
    """The places of a file: GeoJSON or CSV. Read once, looked through by every phone.

    :param bytes data: the file
    :param datum: the coordinate system its positions are of, see field_base/tools/datum.py
    :raises ProspectError: neither, or without names and positions
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise ProspectError("the file is no text") from error
    if text.lstrip().startswith("{"):
        return _read_geojson(text, name, datum)
    return _read_csv(text, name, datum)


def _read_geojson(text, name, datum):
    try:
        features = json.loads(text)["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise ProspectError("no GeoJSON with features") from error
    rows = []
    for feature in features:
        geometry = feature.get("geometry") or {}
        if geometry.get("type") != "Point":
            continue
        lng, lat = geometry["coordinates"][:2]
        rows.append({**(feature.get("properties") or {}), "lat": lat, "lng": lng})
    return _from_rows(rows, name, datum)


def _read_csv(text, name, datum):
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=first.count)
    return _from_rows(csv.DictReader(io.StringIO(text), delimiter=delimiter), name, datum)


def _from_rows(rows, name, datum):
    found = []
    for number, row in enumerate(rows, start=1):
        cells = {str(key).strip().lower(): value for key, value in row.items() if key}
        values = {
            field: next((cells[n] for n in names if cells.get(n) not in (None, "")), "")
            for field, names in _COLUMNS.items()
        }
        try:
            lat, lng = float(values["lat"]), float(values["lng"])
        except ValueError:
            continue
        if values["name"] and math.isfinite(lat) and abs(lat) <= 90 and abs(lng) <= 180:
            lat, lng = from_datum(lat, lng, datum)
            found.append(
                Candidate(
                    f"list:{name}#{number}",
                    str(values["name"]).strip(),
                    round(lat, 7),
                    round(lng, 7),
                    str(values["phone"]),
                    str(values["address"]),
                    str(values["kind"]),
                )
            )
    if not found:
        raise ProspectError("no row has a name and a position")
    return tuple(found)


def near(candidates, lat, lng, radius_m):
    """``[(distance in metres, candidate)]`` within a circle: a hundred, the nearest first."""
    found = ((haversine_m(lat, lng, one.lat, one.lng), one) for one in candidates)
    inside = (one for one in found if one[0] <= radius_m)
    return heapq.nsmallest(MOST_PLACES, inside, key=lambda one: (one[0], one[1].ref))
