import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useAppState } from "./core/hooks";
import { HOME } from "./core/router";
import { LockScreen } from "./screens/lock";
import { WelcomeScreen } from "./screens/welcome";
import { TabBar, Toast } from "./ui/ui";

const screens = registry.category("field_app.screens");

/** One screen at a time. */
export class Root extends Component {
    static template = "field_base.app.Root";
    static components = { LockScreen, TabBar, Toast, WelcomeScreen };
    static props = {};

    setup() {
        this.state = useAppState();
        this.route = useState(this.env.app.router.state);
    }

    get screen() {
        return screens.get(this.route.name, null) || screens.get(HOME);
    }

    get key() {
        return [this.route.name, ...this.route.params].join("/");
    }
}
