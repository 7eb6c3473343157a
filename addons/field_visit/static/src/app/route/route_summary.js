import { Component } from "@odoo/owl";
import { formatTime, parseServer } from "@field_base/app/core/clock";
import { useApp, useAppState, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { savedBy } from "@field_visit/route/route_logic";
import { minutesText, optimiseRoute, readRoute, stopsOf } from "./day_route";

/** What the way of the day costs and saves, and the button that makes it better. */
export class RouteSummary extends Component {
    static template = "field_visit.app.RouteSummary";
    static components = { Icon };
    static props = { visits: Array, whole: { type: Boolean, optional: true } };

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.box = useQuery(readRoute);
    }

    get route() {
        return this.box.value;
    }

    get isShown() {
        const { stops, out } = stopsOf(this.props.visits);
        return this.props.whole || stops.length > 1 || out.length > 0;
    }

    get way() {
        const { km, travel_min } = this.route;
        return km && !this.route.arranged
            ? _t("%(km)s km · %(time)s on the road", {
                  km: km.toFixed(1),
                  time: minutesText(travel_min),
              })
            : "";
    }

    get saved() {
        const saved = this.way && savedBy(this.route);
        return saved ? _t("%(minutes)s min and %(km)s km less than before", saved) : "";
    }

    get isEstimate() {
        return Boolean(this.way) && ["straight", "failed"].includes(this.route.matrix_source);
    }

    get isLate() {
        return Boolean(this.way) && this.route.late_count > 0;
    }

    get waitsFor() {
        const { online } = this.state;
        if (this.route.asked) {
            return online
                ? _t("Looking for the best order")
                : _t("The best order comes as soon as there is a network");
        }
        return this.route.arranged ? _t("Your own order. Times follow with the next sync.") : "";
    }

    /** Leaving, lunch, the end. */
    get facts() {
        if (!this.way || !this.props.whole) {
            return [];
        }
        const { leaves_at, lunch_at, ends_at, waiting_min } = this.route;
        const time = (text) => text && formatTime(parseServer(text));
        return [
            [_t("Leave at"), time(leaves_at)],
            [_t("Lunch at"), time(lunch_at)],
            [_t("Done at"), time(ends_at)],
            [_t("Waiting"), waiting_min > 4 && minutesText(waiting_min)],
        ].filter(([, value]) => value);
    }

    /** In practice there is nobody who could find it. */
    get canOptimise() {
        return !this.state.person.practice && stopsOf(this.props.visits).stops.length > 0;
    }

    get optimiseText() {
        const begun = this.props.visits.some(
            ({ state, route_pinned }) => state !== "planned" || route_pinned
        );
        return begun && this.props.whole ? _t("Re-optimise the rest") : _t("Optimise");
    }

    optimise() {
        return optimiseRoute(this.app);
    }
}
