"""Links that start navigation in a map app. Pure functions; WGS-84 in, a link out.

Each app has its own order of the two numbers and its own coordinate system; a wrong one puts the
driver half a kilometre off. ``static/src/map/navigation.js`` is the same in the browser; both are
tested on the same vectors. Sources: the apps' own pages on URI schemes.
"""

from urllib.parse import quote

from .datum import is_shifted, to_datum

APPS = ("amap", "baidu", "tencent", "google", "apple", "waze", "geo")
PLATFORMS = ("android", "ios", "desktop")
SOURCE = "field.sales"
_CHINA = ("amap", "baidu", "tencent", "apple", "geo")
_WORLD = ("google", "apple", "waze", "geo")
# Which systems the apps expect; Apple's in mainland China is not documented: see nav_links.
_DATUMS = {"amap": "gcj02", "baidu": "gcj02", "tencent": "gcj02"}
_ONLY_ON = {"apple": ("ios",), "geo": ("android",)}


def nav_links(lat, lng, name, platform="desktop", country_code=None, apple_cn_datum="wgs84"):
    """The apps that make sense for this place on this platform, the best first.

    :param str platform: ``android`` ``ios`` ``desktop``
    :param str apple_cn_datum: what Apple Maps takes for places in mainland China
    :returns: ``[{"app", "url", "native"}]``: ``url`` opens everywhere, ``native`` (or ``None``)
        opens the installed app at once and does nothing where it is missing
    """
    in_china = is_shifted(lat, lng, country_code)
    links = []
    for app in _CHINA if in_china else _WORLD:
        if platform not in _ONLY_ON.get(app, PLATFORMS):
            continue
        datum = apple_cn_datum if app == "apple" else _DATUMS.get(app, "wgs84")
        point = to_datum(lat, lng, datum, country_code)
        links.append({"app": app, **_BUILDERS[app](*map(_number, point), _text(name), platform)})
    return links


def _number(degrees):
    return f"{degrees:.6f}"


def _text(text):
    """Encoded as JavaScript's ``encodeURIComponent`` does."""
    return quote(text or "", safe="-_.!~*'()")


def _amap(lat, lng, name, platform):
    url = (
        f"https://uri.amap.com/navigation?to={lng},{lat},{name}&mode=car&policy=0"
        f"&src={SOURCE}&coordinate=gaode&callnative=1"
    )
    place = f"dlat={lat}&dlon={lng}&dname={name}&dev=0&t=0"
    native = {
        "ios": f"iosamap://path?sourceApplication={SOURCE}&{place}",
        "android": f"amapuri://route/plan/?{place}&sourceApplication={SOURCE}",
    }
    return {"url": url, "native": native.get(platform)}


def _baidu(lat, lng, name, platform):
    query = f"destination=latlng:{lat},{lng}%7Cname:{name}&mode=driving&coord_type=gcj02"
    # The web page wants an origin and a region; it asks for what it cannot tell.
    here = _text("我的位置")
    url = (
        f"https://api.map.baidu.com/direction?origin={here}&{query}"
        f"&region={_text('全国')}&output=html&src=webapp.{SOURCE}"
    )
    native = {
        "ios": f"baidumap://map/direction?{query}&src=ios.{SOURCE}",
        "android": f"bdapp://map/direction?{query}&src=andr.{SOURCE}",
    }
    return {"url": url, "native": native.get(platform)}


def _tencent(lat, lng, name, _platform):
    url = (
        f"https://apis.map.qq.com/uri/v1/routeplan?type=drive&to={name}"
        f"&tocoord={lat},{lng}&coord_type=2&referer={SOURCE}"
    )
    return {"url": url, "native": None}


def _google(lat, lng, _name, _platform):
    url = (
        f"https://www.google.com/maps/dir/?api=1&destination={lat},{lng}"
        "&travelmode=driving&dir_action=navigate"
    )
    return {"url": url, "native": None}


def _apple(lat, lng, _name, _platform):
    return {"url": f"https://maps.apple.com/?daddr={lat},{lng}&dirflg=d", "native": None}


def _waze(lat, lng, _name, _platform):
    url = f"https://waze.com/ul?ll={lat},{lng}&navigate=yes&utm_source={SOURCE}"
    return {"url": url, "native": None}


def _geo(lat, lng, name, _platform):
    return {"url": f"geo:{lat},{lng}?q={lat},{lng}({name})", "native": None}


_BUILDERS = {
    "amap": _amap,
    "baidu": _baidu,
    "tencent": _tencent,
    "google": _google,
    "apple": _apple,
    "waze": _waze,
    "geo": _geo,
}
