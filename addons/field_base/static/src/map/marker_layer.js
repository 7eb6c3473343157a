/* global L */

import { isPosition } from "./geo";
import { MarkerGroups } from "./marker_groups";
import { compactNumber } from "./names";
import { safeColor } from "./palette";

/** Above this number of markers in view they are drawn on a canvas instead of as elements. */
export const CANVAS_FROM = 500;
/** Leaflet counts pixels downwards: what is in front lies above whatever is further south. */
const Z_FRONT = 10000;
const Z_SELECTED = 20000;
const FAN_RADIUS_PX = 14;
/** More at one place than this is no building but a default coordinate: they stay stacked. */
const FAN_MOST = 40;
/** What fits into a marker: two characters of any kind. */
const SHORT_LABEL = /^.{1,2}$/u;
const WIDE_LABEL = /^[^\x20-\x7e]{2}$/u;
/** Diameter of the smallest dot, and what the largest has more. */
const DOT_PX = [11, 21];
const SVG = "http://www.w3.org/2000/svg";
/** [width, height, anchor x, anchor y] of each shape. */
const SHAPES = { dot: [22, 22, 11, 11], pin: [30, 38, 15, 36], arrow: [30, 30, 15, 15] };
const PATHS = {
    pin: [
        "0 0 30 38",
        "M15 1.5C7.8 1.5 2 7.3 2 14.4c0 9 10.6 19 12.2 21.3.4.5 1.2.5 1.6 0C17.4 33.4 28 23.4 28 14.4 28 7.3 22.2 1.5 15 1.5z",
    ],
    arrow: [
        "0 0 30 30",
        "M15 3l8.6 21.2c.4.9-.5 1.7-1.3 1.3L15 21.8l-7.3 3.7c-.8.4-1.7-.4-1.3-1.3z",
    ],
};

function element(tag, className, text) {
    const node = document.createElement(tag);
    node.className = className;
    if (text !== undefined) {
        node.textContent = text;
    }
    return node;
}

function drawing(shape) {
    const [viewBox, d] = PATHS[shape];
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", viewBox);
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.appendChild(path);
    return svg;
}

/** The icon of one marker. Short labels are written inside it, longer ones beside it. */
function markerIcon(marker, offset) {
    const shape = marker.shape in SHAPES ? marker.shape : "dot";
    const [width, height, x, y] = SHAPES[shape];
    const body = element("div", "o_field_map_shape");
    body.style.setProperty("--marker-color", safeColor(marker.color));
    if (shape === "dot" && Number.isFinite(marker.size)) {
        const share = Math.max(0, Math.min(1, marker.size));
        body.style.setProperty("--marker-size", `${Math.round(DOT_PX[0] + share * DOT_PX[1])}px`);
    }
    if (shape !== "dot") {
        body.appendChild(drawing(shape));
    }
    if (shape === "pin" && !marker.label) {
        body.appendChild(element("span", "o_field_map_eye"));
    }
    if (shape === "arrow" && Number.isFinite(marker.course)) {
        body.firstChild.style.transform = `rotate(${marker.course}deg)`;
    }
    const root = element("div", "o_field_map_marker_inner");
    root.appendChild(body);
    if (marker.label) {
        const inside = SHORT_LABEL.test(marker.label) && shape !== "arrow";
        const wide = inside && WIDE_LABEL.test(marker.label) ? " o_wide" : "";
        (inside ? body : root).appendChild(
            element(
                "span",
                inside ? `o_field_map_initials${wide}` : "o_field_map_label",
                marker.label
            )
        );
    }
    return L.divIcon({
        html: root,
        className: [
            "o_field_map_marker",
            `o_field_map_${shape}`,
            marker.label && shape === "dot" ? "o_field_map_with_initials" : "",
            marker.selected ? "o_selected" : "",
        ]
            .filter(Boolean)
            .join(" "),
        iconSize: [width, height],
        iconAnchor: [x - offset[0], y - offset[1]],
        tooltipAnchor: [offset[0], offset[1] - y],
    });
}

/** A ring whose colours show the mix inside the group; below it the sum of the group. */
function clusterIcon(properties, sum) {
    const count = properties.point_count;
    const size = count < 10 ? 34 : count < 100 ? 40 : count < 1000 ? 46 : 54;
    const shares = Object.entries(properties).filter(([key]) => key.startsWith("color:"));
    let from = 0;
    const stops = shares
        .sort((a, b) => b[1] - a[1])
        .map(([key, amount]) => {
            const start = from;
            from += (amount / count) * 360;
            return `${key.slice(6)} ${start}deg ${from}deg`;
        });
    const ring = element("div", "o_field_map_cluster_ring");
    ring.style.background = stops.length
        ? `conic-gradient(${stops.join(", ")})`
        : "var(--FieldMap-muted)";
    ring.appendChild(element("span", "", compactNumber(count)));
    const root = element("div", "o_field_map_cluster_inner");
    root.appendChild(ring);
    if (sum) {
        root.appendChild(element("span", "o_field_map_cluster_sum", sum));
    }
    return L.divIcon({ html: root, className: "o_field_map_cluster", iconSize: [size, size] });
}

