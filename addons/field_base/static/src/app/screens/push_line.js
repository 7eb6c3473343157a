import { Component, onWillStart, useState } from "@odoo/owl";
import { NetworkProblem } from "../core/api";
import { useApp, useAppState } from "../core/hooks";
import { _t } from "../core/i18n";
import { canBeWoken, isWoken, wake, wakeNoMore } from "../core/push";
import { Icon } from "../ui/icon";

/** A line of Me, where the company has push on: whether messages wake this phone. */
export class PushLine extends Component {
    static template = "field_base.app.PushLine";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.ui = useState({ isOn: false, busy: false });
        onWillStart(() => void this.look());
    }

    get isShown() {
        return Boolean(this.state.me?.push) && !this.state.person.practice && canBeWoken();
    }

    async look() {
        this.ui.isOn = await isWoken();
    }

    async toggle() {
        this.ui.busy = true;
        try {
            await (this.ui.isOn ? wakeNoMore(this.app) : wake(this.app));
        } catch (error) {
            const offline = error instanceof NetworkProblem;
            this.app.toast(offline ? _t("This needs a network.") : error.message);
        } finally {
            await this.look();
            this.ui.busy = false;
        }
    }
}
