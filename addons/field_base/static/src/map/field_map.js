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
import { createProviderLayers, crsOf, watchLayer } from "./base_layers";
import { createLandLayer, formatMetres, gridScale, loadLand, MetricGrid } from "./base_map";
import { isPosition } from "./geo";
import { createHeatLayer } from "./heat";
import { idsInRing, Lasso } from "./lasso";
import { MapAdapter } from "./map_adapter";
import { getMapConfig } from "./map_config";
import { MarkerLayer } from "./marker_layer";
import { language } from "./names";
import { PlaceNames } from "./places";
import { ShapeLayer } from "./shape_layer";
import { smoothDrag } from "./smooth_drag";

/** From so many markers on the land waits for them. */
const MANY = 1000;
const FIT_MAX_ZOOM = 15;
const FOCUS_MIN_ZOOM = 13;
const FLY_SECONDS = 0.6;
/** What rests again before is the same finger, told twice. */
const REST_MS = 1000;
/** With nothing to show: East Asia. */
const START_VIEW = { lat: 32, lng: 106, zoom: 4 };
const METRES_PER_DEGREE = 111320;

const parseColor = (color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));
const nextFrame = () =>
    new Promise((resolve) => browser.requestAnimationFrame(() => browser.setTimeout(resolve)));
const reducedMotion = () => browser.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The finger that rested is lifted over what has come up meanwhile: it presses nothing there. */
function ignoreNextClick() {
    const once = new AbortController();
    const options = { capture: true, signal: once.signal };
    const ignore = (ev) => {
        ev.preventDefault();
        ev.stopPropagation();
        once.abort();
    };
    window.addEventListener("click", ignore, options);
    window.addEventListener("pointerdown", () => once.abort(), options);
}

/**
 * Markers (grouped when many), lines and circles on the base map that the administrator chose, or
 * on the built-in one, which needs no internet. The caller owns the data, in WGS-84; the map only
 * draws it and reports clicks. No web-client services: the phone app uses it as well.
 */
export class FieldMap extends Component {
    static template = "field_base.FieldMap";
    static props = {
        // {id, lat, lng, color?: "#rrggbb", label?, title?, selected?,
        //  shape?: "dot" | "pin" | "arrow", course?: degrees, size?: 0…1 (dots),
        //  value?: number summed in groups, country?: ISO code if known,
        //  front?: above the others and never in a group with them}
        markers: { type: Array, element: Object, optional: true },
        // {points: [[lat, lng], …], color?, dashed?, weight?: px, title?}
        lines: { type: Array, element: Object, optional: true },
        // {lat, lng, radius: metres, color?, title?}
        circles: { type: Array, element: Object, optional: true },
        // groups made by the server: {id, lat, lng, count, value?, zoom?: to open it at}
        clusters: { type: Array, element: Object, optional: true },
        // {lat, lng, weight}: drawn as a heat map
        heat: { type: [Array, { value: null }], optional: true },
        onMarkerClick: { type: Function, optional: true },
        // text for the sum of a group
        formatValue: { type: Function, optional: true },
        // while set, dragging draws round markers: (ids, ring of [lat, lng]) when done
        onLasso: { type: [Function, { value: null }], optional: true },
        // ({lat, lng}) of a click beside all markers
        onMapClick: { type: Function, optional: true },
        // ({lat, lng}) where a finger rests, or the right button is pressed
        onLongPress: { type: [Function, { value: null }], optional: true },
        // ({lat, lng, zoom, box: {south, west, north, east}}) after each move
        onMove: { type: Function, optional: true },
        // the view is fitted to the content at first and whenever this changes
        fitKey: { optional: true },
        // {lat, lng, zoom?, key}: fly there whenever key changes
        focus: { type: [Object, { value: null }], optional: true },
        // {lat, lng, zoom}: start here instead of fitting
        initialView: { type: [Object, { value: null }], optional: true },
        // default: group when there are many
        cluster: { type: Boolean, optional: true },
        // (this component) whenever the map has been made: for those who draw on it themselves
        onReady: { type: Function, optional: true },
        // instead of what the administrator chose; [] for the built-in map
        providers: { type: Array, optional: true },
        height: { type: String, optional: true },
        className: { type: String, optional: true },
        slots: { type: Object, optional: true },
    };
    static defaultProps = {
        markers: [],
        lines: [],
        circles: [],
        clusters: [],
        height: "100%",
        className: "",
    };
    /** Where Leaflet and the others come from; the phone app has them in its own bundle. */
    static loadLibrary = () => loadBundle("field_base.assets_map");

