import { Component, onWillUnmount, useState } from "@odoo/owl";
import { useApp, useAppState } from "../core/hooks";
import { _t } from "../core/i18n";
import { unlock } from "../core/lock";
import { secondsToWait } from "../core/vault";
import { Icon } from "../ui/icon";

export const PIN_LENGTH = 4;
export const LONGEST_PIN = 6;
/** From here on the last tries are counted down with what comes after them. */
const FEW = 3;

/** The PIN before anything is shown. */
export class LockScreen extends Component {
    static template = "field_base.app.Lock";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.pin = useState({ digits: "", left: 0, wait: 0, busy: false });
        this.keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "back"];
        const { lock } = this.state.person;
        this.length = lock.digits;
        this.dots = [...Array(this.length).keys()];
        this.timer = null;
        this.wait(secondsToWait(this.state.person));
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get problem() {
        const { left, wait } = this.pin;
        if (wait) {
            return _t("Wrong PIN. Wait %(count)s seconds.", { count: wait });
        }
        return left ? _t("Wrong PIN. %(count)s more tries.", { count: left }) : "";
    }

    get isSerious() {
        return this.pin.left > 0 && this.pin.left <= FEW;
    }

    /** Seconds, counted down on the screen. */
    wait(seconds) {
        this.pin.wait = seconds;
        if (seconds > 0) {
            this.timer = setTimeout(() => this.wait(seconds - 1), 1000);
        }
    }

    async press(key) {
        const { busy, wait } = this.pin;
        if (busy || wait) {
            return;
        }
        if (key === "back") {
            this.pin.digits = this.pin.digits.slice(0, -1);
        } else if (key && this.pin.digits.length < this.length) {
            this.pin.digits += key;
        }
        if (this.pin.digits.length === this.length) {
            await this.open();
        }
    }

    async open() {
        this.pin.busy = true;
        const { left, wait } = await unlock(this.app, this.pin.digits);
        Object.assign(this.pin, { busy: false, digits: "", left });
        this.wait(wait);
    }
}
