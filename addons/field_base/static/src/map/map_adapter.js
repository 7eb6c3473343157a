import { fromDatum, toDatum } from "./datum";
import { isPosition } from "./geo";

/** Remembers the last answer: who asks with the same list again gets the same list back. */
function remember(convert) {
    let [asked, answer] = [null, null];
    return (list) => {
        if (list !== asked) {
            [asked, answer] = [list, convert(list)];
        }
        return answer;
    };
}

/**
 * The only place where positions change their system for drawing: WGS-84 outside, the system of
 * the base map inside. With a WGS-84 base map everything passes as it is.
 */
export class MapAdapter {
    /** @param {{datum?: string, region?: string} | null} provider */
    constructor(provider) {
        this.datum = provider?.datum || "wgs84";
        this.region = provider?.region || "mainland";
        const place = (thing) => {
            if (!isPosition(thing.lat, thing.lng)) {
                return thing;
            }
            const [lat, lng] = this.toMap(thing.lat, thing.lng, thing.country);
            return { ...thing, lat, lng };
        };
        const isPlain = this.datum === "wgs84";
        const converter = (convert) => (isPlain ? (list) => list : remember(convert));
        this.markers = converter((list) => list.map(place));
        this.clusters = converter((list) => list.map(place));
        this.circles = converter((list) => list.map(place));
        this.heat = converter((list) => list.map(place));
        this.lines = converter((list) =>
            list.map((line) => ({
                ...line,
                points: line.points.map((point) =>
                    isPosition(...point) ? this.toMap(...point) : point
                ),
            }))
        );
    }

    /** @returns {[number, number]} */
    toMap(lat, lng, country) {
        return toDatum(lat, lng, this.datum, country, this.region);
    }

    /** @returns {{lat: number, lng: number}} */
    fromMap({ lat, lng }) {
        const [wgsLat, wgsLng] = fromDatum(lat, lng, this.datum, undefined, this.region);
        return { lat: wgsLat, lng: wgsLng };
    }
}
