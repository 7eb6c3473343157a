/** An area as GeoJSON text and as outlines: lists of [lat, lng] corners, not closed. Pure. */

const SEVEN_DIGITS = 1e7;
const rounded = (degrees) => Math.round(degrees * SEVEN_DIGITS) / SEVEN_DIGITS;
const corner = ([lng, lat]) => [Number(lat), Number(lng)];
const isRing = (ring) => ring.length > 3 && ring.flat().every(Number.isFinite);

/**
 * @param {string} text a Polygon or MultiPolygon, also as a Feature
 * @returns {{outlines: Array, hasHoles: boolean}} no outlines when it is none of these
 */
export function readArea(text) {
    try {
        const found = JSON.parse(text);
        const shape = found.geometry || found;
        const parts = { Polygon: [shape.coordinates], MultiPolygon: shape.coordinates }[shape.type];
        const rings = parts.flat().map((ring) => ring.map(corner));
        return rings.every(isRing)
            ? {
                  outlines: rings.map((ring) => ring.slice(0, -1)),
                  hasHoles: parts.some((part) => part.length > 1),
              }
            : { outlines: [], hasHoles: false };
    } catch {
        return { outlines: [], hasHoles: false };
    }
}

/** @returns {string|false} GeoJSON of these outlines; longitude first, as the standard has it */
export function writeArea(outlines) {
    const parts = outlines.map((points) => {
        const ring = points.map(([lat, lng]) => [rounded(lng), rounded(lat)]);
        return [[...ring, ring[0]]];
    });
    if (!parts.length) {
        return false;
    }
    const shape =
        parts.length === 1
            ? { type: "Polygon", coordinates: parts[0] }
            : { type: "MultiPolygon", coordinates: parts };
    return JSON.stringify(shape);
}
