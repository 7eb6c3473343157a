/** Screens have addresses after the #, so that the phone's back gesture works without a server. */

import { reactive } from "@odoo/owl";

export const HOME = "today";

function read() {
    const [name, ...params] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
    return { name: name || HOME, params };
}

export class Router {
    constructor() {
        this.state = reactive(read());
        this.depth = 0;
        window.addEventListener("hashchange", () => Object.assign(this.state, read()));
    }

    go(name, ...params) {
        this.depth++;
        location.hash = `/${[name, ...params].map(encodeURIComponent).join("/")}`;
    }

    /** In place of what is shown, so that "back" does not return to it. */
    replace(name, ...params) {
        history.replaceState(null, "", `#/${[name, ...params].map(encodeURIComponent).join("/")}`);
        Object.assign(this.state, read());
    }

    back() {
        if (this.depth > 0) {
            this.depth--;
            history.back();
        } else {
            this.replace(HOME);
        }
    }
}
