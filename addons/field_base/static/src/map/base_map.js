/* global L, geojsonvt */

/**
 * The built-in base map: land and sea from Natural Earth, cut into tiles in the browser.
 * No server, no borders. Above street zoom the coastline is coarser than what is shown,
 * so land and sea fade into each other and the metric grid takes over.
 */

import { browser } from "@web/core/browser/browser";
import { metresPerPixel, niceStep } from "./geo";

const LAND_URL = "/field_base/static/lib/natural_earth/land.json";
const TILE_EXTENT = 4096;
const MAX_ZOOM = 19;
const GRID_MIN_ZOOM = 9;
const RINGS_MIN_ZOOM = 12;
/** Coastline contrast: full up to the first zoom, faintest from the second on. */
const FADE_ZOOM = [10, 14];
const FADE_MOST = 0.7;
const CELL_PX = 110;

let landIndex;

/** @returns {{type: string, geometry: object, properties: object}} GeoJSON of land.json */
export function decodeLand({ scale, polygons }) {
    const decodeRing = (flat) => {
        const ring = [];
        let [x, y] = [0, 0];
        for (let i = 0; i < flat.length; i += 2) {
            x += flat[i];
            y += flat[i + 1];
            ring.push([x / scale, y / scale]);
        }
        return ring;
    };
    const coordinates = polygons.map((polygon) => polygon.map(decodeRing));
    return { type: "Feature", properties: {}, geometry: { type: "MultiPolygon", coordinates } };
}

/** The tile index of the land, made once per page. */
export function loadLand() {
    landIndex ||= browser
        .fetch(LAND_URL)
        .then((response) => {
            if (!response.ok) {
                throw new Error(`${LAND_URL}: ${response.status}`);
            }
            return response.json();
        })
        .then((land) =>
            geojsonvt(decodeLand(land), {
                maxZoom: MAX_ZOOM,
                // the rest is cut when it is looked at: cutting all of it would hold up the page
                indexMaxZoom: 1,
                indexMaxPoints: 0,
                tolerance: 2,
                extent: TILE_EXTENT,
                buffer: 80,
            })
        )
        .catch((error) => {
            landIndex = null;
            throw error;
        });
    return landIndex;
}

const parseHex = (color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));

