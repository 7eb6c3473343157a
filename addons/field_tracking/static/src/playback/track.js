/**
 * The thinned track of a day: pieces without a gap inside, each
 * `{t: [seconds of the day], lat, lng, kmh}` in time order.
 */
export class Track {
    constructor(pieces) {
        this.pieces = pieces.filter((piece) => piece.t.length);
    }

    get isEmpty() {
        return !this.pieces.length;
    }

    get start() {
        return this.isEmpty ? 0 : this.pieces[0].t[0];
    }

    get end() {
        return this.isEmpty ? 0 : this.pieces.at(-1).t.at(-1);
    }

    /**
     * Where the person was at a time of the day.
     *
     * @param {number} time seconds since the start of the day
     * @returns {{lat: number, lng: number, course: number, kmh: number, known: boolean}}
     *  `known` is false between two pieces: the last known place is given, nothing is invented
     */
    at(time) {
        let piece = this.pieces[0];
        for (const candidate of this.pieces) {
            if (candidate.t[0] > time) {
                break;
            }
            piece = candidate;
        }
        const { t, lat, lng, kmh } = piece;
        const i = lastNotAfter(t, time);
        if (i < 0 || i >= t.length - 1) {
            const edge = Math.max(i, 0);
            const known = i < 0 || time === t[edge] || time >= this.end;
            return { lat: lat[edge], lng: lng[edge], course: 0, kmh: -1, known };
        }
        const share = (time - t[i]) / Math.max(t[i + 1] - t[i], 1);
        return {
            lat: lat[i] + (lat[i + 1] - lat[i]) * share,
            lng: lng[i] + (lng[i + 1] - lng[i]) * share,
            course: courseBetween(lat[i], lng[i], lat[i + 1], lng[i + 1]),
            kmh: kmh[i],
            known: true,
        };
    }

    /** Polylines for the map. */
    lines(style) {
        return this.pieces
            .filter((piece) => piece.t.length > 1)
            .map(({ lat, lng }) => ({ ...style, points: lat.map((value, i) => [value, lng[i]]) }));
    }
}

/** Index of the last entry of a sorted list that is not after `value`, or -1. */
export function lastNotAfter(sorted, value) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] <= value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - 1;
}

/** Degrees clockwise from north. */
export function courseBetween(lat1, lng1, lat2, lng2) {
    const east = (lng2 - lng1) * Math.cos((lat1 * Math.PI) / 180);
    return ((Math.atan2(east, lat2 - lat1) * 180) / Math.PI + 360) % 360;
}
