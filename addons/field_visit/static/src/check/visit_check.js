import { Component, onWillUnmount, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { bestFix } from "../location/best_fix";
import { ReasonDialog } from "./reason_dialog";
import { ResultDialog } from "./result_dialog";

const { DateTime } = luxon;

/** The big button of a visit: finds the position, asks what must be asked, checks in or out. */
export class VisitCheck extends Component {
    static template = "field_visit.VisitCheck";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({ busy: "", accuracy: null, problem: "", now: DateTime.now() });
        const clock = setInterval(() => (this.state.now = DateTime.now()), 20000);
        onWillUnmount(() => clearInterval(clock));
    }

    get data() {
        return this.props.record.data;
    }

    get isMine() {
        return this.data.user_id?.id === user.userId;
    }

    /** "in" or "out": what the button does now; "" hides it. */
    get next() {
        if (!this.isMine) {
            return "";
        }
        if (["planned", "missed"].includes(this.data.state)) {
            return this.data.partner_id ? "in" : "";
        }
        return this.data.state === "in_progress" ? "out" : "";
    }

    get label() {
        return this.next === "in" ? _t("Check in") : _t("Check out");
    }

    get elapsed() {
        const since = this.data.check_in_at;
        if (this.data.state !== "in_progress" || !since) {
            return "";
        }
        const start = typeof since === "string" ? deserializeDateTime(since) : since;
        const minutes = Math.max(0, Math.floor(this.state.now.diff(start, "minutes").minutes));
        return _t("Here for %(minutes)s min", { minutes });
    }

    get progress() {
        if (this.state.busy === "sending") {
            return _t("Saving…");
        }
        if (this.state.accuracy === null) {
            return _t("Finding your position…");
        }
        return _t("Finding your position… ±%(accuracy)s m", {
            accuracy: Math.round(this.state.accuracy),
        });
    }

    get problemText() {
        return {
            denied: _t(
                "Your browser does not give your position. Allow it for this site (tap the lock beside the address, then Location), and try again."
            ),
            unavailable: _t(
                "No position found. Step outside or to a window, switch on location in the phone's settings, and try again."
            ),
            unsupported: _t(
                "This browser cannot give a position here. Open the site over https, or use another browser."
            ),
        }[this.state.problem];
    }

    async onClick() {
        await this.run(() => this.locate());
    }

    async onClickWithoutPosition() {
        await this.run(() => Promise.resolve(null));
    }

    /** One attempt at a time: a second tap while the first is on its way does nothing. */
    async run(getPosition) {
        if (this.state.busy) {
            return;
        }
        const direction = this.next;
        this.state.problem = "";
        this.state.accuracy = null;
        this.state.busy = "locating";
        try {
            if (!(await this.props.record.save())) {
                return;
            }
            const position = await getPosition();
            if (position !== undefined) {
                this.state.busy = "sending";
                await (direction === "in" ? this.checkIn(position) : this.checkOut(position));
            }
        } finally {
            this.state.busy = "";
        }
    }

    /** The position, or undefined when there is none and the person has been told. */
    async locate() {
        if (this.data.channel !== "on_site") {
            return null;
        }
        try {
            return await bestFix({ onFix: (fix) => (this.state.accuracy = fix.accuracy) });
        } catch (error) {
            if (error.name !== "LocationError") {
                throw error;
            }
            this.state.problem = error.code;
            return undefined;
        }
    }

    async checkIn(position) {
        const id = this.props.record.resId;
        const args = [[id]];
        const preview = await this.orm.call("field.visit", "get_check_in_preview", args, {
            position,
        });
        const options = { position };
        if (preview.near && !(await this.askTwice(preview.near))) {
            return;
        }
        if (preview.open_visit) {
            if (!(await this.askToClose(preview.open_visit))) {
                return;
            }
            options.close_previous = true;
        }
        if (preview.needs) {
            const said = await this.askReason(preview);
            if (!said) {
                return;
            }
            Object.assign(options, said);
            options.exception = preview.needs === "exception";
        }
        await this.orm.call("field.visit", "action_check_in", args, options);
        await this.reload(_t("Checked in at %(customer)s", this.customer));
    }

    async checkOut(position) {
        const args = [[this.props.record.resId]];
        const options = { position };
        if (this.data.goal_id && !this.data.result_id) {
            const result = await this.askResult();
            if (result === null) {
                return;
            }
            options.result_id = result;
        }
        await this.orm.call("field.visit", "action_check_out", args, options);
        await this.reload(_t("Checked out of %(customer)s", this.customer));
    }

    get customer() {
        return { customer: this.data.partner_id?.display_name ?? "" };
    }

    async reload(message) {
        await this.props.record.model.load();
        this.notification.add(message, { type: "success" });
    }

    askToClose(open) {
        const since = deserializeDateTime(open.since).toLocaleString(DateTime.TIME_SIMPLE);
        return this.ask({
            title: _t("Another visit is open"),
            body: _t(
                "You are still checked in at %(customer)s since %(since)s. Check out there now and check in here?",
                { customer: open.name, since }
            ),
            confirmLabel: _t("Close it and check in"),
        });
    }

    /** Somebody of us was there a few days ago: perhaps that is enough. */
    askTwice(sentence) {
        return this.ask({
            title: _t("Visited a short time ago"),
            body: sentence,
            confirmLabel: _t("Check in all the same"),
        });
    }

    ask(question) {
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {
                    ...question,
                    confirm: () => resolve(true),
                    cancelLabel: _t("Back"),
                    cancel: () => resolve(false),
                },
                { onClose: () => resolve(false) }
            );
        });
    }

    /** What the visit was for is held against what came of it: an id, 0 for nothing, null for back. */
    async askResult() {
        const domain = [
            ["usage", "=", "result"],
            ["company_id", "in", [false, this.data.company_id?.id || false]],
        ];
        const results = await this.orm.searchRead("field.visit.reason", domain, ["name"]);
        return new Promise((resolve) => {
            this.dialog.add(
                ResultDialog,
                {
                    goal: this.data.goal_id.display_name,
                    results,
                    confirm: resolve,
                    cancel: () => resolve(null),
                },
                { onClose: () => resolve(null) }
            );
        });
    }

    askReason(preview) {
        const exception = preview.needs === "exception";
        return new Promise((resolve) => {
            this.dialog.add(
                ReasonDialog,
                {
                    title: exception
                        ? _t("Check-in is not possible here")
                        : _t("You are away from the customer"),
                    fact: preview.summary,
                    explanation: exception
                        ? _t(
                              "If you are at the customer, say why the app is wrong. Your leader will see it."
                          )
                        : _t("You can check in all the same. A few words spare questions later."),
                    confirmLabel: exception ? _t("I am here") : _t("Check in"),
                    suggestions: [
                        _t("The pin is wrong"),
                        _t("The customer asked to meet elsewhere"),
                        _t("No good signal inside"),
                    ],
                    needsPhoto: preview.needs_photo,
                    confirm: (reason, photo) => resolve(photo ? { reason, photo } : { reason }),
                    cancel: () => resolve(null),
                },
                { onClose: () => resolve(null) }
            );
        });
    }
}

export const visitCheck = {
    component: VisitCheck,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "channel", type: "selection" },
        { name: "user_id", type: "many2one" },
        { name: "partner_id", type: "many2one" },
        { name: "check_in_at", type: "datetime" },
        { name: "goal_id", type: "many2one" },
        { name: "result_id", type: "many2one" },
        { name: "company_id", type: "many2one" },
    ],
};

registry.category("view_widgets").add("field_visit_check", visitCheck);