function signature(marker, offset) {
    return JSON.stringify([
        marker.color,
        marker.label,
        marker.title,
        marker.shape,
        marker.course,
        !!marker.selected,
        marker.size,
        offset,
    ]);
}

/**
 * Draws markers on a map: groups near ones, keeps only those in view, re-uses what is
 * already drawn.
 */
export class MarkerLayer {
    /**
     * @param {L.Map} map
     * @param {object} callbacks
     * @param {(id: any) => void} callbacks.onClick
     * @param {(count: number, value?: number) => string} callbacks.clusterTitle
     * @param {(value: number) => string | undefined} callbacks.formatValue
     */
    constructor(map, callbacks) {
        this.map = map;
        this.callbacks = callbacks;
        this.markers = [];
        this.clusters = [];
        this.byId = new Map();
        this.offsets = new Map();
        this.drawn = new Map();
        this.groups = { back: new MarkerGroups("back"), front: new MarkerGroups("front") };
        this.canvas = createCanvas({ padding: 0.3 });
        map.on("moveend", this.refresh, this);
    }

    destroy() {
        this.map.off("moveend", this.refresh, this);
        for (const { layer } of this.drawn.values()) {
            layer.remove();
        }
        this.drawn.clear();
        this.canvas.remove();
    }

    /** @param {Array<object>} clusters made by the server, see FieldMap; drawn by the next `set` */
    setClusters(clusters) {
        this.clusters = clusters;
    }

    /**
     * @param {Array<object>} markers see FieldMap; those without a position are left out
     * @param {boolean} [cluster] by default from CLUSTER_FROM markers on
     */
    set(markers, cluster) {
        this.markers = markers.filter(({ lat, lng }) => isPosition(lat, lng));
        this.byId = new Map(this.markers.map((marker) => [marker.id, marker]));
        this.offsets = fanOut(this.markers);
        this.groups.back.set(
            this.markers.filter(({ front }) => !front),
            cluster
        );
        this.groups.front.set(
            this.markers.filter(({ front }) => front),
            cluster
        );
        this.refresh();
    }

    /** What is to be drawn in the present view: markers, and groups of them. */
    itemsInView() {
        const bounds = this.map.getBounds().pad(0.25);
        const zoom = this.map.getZoom();
        const back = this.groups.back.inBounds(bounds, zoom);
        const front = this.groups.front.inBounds(bounds, zoom);
        // The selected marker is shown even where it is part of a group.
        const selected = this.markers.filter((marker) => marker.selected);
        return {
            clusters: [...back.clusters, ...front.clusters],
            singles: [...new Set([...back.singles, ...front.singles, ...selected])],
        };
    }

    refresh() {
        const { clusters, singles } = this.itemsInView();
        const onCanvas = singles.length > CANVAS_FROM;
        const wanted = new Map();
        for (const cluster of this.clusters) {
            wanted.set(`group:${cluster.id}`, cluster);
        }
        for (const cluster of clusters) {
            wanted.set(`cluster:${cluster.key}`, cluster);
        }
        for (const marker of singles) {
            const kind = onCanvas && !marker.selected && !marker.front ? "circle" : "marker";
            wanted.set(`${kind}:${marker.id}`, marker);
        }
        for (const [key, { layer }] of this.drawn) {
            if (!wanted.has(key)) {
                layer.remove();
                this.drawn.delete(key);
            }
        }
        for (const [key, item] of wanted) {
            this.draw(key, item);
        }
    }

    draw(key, item) {
        const kind = key.slice(0, key.indexOf(":"));
        const offset = (kind === "marker" && this.offsets.get(item.id)) || [0, 0];
        const sign =
            kind === "cluster"
                ? JSON.stringify(item.properties)
                : kind === "group"
                ? JSON.stringify(item)
                : signature(item, offset);
        const present = this.drawn.get(key);
        if (present?.sign === sign) {
            if (kind !== "cluster") {
                present.layer.setLatLng([item.lat, item.lng]);
            }
            return;
        }
        if (present && kind === "marker") {
            this.updateMarker(present.layer, item, offset);
            this.drawn.set(key, { layer: present.layer, sign });
            return;
        }
        present?.layer.remove();
        const layer =
            kind === "cluster"
                ? this.createCluster(item)
                : kind === "group"
                ? this.createGroup(item)
                : kind === "circle"
                ? this.createCircle(item)
                : this.createMarker(item, offset);
        this.drawn.set(key, { layer, sign });
    }

    createCluster(cluster) {
        const [lng, lat] = cluster.geometry.coordinates;
        const { value } = cluster.properties;
        return this.createGroupMarker([lat, lng], cluster.properties, value, cluster.zoomTo);
    }

    /** A group that the server has made. */
    createGroup({ lat, lng, count, value, zoom }) {
        return this.createGroupMarker(
            [lat, lng],
            { point_count: count },
            value,
            () => zoom || this.map.getZoom() + 2
        );
    }

