import { Component } from "@odoo/owl";
import { haversine } from "@field_base/map/geo";
import { _t } from "@field_base/app/core/i18n";
import { formatDistance } from "@field_base/app/core/location";

const SIZE = 160;
const MARGIN = 14;
const DOT = 6;

/** You, the pin and the ring of the fence, north up; drawn of numbers alone, so without a network. */
export class FenceRadar extends Component {
    static template = "field_visit.app.FenceRadar";
    static props = {
        // {lat, lng}
        pin: Object,
        // {lat, lng, accuracy}; none while the phone is still looking
        fix: { type: [Object, { value: null }], optional: true },
        radius: Number,
        warn: { type: Number, optional: true },
    };

    setup() {
        this.size = SIZE;
        this.middle = SIZE / 2;
    }

    /** Metres that one stands east and north of the pin. */
    get away() {
        const { pin, fix } = this.props;
        const east = haversine(pin.lat, pin.lng, pin.lat, fix.lng) * Math.sign(fix.lng - pin.lng);
        const north = haversine(pin.lat, pin.lng, fix.lat, pin.lng) * Math.sign(fix.lat - pin.lat);
        return { east, north };
    }

    /** Pixels of a metre: the ring and the person are both on the picture. */
    get scale() {
        const { fix, radius } = this.props;
        const distance = fix ? Math.hypot(this.away.east, this.away.north) : 0;
        return (this.middle - MARGIN) / Math.max(radius, distance, 1);
    }

    get ring() {
        return Math.max(this.props.radius * this.scale, 3);
    }

    get near() {
        return (this.props.warn || 0) * this.scale;
    }

    get me() {
        const { east, north } = this.away;
        const { scale, middle } = this;
        return { x: middle + east * scale, y: middle - north * scale };
    }

    /** How exact the position is; a poor one must not hide everything. */
    get blur() {
        return Math.min(Math.max((this.props.fix.accuracy || 0) * this.scale, DOT), this.middle);
    }

    get label() {
        const { fix, radius } = this.props;
        if (!fix) {
            return _t("The fence is %(radius)s round the pin", { radius: formatDistance(radius) });
        }
        const { east, north } = this.away;
        return _t("You are %(distance)s from the pin, the fence is %(radius)s round it", {
            distance: formatDistance(Math.hypot(east, north)),
            radius: formatDistance(radius),
        });
    }
}
