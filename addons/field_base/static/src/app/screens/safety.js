import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatTime, parseServer } from "../core/clock";
import { useApp, useAppState, useLocation, useQuery } from "../core/hooks";
import { _t } from "../core/i18n";
import { callForHelp, readAlarm, sayAllRight } from "../core/safety";
import { Icon } from "../ui/icon";
import { Screen } from "../ui/ui";

const HOLD_MS = 1500;
const FIX_MS = 1500;
const LOOK_MS = 10000;

/** Held down, not tapped: nobody calls for help by sitting on the phone. */
export class HoldButton extends Component {
    static template = "field_base.app.HoldButton";
    static props = { done: Function, label: String };

    setup() {
        this.state = useState({ held: false });
        onWillUnmount(() => this.release());
    }

    press(ev) {
        if (ev.type === "keydown" && ![" ", "Enter"].includes(ev.key)) {
            return;
        }
        ev.preventDefault();
        if (!this.timer) {
            this.state.held = true;
            this.timer = setTimeout(() => {
                this.release();
                navigator.vibrate?.(300);
                this.props.done();
            }, HOLD_MS);
        }
    }

    release() {
        clearTimeout(this.timer);
        this.timer = null;
        this.state.held = false;
    }
}

export class SosScreen extends Component {
    static template = "field_base.app.Sos";
    static components = { HoldButton, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.location = useLocation(true);
        this.alarm = useQuery(readAlarm);
        this.ui = useState({ note: "", busy: false });
        onMounted(() => {
            // somebody who waits for help wants to know at once who has seen it
            this.timer = setInterval(() => this.alarm.value && this.app.sync?.soon(), LOOK_MS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get helpers() {
        return this.state.me?.helpers || [];
    }

    /** What has become of the call, in the order of hope. */
    get progress() {
        const alarm = this.alarm.value;
        if (!alarm.sent) {
            return _t("Saved on this phone. It goes out as soon as there is a network.");
        }
        if (alarm.seen_by) {
            return _t("%(name)s takes care of it, since %(time)s.", {
                name: alarm.seen_by,
                time: formatTime(parseServer(alarm.seen_at)),
            });
        }
        return alarm.told.length
            ? _t("Told: %(names)s", { names: alarm.told.join(", ") })
            : _t("The office knows.");
    }

    async call() {
        if (this.ui.busy) {
            return;
        }
        this.ui.busy = true;
        await this.app.location.positionWithin(FIX_MS);
        await callForHelp(this.app, this.ui.note.trim());
        Object.assign(this.ui, { busy: false, note: "" });
    }

    async allRight() {
        await sayAllRight(this.app);
        this.app.router.back();
    }
}

/** On Today: a question that waits for an answer, or a call that is not over. */
export class AlarmCard extends Component {
    static template = "field_base.app.AlarmCard";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.alarm = useQuery(readAlarm);
    }

    get until() {
        const { answer_by } = this.alarm.value;
        const time = answer_by && formatTime(parseServer(answer_by));
        return time ? _t("Without an answer your leader is told at %(time)s.", { time }) : "";
    }

    answer() {
        return sayAllRight(this.app);
    }

    open() {
        this.app.router.go("sos");
    }
}

registry.category("field_app.screens").add("sos", { Component: SosScreen });
registry
    .category("field_app.today")
    .add("alarm", { Component: AlarmCard, early: [readAlarm] }, { sequence: 1 });