    createGroupMarker(place, properties, value, zoomTo) {
        const sum = Number.isFinite(value) ? this.callbacks.formatValue?.(value) : undefined;
        const layer = flatMarker(place, { icon: clusterIcon(properties, sum) });
        const open = () => {
            this.map.setView(place, Math.min(zoomTo(), this.map.getMaxZoom()));
        };
        layer.addTo(this.map).on("click", open);
        const name = this.callbacks.clusterTitle(properties.point_count, value);
        this.describe(layer, name, open);
        return layer;
    }

    createCircle(marker) {
        const layer = L.circleMarker([marker.lat, marker.lng], {
            renderer: this.canvas,
            radius: 5.5,
            color: "#ffffff",
            weight: 1.5,
            fillColor: safeColor(marker.color),
            fillOpacity: 0.95,
        });
        layer.on("click", (event) => {
            L.DomEvent.stopPropagation(event);
            this.callbacks.onClick(marker.id);
        });
        // Thousands of tooltips would cost more than the circles themselves.
        layer.once("mouseover", () => {
            bindTitle(layer, () => marker.title, 6);
            layer.openTooltip();
        });
        return layer.addTo(this.map);
    }

    createMarker(marker, offset) {
        const layer = flatMarker([marker.lat, marker.lng], {
            icon: markerIcon(marker, offset),
            riseOnHover: true,
            zIndexOffset: height(marker),
        });
        const id = marker.id;
        layer.addTo(this.map).on("click", () => this.callbacks.onClick(id));
        bindTitle(layer, () => this.byId.get(id)?.title, 0);
        this.describe(layer, marker.title || marker.label, () => this.callbacks.onClick(id));
        markSelected(layer, marker);
        return layer;
    }

    updateMarker(layer, marker, offset) {
        const focused = layer.getElement() === document.activeElement;
        layer.setLatLng([marker.lat, marker.lng]);
        layer.setIcon(markerIcon(marker, offset));
        layer.setZIndexOffset(height(marker));
        this.describe(layer, marker.title || marker.label, () => this.callbacks.onClick(marker.id));
        markSelected(layer, marker);
        if (focused) {
            layer.getElement().focus({ preventScroll: true });
        }
    }

    /** Names the element for screen readers and lets Enter and Space press it. */
    describe(layer, name, press) {
        const icon = layer.getElement();
        icon.setAttribute("aria-label", name || "");
        icon.onkeydown = (event) => {
            if (event.key === "Enter" || event.key === " ") {
                event.preventDefault();
                event.stopPropagation();
                press();
            }
        };
    }
}

function height({ selected, front }) {
    return selected ? Z_SELECTED : front ? Z_FRONT : 0;
}

function markSelected(layer, marker) {
    const icon = layer.getElement();
    icon.dataset.markerId = marker.id;
    icon.setAttribute("aria-current", marker.selected ? "true" : "false");
}

/**
 * Leaflet forgets a frame that it has asked for when it redraws before that frame, and then
 * draws on the canvas although it was removed meanwhile.
 */
export function createCanvas(options) {
    const SafeCanvas = L.Canvas.extend({
        _redraw() {
            if (this._ctx) {
                L.Canvas.prototype._redraw.call(this);
            }
        },
    });
    return new SafeCanvas(options);
}

let FlatMarker;

/**
 * A marker that is painted with its neighbours. Leaflet places each one by a 3D transform, which
 * gives it a layer of its own in the browser: sixty of them halve the frames while dragging.
 */
function flatMarker(place, options) {
    FlatMarker ||= L.Marker.extend({
        _setPos(position) {
            if (this._icon) {
                this._icon._leaflet_pos = position;
                this._icon.style.transform = `translate(${position.x}px, ${position.y}px)`;
            }
            this._zIndex = position.y + this.options.zIndexOffset;
            this._resetZIndex();
        },
    });
    return new FlatMarker(place, options);
}

/** A tooltip made when it opens, from text only. */
export function bindTitle(layer, title, gap) {
    layer.bindTooltip(() => element("span", "", title() || ""), {
        direction: "top",
        offset: [0, -gap - 2],
        className: "o_field_map_tooltip",
    });
    layer.on("tooltipopen", ({ tooltip }) => {
        if (!title()) {
            layer.closeTooltip(tooltip);
        }
    });
}

/** Markers at exactly the same place (one building) are set in a ring round it. */
export function fanOut(markers) {
    const places = new Map();
    for (const marker of markers) {
        const place = `${marker.lat.toFixed(5)},${marker.lng.toFixed(5)}`;
        const ids = places.get(place);
        ids ? ids.push(marker.id) : places.set(place, [marker.id]);
    }
    const offsets = new Map();
    for (const ids of places.values()) {
        if (ids.length < 2 || ids.length > FAN_MOST) {
            continue;
        }
        const radius = Math.max(FAN_RADIUS_PX, (ids.length * 22) / (2 * Math.PI));
        ids.forEach((id, i) => {
            const angle = (2 * Math.PI * i) / ids.length - Math.PI / 2;
            offsets.set(id, [
                Math.round(radius * Math.cos(angle)),
                Math.round(radius * Math.sin(angle)),
            ]);
        });
    }
    return offsets;
}
