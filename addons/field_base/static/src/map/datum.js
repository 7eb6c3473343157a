/**
 * Which coordinate system a map shows a place in, and the way there and back.
 *
 * WGS-84 is the only system ever stored. A map in GCJ-02 (Amap, Tencent) or BD-09 (Baidu) shows
 * mainland China shifted by some hundred metres and the rest of the world as it is. Whether a
 * place lies there is asked in this order: the country that is known; without one, the border of
 * mainland China. Twin of tools/datum.py, tested on the same points.
 */

import { CHINA } from "./china";
import { bd09ToGcj02, gcj02ToBd09, gcj02ToWgs84, wgs84ToGcj02 } from "./geo";

const SCALE = 1000;
/** Coast and islands are coarse; the official line runs in rivers. */
const GROWN_M = 2000;
const METRES_PER_DEGREE = 111320;
const BANDS_PER_DEGREE = 4;
/** No mainland beyond it: most points are decided here. */
const BOX = { south: 17, west: 73, north: 54, east: 136 };
const SPECIAL_COUNTRIES = ["HK", "MO"];

let border;

/** @returns {Array<[number, number]>} points `[lat, lng]` of Google's polyline code */
export function decodePolyline(code, scale = SCALE) {
    const points = [];
    const last = [0, 0];
    let [value, shift, axis] = [0, 0, 0];
    for (const char of code) {
        const bits = char.charCodeAt(0) - 63;
        value |= (bits & 0x1f) << shift;
        shift += 5;
        if (bits < 0x20) {
            last[axis] += value & 1 ? ~(value >> 1) : value >> 1;
            if (axis) {
                points.push(last.map((number) => number / scale));
            }
            axis = 1 - axis;
            value = shift = 0;
        }
    }
    return points;
}

const crosses = (lat, lng, [lat1, lng1, lat2, lng2]) =>
    lat1 > lat !== lat2 > lat && lng < ((lng2 - lng1) * (lat - lat1)) / (lat2 - lat1) + lng1;

const segmentsOf = (ring) => ring.map((point, i) => [...point, ...ring[(i + 1) % ring.length]]);

/** Whether a point lies in a polygon given by its sides. */
const inside = (lat, lng, segments) =>
    segments.reduce((found, side) => (crosses(lat, lng, side) ? !found : found), false);

/** @returns {boolean} whether the point lies in a polygon of `[lat, lng]` points */
export const inRing = (lat, lng, ring) => inside(lat, lng, segmentsOf(ring));

const bandOf = (lat) => Math.floor(lat * BANDS_PER_DEGREE);

/** The sides of all rings; the mainland's sorted into bands of latitude. Made at first use. */
function getBorder() {
    if (!border) {
        const sides = (codes) => codes.map((code) => segmentsOf(decodePolyline(code)));
        const bands = new Map();
        for (const side of sides(CHINA.land).flat()) {
            const [low, high] = [Math.min(side[0], side[2]), Math.max(side[0], side[2])];
            for (let band = bandOf(low); band <= bandOf(high); band++) {
                bands.has(band) ? bands.get(band).push(side) : bands.set(band, [side]);
            }
        }
        border = {
            bands,
            special: sides(CHINA.special),
            abroad: sides(CHINA.abroad),
            within: sides(CHINA.inside),
        };
    }
    return border;
}

/** Distance to a side on a plane, in metres; good for a few kilometres. */
function distanceTo(lat, lng, [lat1, lng1, lat2, lng2]) {
    const across = Math.cos((lat * Math.PI) / 180) * METRES_PER_DEGREE;
    const [ax, ay] = [(lng1 - lng) * across, (lat1 - lat) * METRES_PER_DEGREE];
    const [dx, dy] = [(lng2 - lng1) * across, (lat2 - lat1) * METRES_PER_DEGREE];
    const length = dx * dx + dy * dy;
    const along = length ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length)) : 0;
    return Math.hypot(ax + along * dx, ay + along * dy);
}

function inLand(lat, lng, bands) {
    if (inside(lat, lng, bands.get(bandOf(lat)) || [])) {
        return true;
    }
    const reach = GROWN_M / METRES_PER_DEGREE;
    const near = new Set([lat - reach, lat, lat + reach].map(bandOf));
    return [...near].some((band) =>
        (bands.get(band) || []).some((side) => distanceTo(lat, lng, side) <= GROWN_M)
    );
}

/**
 * Whether a WGS-84 position lies in mainland China, to about the width of a river.
 *
 * @param {"mainland" | "mainland_hk_mo"} [region] the latter counts Hong Kong and Macau as well
 */
export function inMainlandChina(lat, lng, region = "mainland") {
    if (lat < BOX.south || lat > BOX.north || lng < BOX.west || lng > BOX.east) {
        return false;
    }
    const { bands, special, abroad, within } = getBorder();
    const isIn = (rings) => rings.some((sides) => inside(lat, lng, sides));
    if (isIn(special)) {
        return region === "mainland_hk_mo";
    }
    return !isIn(abroad) && (isIn(within) || inLand(lat, lng, bands));
}

/**
 * Whether a GCJ-02 map shows this place shifted. A known country decides, else the border.
 *
 * @param {string} [countryCode] ISO 3166-1 alpha-2
 */
export function isShifted(lat, lng, countryCode, region = "mainland") {
    if (!countryCode) {
        return inMainlandChina(lat, lng, region);
    }
    const code = countryCode.toUpperCase();
    return code === "CN" || (region === "mainland_hk_mo" && SPECIAL_COUNTRIES.includes(code));
}

/**
 * Where a map of this system shows a WGS-84 position. Baidu's own step (GCJ-02 to BD-09) holds
 * everywhere, the one before it in China only.
 *
 * @param {"wgs84" | "gcj02" | "bd09"} datum
 * @returns {[number, number]} lat, lng
 */
export function toDatum(lat, lng, datum, countryCode, region) {
    if (datum === "wgs84") {
        return [lat, lng];
    }
    const point = isShifted(lat, lng, countryCode, region) ? wgs84ToGcj02(lat, lng) : [lat, lng];
    return datum === "bd09" ? gcj02ToBd09(...point) : point;
}

/** The WGS-84 position of what a map of this system shows there: undoes `toDatum`. */
export function fromDatum(lat, lng, datum, countryCode, region) {
    if (datum === "wgs84") {
        return [lat, lng];
    }
    const point = datum === "bd09" ? bd09ToGcj02(lat, lng) : [lat, lng];
    const unshifted = gcj02ToWgs84(...point);
    return isShifted(...unshifted, countryCode, region) ? unshifted : point;
}
