"""Made-up tracks with a known truth, in metres round a point in Shanghai."""

import numpy as np

LAT, LON = 31.2304, 121.4737
METRE = 180 / np.pi / 6371008.8
T0 = 1_795_219_200  # 2026-11-21 00:00:00 UTC


def degrees(east, north):
    """(lat, lon) of metres east and north of the origin."""
    lat = LAT + np.asarray(north, dtype=float) * METRE
    return lat, LON + np.asarray(east, dtype=float) * METRE / np.cos(np.radians(LAT))


class Maker:
    """Strings pieces of a day together: ``Maker().stay(600).go(5000, 0, 10).stay(1200)``."""

    def __init__(self, every=10, noise=4.0, seed=1):
        self.every, self.noise = every, noise
        self.random = np.random.default_rng(seed)
        self.t, self.x, self.y, self.v = [], [], [], []
        self.now, self.at = T0, (0.0, 0.0)
        self.stays = []

    def _add(self, x, y, v, every):
        self.t.append(self.now)
        self.x.append(x)
        self.y.append(y)
        self.v.append(v)
        self.now += every

    def stay(self, seconds, every=None):
        self.stays.append((self.now, self.now + seconds, self.at))
        step = every or self.every
        for _n in range(int(seconds // step)):
            dx, dy = self.random.normal(0, self.noise, 2)
            self._add(self.at[0] + dx, self.at[1] + dy, 0.0, step)
        return self

    def go(self, east, north, speed, every=None):
        step = every or self.every
        length = float(np.hypot(east - self.at[0], north - self.at[1]))
        count = max(int(length / speed / step), 1)
        (x0, y0) = self.at
        for n in range(count):
            share = n / count
            dx, dy = self.random.normal(0, self.noise, 2)
            x, y = x0 + (east - x0) * share, y0 + (north - y0) * share
            self._add(x + dx, y + dy, speed, step)
        self.at = (float(east), float(north))
        return self

    def silent(self, seconds):
        self.now += seconds
        return self

    def shift(self, east, north):
        """Be somewhere else without anybody having seen it."""
        self.at = (float(east), float(north))
        return self

    def arrays(self, speed=False):
        lat, lon = degrees(self.x, self.y)
        result = {"ts": np.array(self.t, dtype=float), "lat": lat, "lon": lon}
        if speed:
            result["speed"] = np.array(self.v)
        return result
