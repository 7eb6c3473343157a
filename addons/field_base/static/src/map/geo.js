/**
 * Geometry on the globe, and the three coordinate systems used in China.
 *
 * Positions are stored in WGS-84, always. Only drawing on a GCJ-02 or BD-09 base
 * map and building a link for such a map converts. Everything here is pure, takes
 * degrees and gives `[lat, lng]`; the same vectors test the Python twin in tools/geo.py.
 */

const EARTH_RADIUS_M = 6371008.8;
/** Krasovsky 1940, the ellipsoid of the GCJ-02 formula. */
const KRASOVSKY_A = 6378245.0;
const KRASOVSKY_EE = 0.00669342162296594323;
const BD09_PI = (Math.PI * 3000) / 180;
const PRECISION_DEG = 1e-10;
const MAX_ITERATIONS = 20;

const radians = (degrees) => (degrees * Math.PI) / 180;

/**
 * @param {unknown} lat
 * @param {unknown} lng
 * @returns {boolean} whether this is a usable position; 0/0 means "unknown" in Odoo
 */
export function isPosition(lat, lng) {
    return (
        Number.isFinite(lat) &&
        Number.isFinite(lng) &&
        Math.abs(lat) <= 90 &&
        Math.abs(lng) <= 180 &&
        (lat !== 0 || lng !== 0)
    );
}

/**
 * Great-circle distance.
 *
 * @returns {number} metres
 */
export function haversine(lat1, lng1, lat2, lng2) {
    const sinLat = Math.sin(radians(lat2 - lat1) / 2);
    const sinLng = Math.sin(radians(lng2 - lng1) / 2);
    const a = sinLat ** 2 + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * sinLng ** 2;
    return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(a)));
}

function gcjOffset(lat, lng) {
    const x = lng - 105;
    const y = lat - 35;
    const root = Math.sqrt(Math.abs(x));
    const waves = (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * (2 / 3);
    const dLat =
        -100 +
        2 * x +
        3 * y +
        0.2 * y * y +
        0.1 * x * y +
        0.2 * root +
        waves +
        ((20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2) / 3 +
        ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
    const dLng =
        300 +
        x +
        2 * y +
        0.1 * x * x +
        0.1 * x * y +
        0.1 * root +
        waves +
        ((20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2) / 3 +
        ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3;
    const sinLat = Math.sin(radians(lat));
    const magic = 1 - KRASOVSKY_EE * sinLat * sinLat;
    const meridian = (KRASOVSKY_A * (1 - KRASOVSKY_EE)) / (magic * Math.sqrt(magic));
    const parallel = (KRASOVSKY_A / Math.sqrt(magic)) * Math.cos(radians(lat));
    return [dLat / radians(meridian), dLng / radians(parallel)];
}

/** Inverts `forward` by fixed-point iteration: one step alone is up to 3 m off. */
function invert(forward, lat, lng) {
    let [guessLat, guessLng] = [lat, lng];
    for (let i = 0; i < MAX_ITERATIONS; i++) {
        const [foundLat, foundLng] = forward(guessLat, guessLng);
        const errorLat = foundLat - lat;
        const errorLng = foundLng - lng;
        guessLat -= errorLat;
        guessLng -= errorLng;
        if (Math.abs(errorLat) < PRECISION_DEG && Math.abs(errorLng) < PRECISION_DEG) {
            break;
        }
    }
    return [guessLat, guessLng];
}

/** The formula alone: whether the point is where the shift applies is the caller's question. */
export function wgs84ToGcj02(lat, lng) {
    const [dLat, dLng] = gcjOffset(lat, lng);
    return [lat + dLat, lng + dLng];
}

export function gcj02ToWgs84(lat, lng) {
    return invert(wgs84ToGcj02, lat, lng);
}

export function gcj02ToBd09(lat, lng) {
    const radius = Math.sqrt(lng * lng + lat * lat) + 0.00002 * Math.sin(lat * BD09_PI);
    const theta = Math.atan2(lat, lng) + 0.000003 * Math.cos(lng * BD09_PI);
    return [radius * Math.sin(theta) + 0.006, radius * Math.cos(theta) + 0.0065];
}

export function bd09ToGcj02(lat, lng) {
    return invert(gcj02ToBd09, lat, lng);
}

/** Ground distance of one pixel of a Web-Mercator map, in metres. */
export function metresPerPixel(lat, zoom) {
    return (2 * Math.PI * 6378137 * Math.cos(radians(lat))) / (256 * 2 ** zoom);
}

/** The largest of 1, 2, 5 x 10^n that is not above `value`. */
export function niceStep(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    const digit = value / power;
    return power * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
}