    setup() {
        this.state = useState({
            scaleLabel: "",
            scaleWidth: 0,
            canZoomIn: true,
            canZoomOut: true,
            credit: "",
            isOffline: false,
        });
        this.providers = [...(this.props.providers || getMapConfig().providers)];
        this.root = useRef("root");
        this.container = useRef("map");
        onWillStart(() => this.constructor.loadLibrary());
        onMounted(() => this.createMap());
        onWillUnmount(() => this.destroyMap());
        // The map itself is made in onMounted, which runs before these effects.
        useEffect(
            () => this.drawProps(),
            () => [
                this.props.markers,
                this.props.lines,
                this.props.circles,
                this.props.cluster,
                this.props.clusters,
            ]
        );
        useEffect(
            (heat) => this.drawHeat(heat),
            () => [this.props.heat]
        );
        useEffect(
            (active) => this.toggleLasso(active),
            () => [Boolean(this.props.onLasso)]
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

    /** @param {{lat, lng, zoom}} [view] in WGS-84; where to begin instead of fitting */
    createMap(view = this.props.initialView) {
        this.provider = this.providers[0] || null;
        this.adapter = new MapAdapter(this.provider);
        const start = view || START_VIEW;
        this.map = L.map(this.container.el, {
            crs: crsOf(this.provider),
            center: this.adapter.toMap(start.lat, start.lng),
            zoom: start.zoom,
            minZoom: Math.max(2, this.provider?.minZoom || 0),
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
            // not every browser tells that a finger rests, least of all the windows of chat apps
            tapHold: Boolean(this.props.onLongPress),
        });
        smoothDrag(this.map);
        this.fitted = Boolean(view);
        this.fittedKey = this.props.fitKey;
        const colors = this.readColors();
        this.grid = new MetricGrid(this.map, colors);
        this.shapes = new ShapeLayer(this.map, colors.casing);
        this.markerLayer = new MarkerLayer(this.map, {
            onClick: (id) => this.props.onMarkerClick?.(id),
            clusterTitle: (count, value) => this.clusterTitle(count, value),
            formatValue: (value) => this.props.formatValue?.(value),
        });
        this.map.on("moveend", this.onMoveEnd, this);
        this.map.on("click", ({ latlng }) => {
            this.props.onMapClick?.(this.adapter.fromMap(latlng));
        });
        this.map.on("contextmenu", ({ latlng }) => this.onRest(latlng));
        this.resizeObserver = new ResizeObserver(() => this.map?.invalidateSize({ pan: false }));
        this.resizeObserver.observe(this.container.el);
        this.updateScale();
        this.addBaseMap(colors);
        this.props.onReady?.(this);
    }

    /** Where the browser tells it too, one finger counts once. */
    onRest(latlng) {
        const now = Date.now();
        if (!(now - this.restedAt < REST_MS) && this.props.onLongPress) {
            ignoreNextClick();
            this.props.onLongPress(this.adapter.fromMap(latlng));
        }
        this.restedAt = now;
    }

    destroyMap() {
        this.stopWatching?.();
        this.toggleLasso(false);
        this.resizeObserver?.disconnect();
        this.markerLayer?.destroy();
        this.shapes?.destroy();
        this.grid?.destroy();
        this.places?.destroy();
        this.places = null;
        this.map?.remove();
        this.map = null;
        this.heatLayer = null;
    }

    clusterTitle(count, value) {
        const text = value === undefined ? undefined : this.props.formatValue?.(value);
        return text
            ? _t("%(count)s places, %(sum)s, zoom in", { count, sum: text })
            : _t("%s places, zoom in", count);
    }

    async addBaseMap(colors) {
        const { provider, map } = this;
        if (provider) {
            await this.addProvider(provider, map);
        } else {
            this.state.credit = "Natural Earth";
            this.grid.setStreets(false);
            await this.addLand(colors, map);
        }
    }

    async addProvider(provider, map) {
        const { attribution, approvalNo } = provider;
        this.state.credit = [attribution, approvalNo].filter(Boolean).join(" · ");
        this.grid.setStreets(true);
        let layers;
        try {
            layers = await createProviderLayers(provider, {
                language: language().slice(0, 2),
                dark: this.isDark(),
            });
        } catch (error) {
            console.warn(`The map "${provider.name}" cannot be used`, error);
            this.useNextProvider(map);
            return;
        }
        if (this.map === map) {
            layers.forEach((layer) => layer.addTo(map));
            this.stopWatching = watchLayer(layers[0], () => this.useNextProvider(map));
        }
    }

    /** What was chosen gives nothing: go on with the next one, in its own system and grid. */
    useNextProvider(failed) {
        if (this.map !== failed) {
            return;
        }
        const { lat, lng } = this.adapter.fromMap(this.map.getCenter());
        const view = { lat, lng, zoom: this.map.getZoom() };
        const fitted = this.fitted;
        this.destroyMap();
        this.providers.shift();
        this.state.isOffline = true;
        this.createMap(view);
        this.fitted = fitted;
        this.drawProps();
        this.drawHeat(this.props.heat);
        this.toggleLasso(Boolean(this.props.onLasso));
        this.fitOnChange();
    }

    /** The map stays usable without its land: the grid and the markers are there. */
    async addLand(colors, map) {
        let land;
        if (this.props.markers.length > MANY) {
            await nextFrame(); // what was asked for is seen first
        }
        try {
            land = await loadLand();
        } catch (error) {
            console.warn("The built-in base map could not be loaded", error);
            return;
        }
        if (this.map === map) {
            createLandLayer(land, colors).addTo(map);
            this.places = new PlaceNames(map);
        }
    }

    isDark() {
        const [red] = parseColor(this.readColors().casing);
        return red < 128;
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

    drawProps() {
        const { markers, lines, circles, cluster, clusters } = this.props;
        this.markerLayer.setClusters(this.adapter.clusters(clusters));
        this.drawContent(
            this.adapter.markers(markers),
            this.adapter.lines(lines),
            this.adapter.circles(circles),
            cluster
        );
    }

    /** Everything is in the system of the base map here. */
    drawContent(markers, lines, circles, cluster) {
        this.shapes.set(lines, circles);
        this.markerLayer.set(markers, cluster);
        const selected = markers.find((m) => m.selected && isPosition(m.lat, m.lng));
        this.grid.setCenter(selected ? { lat: selected.lat, lng: selected.lng } : null);
    }

    drawHeat(heat) {
        this.heatLayer?.remove();
        this.heatLayer = heat?.length
            ? createHeatLayer(this.adapter.heat(heat)).addTo(this.map)
            : null;
    }

    toggleLasso(active) {
        this.lasso?.destroy();
        this.lasso = active
            ? new Lasso(this.map, (ring) => {
                  const markers = this.adapter.markers(this.props.markers);
                  this.props.onLasso?.(
                      idsInRing(markers, ring),
                      ring.map(([lat, lng]) => {
                          const point = this.adapter.fromMap({ lat, lng });
                          return [point.lat, point.lng];
                      })
                  );
              })
            : null;
    }

    hasContent() {
        const { markers, lines, circles, clusters } = this.props;
        return Boolean(
            clusters.length ||
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
        const markers = this.adapter.markers(this.props.markers);
        const clusters = this.adapter.clusters(this.props.clusters);
        const lines = this.adapter.lines(this.props.lines);
        const circles = this.adapter.circles(this.props.circles);
        const bounds = L.latLngBounds([]);
        for (const { lat, lng } of [...markers, ...clusters]) {
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
        const point = this.adapter.toMap(focus.lat, focus.lng, focus.country);
        if (reducedMotion()) {
            this.map.setView(point, zoom, { animate: false });
        } else {
            this.map.flyTo(point, zoom, { duration: FLY_SECONDS });
        }
    }

    onMoveEnd() {
        this.updateScale();
        if (this.props.onMove) {
            const { lat, lng } = this.adapter.fromMap(this.map.getCenter());
            this.props.onMove({ lat, lng, zoom: this.map.getZoom(), box: this.getBox() });
        }
    }

    /** What is in sight, in WGS-84. */
    getBox() {
        const bounds = this.map.getBounds();
        const from = this.adapter.fromMap(bounds.getSouthWest());
        const to = this.adapter.fromMap(bounds.getNorthEast());
        return { south: from.lat, west: from.lng, north: to.lat, east: to.lng };
    }

    updateScale() {
        const zoom = this.map.getZoom();
        const { metres, pixels } = gridScale(this.map);
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
