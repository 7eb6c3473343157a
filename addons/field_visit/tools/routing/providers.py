"""Questions to road services and what their answers say. No I/O: requests out, answers in.

A matrix is asked for in pieces (:func:`pieces`), each a :class:`Request` and the rows and columns
it fills. Every service has its own order of the two numbers, its own datum and its own limit.

Sources: the HTTP reference of OSRM 5 (table service), Valhalla's matrix API, Amap's 距离测量 v3 and
Baidu's 批量算路 v2.
"""

from dataclasses import dataclass, field

from odoo.addons.field_base.tools.datum import to_datum

KINDS = ("osrm", "valhalla", "amap", "baidu")
DEFAULT_URLS = {
    "osrm": "http://127.0.0.1:5000",
    "valhalla": "http://127.0.0.1:8002",
    "amap": "https://restapi.amap.com",
    "baidu": "https://api.map.baidu.com",
}
#: Origins × destinations of one request.
_AMAP_ORIGINS = 100
_BAIDU_PAIRS = 50


class ProviderError(Exception):
    """The service did not answer with a matrix; the text is its own."""


@dataclass
class Request:
    """One HTTP request, and the piece of the matrix its answer is."""

    url: str
    params: dict = field(default_factory=dict)
    json: dict | None = None
    origins: tuple = ()
    destinations: tuple = ()


def pieces(kind, url, key, points):
    """The requests that make a whole matrix.

    :param str kind: of :data:`KINDS`
    :param list points: ``(lat, lng)`` in WGS-84
    """
    return _BUILDERS[kind]((url or DEFAULT_URLS[kind]).rstrip("/"), key or "", points)


def read(kind, answer, request):
    """``[(origin, destination, seconds, metres)]`` of one answer.

    :param answer: the decoded JSON
    :raises ProviderError: it is an error, or no matrix of the size that was asked for
    """
    try:
        found = _READERS[kind](answer, request)
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise ProviderError(f"unexpected answer: {error!r}") from error
    if len(found) != len(request.origins) * len(request.destinations):
        raise ProviderError(f"{len(found)} ways in the answer")
    return found


def _osrm(url, _key, points):
    text = ";".join(f"{lng:.6f},{lat:.6f}" for lat, lng in points)
    everything = tuple(range(len(points)))
    params = {"annotations": "duration,distance"}
    return [
        Request(
            f"{url}/table/v1/driving/{text}", params, origins=everything, destinations=everything
        )
    ]


def _read_osrm(answer, request):
    if answer["code"] != "Ok":
        raise ProviderError(f"{answer['code']}: {answer.get('message', '')}")
    return _read_rows(request, answer["durations"], answer["distances"])


def _read_rows(request, durations, distances):
    return [
        (origin, destination, _number(durations[row][column]), _number(distances[row][column]))
        for row, origin in enumerate(request.origins)
        for column, destination in enumerate(request.destinations)
    ]


def _number(value):
    if value is None:
        raise ProviderError("there is no road to one of the places")
    return round(float(value))


def _valhalla(url, _key, points):
    places = [{"lat": lat, "lon": lng} for lat, lng in points]
    body = {"sources": places, "targets": places, "costing": "auto", "units": "kilometers"}
    everything = tuple(range(len(points)))
    return [
        Request(f"{url}/sources_to_targets", json=body, origins=everything, destinations=everything)
    ]


def _read_valhalla(answer, request):
    if "error" in answer:
        raise ProviderError(f"{answer.get('error_code', '')}: {answer['error']}")
    factor = 1609.344 if answer.get("units") == "miles" else 1000
    found = []
    for row in answer["sources_to_targets"]:
        for one in row:
            if one["time"] is None:
                raise ProviderError("there is no road to one of the places")
            found.append(
                (
                    request.origins[one["from_index"]],
                    request.destinations[one["to_index"]],
                    round(one["time"]),
                    round(one["distance"] * factor),
                )
            )
    return found


def _amap(url, key, points):
    places = [to_datum(lat, lng, "gcj02") for lat, lng in points]
    texts = [f"{lng:.6f},{lat:.6f}" for lat, lng in places]
    return [
        Request(
            f"{url}/v3/distance",
            {
                "key": key,
                "origins": "|".join(texts[first : first + _AMAP_ORIGINS]),
                "destination": texts[destination],
                "type": "1",
                "output": "json",
            },
            origins=tuple(range(first, min(len(points), first + _AMAP_ORIGINS))),
            destinations=(destination,),
        )
        for destination in range(len(points))
        for first in range(0, len(points), _AMAP_ORIGINS)
    ]


def _read_amap(answer, request):
    if str(answer["status"]) != "1":
        raise ProviderError(f"{answer.get('infocode', '')}: {answer.get('info', '')}")
    return [
        (
            request.origins[int(one["origin_id"]) - 1],
            request.destinations[0],
            _number(one["duration"]),
            _number(one["distance"]),
        )
        for one in answer["results"]
    ]


def _baidu(url, key, points):
    texts = [f"{lat:.6f},{lng:.6f}" for lat, lng in points]
    count = len(points)
    rows = max(1, _BAIDU_PAIRS // count)
    return [
        Request(
            f"{url}/routematrix/v2/driving",
            {
                "ak": key,
                "output": "json",
                "coord_type": "wgs84",
                "origins": "|".join(texts[first : first + rows]),
                "destinations": "|".join(texts[start : start + _BAIDU_PAIRS]),
            },
            origins=tuple(range(first, min(count, first + rows))),
            destinations=tuple(range(start, min(count, start + _BAIDU_PAIRS))),
        )
        for first in range(0, count, rows)
        for start in range(0, count, _BAIDU_PAIRS)
    ]


def _read_baidu(answer, request):
    if answer["status"] != 0:
        raise ProviderError(f"{answer['status']}: {answer.get('message', '')}")
    ways = iter(answer["result"])
    found = []
    for origin in request.origins:
        for destination in request.destinations:
            way = next(ways, None)
            if way is None:
                return found
            found.append(
                (
                    origin,
                    destination,
                    _number(way["duration"]["value"]),
                    _number(way["distance"]["value"]),
                )
            )
    return found


_BUILDERS = {"osrm": _osrm, "valhalla": _valhalla, "amap": _amap, "baidu": _baidu}
_READERS = {
    "osrm": _read_osrm,
    "valhalla": _read_valhalla,
    "amap": _read_amap,
    "baidu": _read_baidu,
}
