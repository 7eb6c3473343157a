import { Component, useState } from "@odoo/owl";
import { NetworkProblem } from "../core/api";
import { sendHome } from "../core/home";
import { useApp, useAppState } from "../core/hooks";
import { _t } from "../core/i18n";
import { Icon } from "../ui/icon";
import { Sheet } from "../ui/ui";

const PATIENCE_MS = 15000;

/** A line of Me, where the policy has a home area: name the own home, or forget it. */
export class HomeArea extends Component {
    static template = "field_base.app.HomeArea";
    static components = { Icon, Sheet };
    static props = {};

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.ui = useState({ open: false, busy: false, problem: "" });
    }

    get radius() {
        return this.state.person.practice ? 0 : this.state.me?.policy?.home_radius_m || 0;
    }

    get text() {
        return _t(
            "Places within %(metres)s m of your home become one coarse point before they are kept. Nobody but you sees where it is. Check-ins and calls for help stay exact.",
            { metres: this.radius }
        );
    }

    async here() {
        const release = this.app.location.use();
        const position = await this.app.location.positionWithin(PATIENCE_MS);
        release();
        if (position) {
            return this.send({ lat: position.lat, lng: position.lng });
        }
        this.ui.problem = _t("The phone does not say where it is.");
    }

    forget() {
        return this.send(null);
    }

    async send(position) {
        Object.assign(this.ui, { busy: true, problem: "" });
        try {
            await sendHome(this.app, position);
            this.ui.open = false;
        } catch (error) {
            const offline = error instanceof NetworkProblem;
            this.ui.problem = offline ? _t("This needs a network.") : error.message;
        } finally {
            this.ui.busy = false;
        }
    }
}
