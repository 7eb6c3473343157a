/* global L */

/** So that a single place is seen and a city does not drown the rest. */
const MAX_SHARE = 0.9;
const RADIUS_PX = 22;

/** @returns {L.Layer} from cells that were counted before: thousands, not hundreds of thousands */
export function createHeatLayer(cells) {
    const weights = cells.map(({ weight }) => weight).sort((a, b) => a - b);
    const max = weights[Math.floor((weights.length - 1) * MAX_SHARE)] || 1;
    const points = cells.map(({ lat, lng, weight }) => [lat, lng, weight / max]);
    return L.heatLayer(points, {
        radius: RADIUS_PX,
        blur: RADIUS_PX,
        max: 1,
        minOpacity: 0.25,
        maxZoom: 1, // weights are shares already: no dimming with the zoom
        gradient: { 0.2: "#9ecae1", 0.45: "#6baed6", 0.7: "#fdae6b", 1: "#d94801" },
    });
}
