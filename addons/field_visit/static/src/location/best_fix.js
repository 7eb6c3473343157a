/** Good enough to stop looking, in metres; nobody waits at a door for the last metre. */
export const GOOD_ENOUGH_M = 30;
/** The longest anybody waits, in milliseconds. The browser's own default is for ever. */
export const PATIENCE_MS = 10000;

/** `code` is "unsupported", "denied" or "unavailable". */
export class LocationError extends Error {
    constructor(code) {
        super(`location ${code}`);
        this.name = "LocationError";
        this.code = code;
    }
}

function toPosition(fix) {
    return {
        lat: fix.coords.latitude,
        lng: fix.coords.longitude,
        accuracy: fix.coords.accuracy ?? null,
        fix_age: fix.timestamp ? Math.max(0, (Date.now() - fix.timestamp) / 1000) : null,
    };
}

/**
 * The best of the positions the device gives within `patience`: the first one is often a cell
 * tower or an old one.
 *
 * @param {Object} [options]
 * @param {Geolocation} [options.geolocation]
 * @param {number} [options.patience] milliseconds
 * @param {number} [options.goodEnough] metres; stop as soon as a fix is that exact
 * @param {(position: Object) => void} [options.onFix] called with each better fix
 * @returns {Promise<{lat: number, lng: number, accuracy: number|null, fix_age: number|null}>}
 * @throws {LocationError}
 */
export function bestFix({
    geolocation = navigator.geolocation,
    patience = PATIENCE_MS,
    goodEnough = GOOD_ENOUGH_M,
    onFix = () => {},
} = {}) {
    if (!geolocation || window.isSecureContext === false) {
        return Promise.reject(new LocationError("unsupported"));
    }
    return new Promise((resolve, reject) => {
        let best = null;
        let watchId = null;
        let timer = null;
        let over = false;
        const finish = (error) => {
            if (over) {
                return;
            }
            over = true;
            clearTimeout(timer);
            if (watchId !== null) {
                geolocation.clearWatch(watchId);
            }
            best ? resolve(best) : reject(new LocationError(error));
        };
        timer = setTimeout(() => finish("unavailable"), patience);
        watchId = geolocation.watchPosition(
            (fix) => {
                const position = toPosition(fix);
                if (!best || (position.accuracy ?? Infinity) < (best.accuracy ?? Infinity)) {
                    best = position;
                    onFix(position);
                }
                if ((best.accuracy ?? Infinity) <= goodEnough) {
                    finish();
                }
            },
            (error) => {
                // 1 = permission denied; the others may pass while we still have patience
                if (error.code === 1) {
                    finish("denied");
                }
            },
            { enableHighAccuracy: true, timeout: patience, maximumAge: 0 }
        );
        if (over) {
            geolocation.clearWatch(watchId);
        }
    });
}