/** Mixes two "#rrggbb" colours; share 0 gives the first, 1 the second. */
export function mixColors(from, to, share) {
    const target = parseHex(to);
    const mixed = parseHex(from).map((part, i) => Math.round(part + (target[i] - part) * share));
    return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * @param {number} [seam] x of the 180th meridian in this tile: the data is cut there, and the
 *  cut must not be drawn as a coast
 */
function tracePolygons(context, features, scale, seam) {
    context.beginPath();
    for (const feature of features) {
        for (const ring of feature.geometry) {
            ring.forEach(([x, y], i) => {
                const start = !i || (x === seam && ring[i - 1][0] === seam);
                context[start ? "moveTo" : "lineTo"](x * scale, y * scale);
            });
        }
    }
}

function drawTile(context, size, features, { x, z }, colors) {
    const [from, to] = FADE_ZOOM;
    const fade = FADE_MOST * Math.min(1, Math.max(0, (z - from) / (to - from)));
    context.fillStyle = mixColors(colors.sea, colors.land, fade);
    context.fillRect(0, 0, size, size);
    if (!features.length) {
        return;
    }
    const scale = size / TILE_EXTENT;
    const seam = x === 0 ? 0 : x === 2 ** z - 1 ? TILE_EXTENT : undefined;
    context.lineJoin = "round";
    tracePolygons(context, features, scale, seam);
    if (!fade) {
        context.lineWidth = 7;
        context.strokeStyle = colors.shallow;
        context.stroke();
    }
    tracePolygons(context, features, scale);
    context.fillStyle = colors.land;
    context.fill("evenodd");
    tracePolygons(context, features, scale, seam);
    context.lineWidth = 1;
    context.strokeStyle = mixColors(colors.coast, colors.land, fade);
    context.stroke();
}

/**
 * @param {object} index geojson-vt index of the land
 * @param {{sea, shallow, land, coast}} colors "#rrggbb" each
 * @returns {L.GridLayer}
 */
export function createLandLayer(index, colors) {
    const LandLayer = L.GridLayer.extend({
        createTile(coords) {
            const { x: size } = this.getTileSize();
            const ratio = window.devicePixelRatio || 1;
            const tile = document.createElement("canvas");
            tile.width = tile.height = size * ratio;
            const context = tile.getContext("2d");
            context.scale(ratio, ratio);
            const slice = index.getTile(coords.z, coords.x, coords.y);
            drawTile(context, size, slice ? slice.features : [], coords, colors);
            return tile;
        },
    });
    return new LandLayer({ maxZoom: MAX_ZOOM, keepBuffer: 3, pane: "tilePane" });
}

/** Ground distance of one pixel in the middle of the map; each grid of tiles has its own. */
function pixelMetres(map) {
    const { lat } = map.getCenter();
    const { crs } = map.options;
    return crs === L.CRS.EPSG3857
        ? metresPerPixel(lat, map.getZoom())
        : Math.cos((lat * Math.PI) / 180) / crs.scale(map.getZoom());
}

/** The scale of the view: one grid cell, a round number of metres. */
export function gridScale(map) {
    const perPixel = pixelMetres(map);
    const metres = niceStep(perPixel * CELL_PX);
    return { metres, pixels: metres / perPixel };
}

/**
 * The metric grid and, round the selected marker, distance rings. One canvas over the
 * tiles, half a screen larger on each side so that panning shows no edge.
 */
export class MetricGrid {
    /**
     * @param {L.Map} map
     * @param {{grid: string, ring: string}} colors
     */
    constructor(map, colors) {
        this.map = map;
        this.colors = colors;
        this.center = null;
        const pane = map.getPane("fieldGrid") || map.createPane("fieldGrid");
        pane.style.zIndex = 250;
        pane.style.pointerEvents = "none";
        this.canvas = document.createElement("canvas");
        this.canvas.className = "o_field_map_grid";
        pane.appendChild(this.canvas);
        map.on("moveend resize", this.draw, this);
        map.on("zoomstart", this.hide, this);
        this.draw();
    }

    destroy() {
        this.map.off("moveend resize", this.draw, this);
        this.map.off("zoomstart", this.hide, this);
        this.canvas.remove();
    }

    /** @param {{lat: number, lng: number} | null} center of the rings */
    setCenter(center) {
        this.center = center;
        this.draw();
    }

    /** @param {boolean} streets whether the base map shows more than the grid could add */
    setStreets(streets) {
        this.streets = streets;
        this.draw();
    }

    hide() {
        this.canvas.style.opacity = 0;
    }

    draw() {
        const zoom = this.map.getZoom();
        if (zoom < GRID_MIN_ZOOM) {
            this.hide();
            return;
        }
        const size = this.map.getSize();
        const padding = size.divideBy(2).floor();
        const total = size.add(padding.multiplyBy(2));
        const ratio = window.devicePixelRatio || 1;
        this.canvas.width = total.x * ratio;
        this.canvas.height = total.y * ratio;
        this.canvas.style.width = `${total.x}px`;
        this.canvas.style.height = `${total.y}px`;
        L.DomUtil.setPosition(
            this.canvas,
            this.map.containerPointToLayerPoint([-padding.x, -padding.y])
        );
        const context = this.canvas.getContext("2d");
        context.scale(ratio, ratio);
        const origin = this.map.getPixelBounds().min.subtract(padding);
        const scale = gridScale(this.map);
        if (!this.streets) {
            this.drawLines(context, total, origin, scale.pixels);
        }
        if (this.center && zoom >= RINGS_MIN_ZOOM) {
            this.drawRings(context, this.map.project(this.center, zoom).subtract(origin), scale);
        }
        this.canvas.style.opacity = 1;
    }

    drawLines(context, total, origin, cell) {
        context.strokeStyle = this.colors.grid;
        context.lineWidth = 1;
        context.beginPath();
        for (let x = cell - (origin.x % cell); x < total.x; x += cell) {
            context.moveTo(Math.round(x) + 0.5, 0);
            context.lineTo(Math.round(x) + 0.5, total.y);
        }
        for (let y = cell - (origin.y % cell); y < total.y; y += cell) {
            context.moveTo(0, Math.round(y) + 0.5);
            context.lineTo(total.x, Math.round(y) + 0.5);
        }
        context.stroke();
    }

    drawRings(context, at, { metres, pixels }) {
        context.strokeStyle = this.colors.ring;
        context.fillStyle = this.colors.ring;
        context.font = "11px system-ui, sans-serif";
        context.textAlign = "center";
        context.setLineDash([3, 4]);
        for (const count of [1, 2, 3]) {
            context.beginPath();
            context.arc(at.x, at.y, pixels * count, 0, 2 * Math.PI);
            context.stroke();
            context.fillText(formatMetres(metres * count), at.x, at.y - pixels * count - 4);
        }
    }
}

/** "500 m", "2 km": unit symbols are the same in every language we ship. */
export function formatMetres(metres) {
    return metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
}
