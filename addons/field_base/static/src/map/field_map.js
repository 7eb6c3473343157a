/* global L */

import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { createLandLayer, formatMetres, gridScale, loadLand, MetricGrid } from "./base_map";
import { isPosition } from "./geo";
import { MarkerLayer } from "./marker_layer";
import { ShapeLayer } from "./shape_layer";

const FIT_MAX_ZOOM = 15;
const FOCUS_MIN_ZOOM = 13;
const FLY_SECONDS = 0.6;
/** With nothing to show: East Asia. */
const START_VIEW = { lat: 32, lng: 106, zoom: 4 };
const METRES_PER_DEGREE = 111320;

const reducedMotion = () => browser.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * A map that needs no internet: markers (grouped when many), lines and circles on the
 * built-in base map. The caller owns the data; the map only draws it and reports clicks.
 */
export class FieldMap extends Component {
    static template = "field_base.FieldMap";
    static props = {
        // {id, lat, lng, color?: "#rrggbb", label?, title?, selected?,
        //  shape?: "dot" | "pin" | "arrow", course?: degrees}
        markers: { type: Array, element: Object, optional: true },
        // {points: [[lat, lng], …], color?, dashed?, weight?: px, title?}
        lines: { type: Array, element: Object, optional: true },
        // {lat, lng, radius: metres, color?, title?}
        circles: { type: Array, element: Object, optional: true },
        onMarkerClick: { type: Function, optional: true },
        // ({lat, lng}) of a click beside all markers
        onMapClick: { type: Function, optional: true },
        // ({lat, lng, zoom}) after each move
        onMove: { type: Function, optional: true },
        // the view is fitted to the content at first and whenever this changes
        fitKey: { optional: true },
        // {lat, lng, zoom?, key}: fly there whenever key changes
        focus: { type: [Object, { value: null }], optional: true },
        // {lat, lng, zoom}: start here instead of fitting
        initialView: { type: [Object, { value: null }], optional: true },
        // default: group when there are many
        cluster: { type: Boolean, optional: true },
        height: { type: String, optional: true },
        className: { type: String, optional: true },
        slots: { type: Object, optional: true },
    };
    static defaultProps = { markers: [], lines: [], circles: [], height: "100%", className: "" };

    setup() {
        this.state = useState({ scaleLabel: "", scaleWidth: 0, canZoomIn: true, canZoomOut: true });
        this.root = useRef("root");
        this.container = useRef("map");
        onWillStart(() => loadBundle("field_base.assets_map"));
        onMounted(() => this.createMap());
        onWillUnmount(() => this.destroyMap());
        // The map itself is made in onMounted, which runs before these effects.
        useEffect(
            (markers, lines, circles, cluster) =>
                this.drawContent(markers, lines, circles, cluster),
            () => [this.props.markers, this.props.lines, this.props.circles, this.props.cluster]
        );
        useEffect(
            () => this.fitOnChange(),
            () => [this.props.fitKey, this.hasContent()]
        );
        useEffect(
            () => this.flyToFocus(),
            () => [this.props.focus?.key]
        );
    }

    createMap() {
        const start = this.props.initialView || START_VIEW;
        this.map = L.map(this.container.el, {
            center: [start.lat, start.lng],
            zoom: start.zoom,
            minZoom: 2,
            maxZoom: 19,
            zoomControl: false,
            attributionControl: false,
            worldCopyJump: true,
            maxBounds: [
                [-85, -Infinity],
                [85, Infinity],
            ],
            maxBoundsViscosity: 1,
            fadeAnimation: !reducedMotion(),
            zoomAnimation: !reducedMotion(),
        });
        this.fitted = Boolean(this.props.initialView);
        this.fittedKey = this.props.fitKey;
        const colors = this.readColors();
        this.grid = new MetricGrid(this.map, colors);
        this.shapes = new ShapeLayer(this.map, colors.casing);
        this.markerLayer = new MarkerLayer(this.map, {
            onClick: (id) => this.props.onMarkerClick?.(id),
            clusterTitle: (count) => _t("%s places, zoom in", count),
        });
        this.map.on("moveend", this.onMoveEnd, this);
        this.map.on("click", ({ latlng }) => {
            this.props.onMapClick?.({ lat: latlng.lat, lng: latlng.lng });
        });
        this.resizeObserver = new ResizeObserver(() => this.map?.invalidateSize({ pan: false }));
        this.resizeObserver.observe(this.container.el);
        this.updateScale();
        this.addBaseMap(colors);
    }

