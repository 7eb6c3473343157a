import { Component, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { useApp } from "../core/hooks";
import { _t } from "../core/i18n";
import { Recording, soundType } from "../core/recording";
import { Icon } from "../ui/icon";

const TICK_MS = 250;
const pad = (number) => String(number).padStart(2, "0");

/** 83 seconds are 1:23. */
export function formatLength(seconds) {
    const whole = Math.floor(seconds);
    return `${Math.floor(whole / 60)}:${pad(whole % 60)}`;
}

/** One recording to listen to, as long as it is on the phone. */
export class Sound extends Component {
    static template = "field_base.app.Sound";
    static props = { recording: Object };

    setup() {
        this.app = useApp();
        this.state = useState({ url: "", gone: false });
        useEffect(
            (uuid) => {
                let url = "";
                this.app.account.db.bytes.get(uuid).then((found) => {
                    if (found) {
                        const { mime } = this.props.recording;
                        url = URL.createObjectURL(new Blob([found.data], { type: mime }));
                        this.state.url = url;
                    } else {
                        this.state.gone = true;
                    }
                });
                return () => URL.revokeObjectURL(url);
            },
            () => [this.props.recording.uuid]
        );
    }

    get length() {
        const { seconds, interrupted } = this.props.recording;
        const text = formatLength(seconds || 0);
        return interrupted ? _t("%(length)s · interrupted", { length: text }) : text;
    }
}

/**
 * Record a talk: first the customer is told, then the microphone opens, and a red sign stays on the
 * screen for as long as it does. Leaving the screen ends the recording and keeps it.
 */
export class Recorder extends Component {
    static template = "field_base.app.Recorder";
    static components = { Icon, Sound };
    static props = {
        title: String,
        entity: String,
        // which place of the entity, such as the key of a step
        slot: String,
        label: String,
        // longest, in minutes
        minutes: Number,
        // what the customer is to be told
        notice: { type: String, optional: true },
        // recordings made already, see recordingsOf
        made: { type: Array, element: Object },
        close: Function,
    };

    setup() {
        this.app = useApp();
        this.state = useState({ told: false, on: false, busy: false, seconds: 0, problem: "" });
        onWillUnmount(() => this.stop());
    }

    get notice() {
        return (
            this.props.notice ||
            _t("I would like to record our talk for my notes. Is that all right with you?")
        );
    }

    get most() {
        return this.props.minutes * 60;
    }

    get clock() {
        return `${formatLength(this.state.seconds)} / ${formatLength(this.most)}`;
    }

    /** The sign blinks with the clock. */
    get isOddSecond() {
        return Math.floor(this.state.seconds) % 2 === 1;
    }

    async start() {
        if (!soundType()) {
            this.state.problem = _t(
                "This browser cannot record. Install the app with Chrome or Safari."
            );
            return;
        }
        const { entity, slot, label } = this.props;
        const about = { entity, slot, label, informed: this.notice };
        const recording = new Recording(this.app, about, this.most, (why) => this.onEnd(why));
        this.state.busy = true;
        try {
            this.state.on = await recording.start();
            this.state.problem = "";
        } catch (error) {
            this.state.problem = this.describe(error);
        }
        this.state.busy = false;
        if (this.state.on) {
            this.recording = recording;
            this.timer = setInterval(() => (this.state.seconds = recording.seconds), TICK_MS);
        }
    }

    describe(error) {
        if (["NotAllowedError", "SecurityError"].includes(error.name)) {
            return _t(
                "The microphone is blocked. Allow it in “Me › Permissions”, or tell why it is not possible."
            );
        }
        return error.name === "NotFoundError"
            ? _t("This phone has no microphone that the app could use.")
            : _t("The microphone does not start. End calls and close other apps that use it.");
    }

    stop() {
        return this.recording?.stop();
    }

    onEnd(why) {
        clearInterval(this.timer);
        this.recording = null;
        Object.assign(this.state, { on: false, seconds: 0 });
        const said = {
            limit: _t("The longest time is over. The recording is saved on this phone."),
            device: _t("The phone took the microphone away. What was said so far is saved."),
        };
        if (why !== "storage") {
            this.app.toast(said[why] || _t("Saved on this phone"));
        }
        this.app.sync?.soon();
    }

    async close() {
        await this.stop();
        this.props.close();
    }
}
