import { Component } from "@odoo/owl";
import { formatHour, formatTime, parseServer } from "@field_base/app/core/clock";
import { useApp, useLocation, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { destinationOf, formatDistance, judgeFence, placeOf } from "@field_base/app/core/location";
import { Icon } from "@field_base/app/ui/icon";
import { isPosition } from "@field_base/map/geo";
import { NavigateButton } from "@field_base/map/navigate_button";
import { numbersOf } from "@field_visit/route/route_logic";
import { registry } from "@web/core/registry";
import { useCheckIn } from "./check_in_now";
import { CheckInSheet } from "./check_in_sheet";
import { HereButtons } from "./here";
import { LeaveButton } from "./leave_button";
import { LastAndOwed } from "./plan/last_and_owed";
import { latenessOf, reasonOf, timesOf } from "./route/day_route";
import { RouteSummary } from "./route/route_summary";
import { radiusOf, rulesOf, visitsOfToday } from "./visits";

/** The day's stops, with the one button that is most likely wanted now. */
export class TodayVisits extends Component {
    static template = "field_visit.app.TodayVisits";
    static components = {
        CheckInSheet,
        HereButtons,
        Icon,
        LastAndOwed,
        LeaveButton,
        NavigateButton,
        RouteSummary,
    };
    static props = {};

    placeOf = placeOf;

    setup() {
        this.app = useApp();
        this.checking = useCheckIn();
        this.location = useLocation();
        this.visits = useQuery(visitsOfToday);
    }

    get stops() {
        const numbers = numbersOf(this.visits.value);
        return this.visits.value.map((visit) => ({
            ...visit,
            number: numbers.get(visit.uuid),
            ...this.judge(visit),
        }));
    }

    judge({ customer }) {
        const cap = rulesOf(this.app).fence_accuracy_cap;
        return judgeFence(this.location.fix, customer, radiusOf(this.app, customer), cap);
    }

    get counts() {
        const done = this.visits.value.filter(({ state }) => state === "done").length;
        return _t("%(done)s of %(all)s visits", { done, all: this.visits.value.length });
    }

    /** The visit that is on, else where one stands now, else where one goes, else the next one. */
    get now() {
        const open = this.stops.filter(({ state }) => state !== "done");
        return (
            open.find(({ state }) => state === "in_progress") ||
            open
                .filter(({ verdict }) => verdict === "inside")
                .sort((a, b) => a.distance - b.distance)[0] ||
            open.find((visit) => this.isOnWay(visit)) ||
            open[0]
        );
    }

    isOnWay({ state, on_way_at }) {
        return state === "planned" && Boolean(on_way_at);
    }

    get others() {
        const { now } = this;
        return this.stops.filter(({ uuid, route_note }) => uuid !== now?.uuid && !route_note);
    }

    /** What does not fit into the day; it can be visited all the same. */
    get leftOut() {
        const { now } = this;
        return this.stops.filter(({ uuid, route_note }) => uuid !== now?.uuid && route_note);
    }

    /** Where the way leads next, unless one is there. */
    get destination() {
        const { state, verdict, customer } = this.now;
        const goes = state !== "in_progress" && verdict !== "inside";
        return goes && isPosition(customer.lat, customer.lng) ? destinationOf(customer) : null;
    }

    get favourite() {
        return this.app.state.me?.map?.navigation_app || false;
    }

    get action() {
        const { state, customer } = this.now;
        return state === "in_progress"
            ? _t("Continue · %(customer)s", { customer: customer.name })
            : _t("Check in · %(customer)s", { customer: customer.name });
    }

    hint({ state, verdict, distance, checkIn, on_way_at }) {
        if (state === "in_progress") {
            return _t("Since %(time)s", { time: formatTime(checkIn) });
        }
        if (verdict === "inside") {
            return _t("You are here");
        }
        if (state === "planned" && on_way_at) {
            return _t("On the way since %(time)s", { time: formatTime(parseServer(on_way_at)) });
        }
        return formatDistance(distance);
    }

    when(visit) {
        return visit.state === "done"
            ? visit.checkOut && formatTime(visit.checkOut)
            : visit.hour || formatHour(visit.plan_time) || formatDistance(visit.distance);
    }

    times(visit) {
        return visit.state === "planned" ? timesOf(visit) : "";
    }

    lateness(visit) {
        return visit.state === "planned" ? latenessOf(visit) : "";
    }

    reason(visit) {
        return reasonOf(visit);
    }

    open(visit) {
        if (visit.state === "planned" || visit.state === "missed") {
            this.checking.ask(visit);
        } else {
            this.app.router.go("visit", visit.uuid);
        }
    }
}

registry
    .category("field_app.today")
    .add("visits", { Component: TodayVisits, early: [visitsOfToday] }, { sequence: 10 });