    destroyMap() {
        this.resizeObserver?.disconnect();
        this.markerLayer?.destroy();
        this.shapes?.destroy();
        this.grid?.destroy();
        this.map?.remove();
        this.map = null;
    }

    /** The map stays usable without its land: the grid and the markers are there. */
    async addBaseMap(colors) {
        let land;
        try {
            land = await loadLand();
        } catch (error) {
            console.warn("The built-in base map could not be loaded", error);
            return;
        }
        if (this.map) {
            createLandLayer(land, colors).addTo(this.map);
        }
    }

    /** Canvas cannot use CSS variables, so they are read once: they hold the dark scheme too. */
    readColors() {
        const style = getComputedStyle(this.root.el);
        const names = ["sea", "shallow", "land", "coast", "grid", "ring", "casing"];
        return Object.fromEntries(
            names.map((name) => [
                name,
                style.getPropertyValue(`--FieldMap-${name}`).trim() || "#cccccc",
            ])
        );
    }

    drawContent(markers, lines, circles, cluster) {
        this.shapes.set(lines, circles);
        this.markerLayer.set(markers, cluster);
        const selected = markers.find((m) => m.selected && isPosition(m.lat, m.lng));
        this.grid.setCenter(selected ? { lat: selected.lat, lng: selected.lng } : null);
    }

    hasContent() {
        const { markers, lines, circles } = this.props;
        return Boolean(
            markers.some((m) => isPosition(m.lat, m.lng)) ||
                lines.some(({ points }) => points.length) ||
                circles.length
        );
    }

    fitOnChange() {
        if (this.fitted && this.fittedKey === this.props.fitKey) {
            return;
        }
        this.fittedKey = this.props.fitKey;
        this.fitted = this.fit({ animate: this.fitted }) || this.fitted;
    }

    /** @returns {boolean} whether there was anything to fit to */
    fit({ animate = true } = {}) {
        const bounds = this.contentBounds();
        if (!bounds.isValid()) {
            return false;
        }
        this.map.fitBounds(bounds, {
            padding: [44, 44],
            maxZoom: FIT_MAX_ZOOM,
            animate: animate && !reducedMotion(),
        });
        return true;
    }

    contentBounds() {
        const { markers, lines, circles } = this.props;
        const bounds = L.latLngBounds([]);
        for (const { lat, lng } of markers) {
            if (isPosition(lat, lng)) {
                bounds.extend([lat, lng]);
            }
        }
        for (const point of lines.flatMap(({ points }) => points)) {
            if (isPosition(...point)) {
                bounds.extend(point);
            }
        }
        for (const { lat, lng, radius } of circles) {
            const dLat = radius / METRES_PER_DEGREE;
            const dLng = dLat / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
            bounds.extend([lat - dLat, lng - dLng]).extend([lat + dLat, lng + dLng]);
        }
        return bounds;
    }

    flyToFocus() {
        const { focus } = this.props;
        if (!focus || !isPosition(focus.lat, focus.lng)) {
            return;
        }
        const zoom = focus.zoom || Math.max(this.map.getZoom(), FOCUS_MIN_ZOOM);
        if (reducedMotion()) {
            this.map.setView([focus.lat, focus.lng], zoom, { animate: false });
        } else {
            this.map.flyTo([focus.lat, focus.lng], zoom, { duration: FLY_SECONDS });
        }
    }

    onMoveEnd() {
        this.updateScale();
        const { lat, lng } = this.map.getCenter();
        this.props.onMove?.({ lat, lng, zoom: this.map.getZoom() });
    }

    updateScale() {
        const zoom = this.map.getZoom();
        const { metres, pixels } = gridScale(this.map.getCenter().lat, zoom);
        this.state.scaleLabel = formatMetres(metres);
        this.state.scaleWidth = Math.round(pixels);
        this.state.canZoomIn = zoom < this.map.getMaxZoom();
        this.state.canZoomOut = zoom > this.map.getMinZoom();
    }

    zoomIn() {
        this.map.zoomIn();
    }

    zoomOut() {
        this.map.zoomOut();
    }
}
