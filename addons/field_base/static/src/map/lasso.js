import { inRing } from "./datum";

const SVG = "http://www.w3.org/2000/svg";
/** A ring of fewer points is a slip of the finger. */
const FEWEST_POINTS = 3;
const STEP_PX = 4;

/** Draw round some markers with the mouse or a finger: the map stands still meanwhile. */
export class Lasso {
    /**
     * @param {L.Map} map
     * @param {(ring: Array<[number, number]>) => void} onDone the ring in the map's system
     */
    constructor(map, onDone) {
        this.map = map;
        this.onDone = onDone;
        this.points = [];
        this.container = map.getContainer();
        map.dragging.disable();
        map.touchZoom.disable();
        map.boxZoom.disable();
        map.doubleClickZoom.disable();
        this.svg = document.createElementNS(SVG, "svg");
        this.svg.setAttribute("class", "o_field_map_lasso");
        this.svg.setAttribute("aria-hidden", "true");
        this.path = document.createElementNS(SVG, "path");
        this.svg.appendChild(this.path);
        this.container.appendChild(this.svg);
        this.svg.addEventListener("pointerdown", this);
        this.svg.addEventListener("pointermove", this);
        this.svg.addEventListener("pointerup", this);
        this.svg.addEventListener("pointercancel", this);
    }

    destroy() {
        this.svg.remove();
        this.map.dragging.enable();
        this.map.touchZoom.enable();
        this.map.boxZoom.enable();
        this.map.doubleClickZoom.enable();
    }

    handleEvent(event) {
        event.preventDefault();
        event.stopPropagation();
        const point = this.map.mouseEventToContainerPoint(event);
        if (event.type === "pointerdown") {
            this.svg.setPointerCapture(event.pointerId);
            this.points = [point];
        } else if (event.type === "pointermove" && this.points.length) {
            if (point.distanceTo(this.points[this.points.length - 1]) >= STEP_PX) {
                this.points.push(point);
            }
        } else if (event.type === "pointerup") {
            this.finish();
        } else if (event.type === "pointercancel") {
            this.points = [];
        }
        const steps = this.points.map(({ x, y }) => `${x} ${y}`);
        this.path.setAttribute("d", steps.length ? `M${steps.join("L")}Z` : "");
    }

    finish() {
        const ring = this.points.map((point) => {
            const { lat, lng } = this.map.containerPointToLatLng(point);
            return [lat, lng];
        });
        this.points = [];
        if (ring.length >= FEWEST_POINTS) {
            this.onDone(ring);
        }
    }
}

/** @returns {Array} the ids of the markers inside a ring */
export const idsInRing = (markers, ring) =>
    markers.filter(({ lat, lng }) => inRing(lat, lng, ring)).map(({ id }) => id);
