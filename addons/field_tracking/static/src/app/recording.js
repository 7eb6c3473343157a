import { Component } from "@odoo/owl";
import { formatMoment, parseServer } from "@field_base/app/core/clock";
import { useApp, useAppState, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { mayLocate, needsConsent } from "@field_base/app/core/rules";
import { pauseDay, readDay } from "@field_base/app/core/workday";
import { Icon } from "@field_base/app/ui/icon";

/** What is recorded at this very moment, and the button that stops it. */
export class Recording extends Component {
    static template = "field_tracking.app.Recording";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.day = useQuery(readDay);
        this.server = useQuery(async (db) => (await rowsOf(db, "track_state"))[0] || null);
    }

    get isDayOn() {
        return this.day.value.state === "open";
    }

    get level() {
        return this.state.me?.policy?.tracking_level || "none";
    }

    get needsOpenDay() {
        return ["workday", "both"].includes(this.state.me?.policy?.working_time_lock);
    }

    /** Why nothing is recorded now; empty when something is. */
    get reason() {
        const { me } = this.state;
        if (needsConsent(me)) {
            return _t("You have not agreed to it.");
        }
        if (["none", "check_in"].includes(this.level)) {
            return _t("Only your check-ins have a place.");
        }
        if (this.day.value.paused) {
            return _t("You are on a pause.");
        }
        if (!mayLocate(me)) {
            return _t("It is outside your working time.");
        }
        if (this.needsOpenDay && !this.isDayOn) {
            return _t("Your day is not on.");
        }
        return "";
    }

    get what() {
        return this.level === "continuous"
            ? _t("Your place, also while the phone is in your pocket.")
            : _t("Your place, while this app is open.");
    }

    get lastText() {
        const at = this.server.value?.last_at;
        return at
            ? _t("Last place at the office: %(time)s", { time: formatMoment(parseServer(at)) })
            : _t("The office has no place of you.");
    }

    get devices() {
        return (this.server.value?.devices || []).map((device) => ({
            ...device,
            when: device.last_contact
                ? formatMoment(parseServer(device.last_contact))
                : _t("never"),
        }));
    }

    pause() {
        return pauseDay(this.app, !this.day.value.paused);
    }
}
