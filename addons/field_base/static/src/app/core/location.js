/**
 * Where the phone is, asked only while somebody needs it. The best of the last fixes is used; a
 * fix is never older than two minutes and never made up.
 */

import { reactive } from "@odoo/owl";
import { haversine, isPosition } from "@field_base/map/geo";

const MAX_AGE_MS = 120000;
const GOOD_M = 30;
/** For so long one looks for a good fix; then the best there is has to do. */
const BEST_MS = 10000;
const MOST_FIXES = 10;

export class LocationService {
    constructor() {
        this.state = reactive({ permission: "unknown", problem: "", fix: null });
        this.users = 0;
        this.precise = 0; // of them
        this.watch = null;
        this.since = 0; // when the watch began
        this.ring = []; // the last fixes as they came, good or bad
        this.listeners = new Set();
        this._followPermission();
    }

    async _followPermission() {
        try {
            const status = await navigator.permissions.query({ name: "geolocation" });
            this.state.permission = status.state;
            status.onchange = () => {
                this.state.permission = status.state;
                this._restart();
            };
        } catch {
            this.state.permission = "unknown"; // older Safari cannot tell
        }
    }

    /**
     * @param {boolean} [precise] false spares the battery: good enough to notice that one moves on
     * @returns {Function} call it when the position is not needed any more
     */
    use(precise = true) {
        const step = (by) => {
            this.users += by;
            this.precise += precise ? by : 0;
            this._restart();
        };
        step(1);
        let used = true;
        return () => {
            if (used) {
                used = false;
                step(-1);
            }
        };
    }

    /**
     * Every fix as it comes, while somebody uses the position.
     *
     * @param {Function} listener `(fix, coords)`
     * @returns {Function} call it to hear no more
     */
    listen(listener) {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }

    /** The rules do not allow it (any more): what was known is not kept. */
    forget() {
        if (!this.users) {
            this.state.fix = null;
            this.ring = [];
        }
    }

    _restart() {
        const wanted = this.users > 0 && "geolocation" in navigator;
        const precise = this.precise > 0;
        if (this.watch !== null && (!wanted || this.watchIsPrecise !== precise)) {
            navigator.geolocation.clearWatch(this.watch);
            this.watch = null;
        }
        if (wanted && this.watch === null) {
            this.watchIsPrecise = precise;
            this.since = Date.now();
            this.watch = navigator.geolocation.watchPosition(
                (position) => this._take(position),
                (error) => this._fail(error),
                { enableHighAccuracy: precise, maximumAge: 10000, timeout: 20000 }
            );
        }
    }

    _take({ coords, timestamp }) {
        const { latitude: lat, longitude: lng, accuracy, speed, heading } = coords;
        if (!isPosition(lat, lng)) {
            return;
        }
        const fix = { lat, lng, accuracy: Math.round(accuracy * 10) / 10, at: timestamp };
        this.ring = [...this.ring, { ...fix, speed, heading }].slice(-MOST_FIXES);
        this.listeners.forEach((listener) => listener(fix, coords));
        const old = this.current();
        const moved = old && haversine(old.lat, old.lng, lat, lng) > old.accuracy + accuracy;
        if (!old || moved || accuracy <= GOOD_M || accuracy <= old.accuracy) {
            this.state.fix = fix;
        }
        this.state.problem = "";
        this.state.permission = "granted";
    }

    _fail(error) {
        this.state.problem = error.code === error.PERMISSION_DENIED ? "denied" : "unavailable";
        if (this.state.problem === "denied") {
            this.state.permission = "denied";
        }
    }

    get isOff() {
        return this.state.permission === "denied" || Boolean(this.state.problem);
    }

    /** The last fix, if it is young enough. */
    current() {
        const { fix } = this.state;
        return fix && Date.now() - fix.at < MAX_AGE_MS ? fix : null;
    }

    /** As events carry it. */
    position() {
        const fix = this.current();
        if (!fix) {
            return undefined;
        }
        const { lat, lng, accuracy } = fix;
        const age = Math.max(0, Math.round((Date.now() - fix.at) / 1000));
        return { lat, lng, accuracy, fix_age: age };
    }

    /** The fixes as they came, oldest first, for those who look at a check-in later. */
    fixes() {
        const young = this.ring.filter(({ at }) => Date.now() - at < MAX_AGE_MS);
        const raw = young.map((fix) => ({ ...fix, at: new Date(fix.at).toISOString() }));
        return raw.length ? raw : undefined;
    }

    /**
     * The best position of the first seconds of looking; a good one is not waited for any longer.
     *
     * @param {number} ms how long to wait where there is none at all
     */
    async bestWithin(ms) {
        const end = Date.now() + ms;
        const isOver = () => {
            const fix = this.current();
            return isGood(fix) || this.isOff || Date.now() >= (fix ? this.since + BEST_MS : end);
        };
        while (!isOver()) {
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return this.position();
    }

    /** Waits for a first fix, not for a perfect one: a check-in must not hang. */
    async positionWithin(ms) {
        const end = Date.now() + ms;
        while (!this.current() && !this.isOff && Date.now() < end) {
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return this.position();
    }
}

/**
 * What a place says about a customer's pin; twin of `fence_verdict` in tools/geo.py.
 *
 * @returns {{verdict: string, distance: number|null}} inside, maybe, outside or unverifiable
 */
export function judgeFence(fix, customer, radius, accuracyCap) {
    if (!fix || !customer || !isPosition(customer.lat, customer.lng)) {
        return { verdict: "unverifiable", distance: null };
    }
    const distance = haversine(fix.lat, fix.lng, customer.lat, customer.lng);
    const accuracy = Math.max(fix.accuracy || 0, 0);
    if (distance + accuracy <= radius) {
        return { verdict: "inside", distance };
    }
    const near = distance - Math.min(accuracy, accuracyCap) <= radius;
    return { verdict: near ? "maybe" : "outside", distance };
}

/** A fix this exact needs no better one. */
export function isGood(fix) {
    return fix?.accuracy <= GOOD_M;
}

/** Where navigation leads: the entrance, when it is known. */
/** What finds a customer among his neighbours: floor and shop number, without them the street. */
export function placeOf({ field_place_hint, street }) {
    return field_place_hint || street || "";
}

export function destinationOf({ lat, lng, entrance, country }) {
    const [goLat, goLng] = entrance || [lat, lng];
    return { lat: goLat, lng: goLng, country: country || undefined };
}

export function formatDistance(metres) {
    if (metres === null || metres === undefined) {
        return "";
    }
    if (metres < 995) {
        return `${metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10} m`;
    }
    return `${(metres / 1000).toFixed(metres < 9950 ? 1 : 0)} km`;
}
