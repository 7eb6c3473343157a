import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { config } from "../core/config";
import { formatTime } from "../core/clock";
import { useApp, useAppState, useQuery } from "../core/hooks";
import { LANGUAGES, _t } from "../core/i18n";
import { hasPin, setPin } from "../core/lock";
import { isInstalled, storageLevel } from "../core/phone";
import { isMobileNetwork, megabytes, readTraffic } from "../core/traffic";
import { applyUpdate } from "../core/updates";
import { closeDay, pauseDay, readDay } from "../core/workday";
import { Icon } from "../ui/icon";
import { Screen, Sheet } from "../ui/ui";
import { HomeArea } from "./home_area";
import { MapPackages } from "./maps";
import { LONGEST_PIN, PIN_LENGTH } from "./lock";
import { PushLine } from "./push_line";

const MB = 1024 * 1024;
/** A day, over the mobile network; 0 is no limit. */
const DATA_LIMITS = [0, 20, 50, 100, 200];

/** More lines of Me, from modules: `{label, icon, screen, isShown?}` in `field_app.me`. */
const links = registry.category("field_app.me");

/** What is recorded right now, told by the modules that record it: components. */
const recordings = registry.category("field_app.recordings");

export class MeScreen extends Component {
    static template = "field_base.app.Me";
    static components = { HomeArea, Icon, MapPackages, PushLine, Screen, Sheet };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.location = useState(this.app.location.state);
        this.day = useQuery(readDay);
        this.traffic = useQuery(readTraffic);
        this.ui = useState({ sheet: "", pin: "", problem: "", busy: false });
        this.languages = Object.entries(LANGUAGES);
        this.version = config.app;
        this.installed = isInstalled();
        this.app.refreshStorage();
    }

    get themes() {
        return [
            ["auto", _t("Automatic")],
            ["light", _t("Light")],
            ["dark", _t("Dark")],
            ["sun", _t("Bright sun")],
        ];
    }

    get recordings() {
        return this.state.person.practice ? [] : recordings.getAll();
    }

    get links() {
        return links
            .getAll()
            .filter(({ isShown }) => !isShown || isShown(this.state))
            .map((link) => ({ ...link, text: link.label() }));
    }

    get unsent() {
        const { events, blobs, trouble } = this.state.counts;
        return events + blobs + trouble;
    }

    get unsentText() {
        return this.unsent ? _t("%(count)s to send", { count: this.unsent }) : _t("All sent");
    }

    get isOn() {
        return this.day.value.state === "open";
    }

    pause() {
        return pauseDay(this.app, !this.day.value.paused);
    }

    get dayText() {
        const day = this.day.value;
        if (this.isOn && day.paused) {
            return _t("Pause");
        }
        return day.state === "open"
            ? _t("Day on since %(time)s", { time: formatTime(day.opened) })
            : _t("No day is open");
    }

    get storageText() {
        const { used, quota, persisted } = this.state.storage;
        const free = Math.max(0, Math.round((quota - used) / MB));
        const values = { used: Math.round(used / MB), free };
        return persisted
            ? _t("%(used)s MB used, %(free)s MB free, protected", values)
            : _t("%(used)s MB used, %(free)s MB free", values);
    }

    get trafficText() {
        const { up, down } = this.traffic.value;
        return _t("%(count)s MB: sent %(up)s, received %(down)s", {
            count: megabytes(up + down),
            up: megabytes(up),
            down: megabytes(down),
        });
    }

    get dataLimits() {
        const names = (mb) => (mb ? _t("%(count)s MB", { count: mb }) : _t("No limit"));
        return DATA_LIMITS.map((mb) => [mb, names(mb)]);
    }

    /** The phone does not tell Wi-Fi from mobile: then all of it counts. */
    get countsAll() {
        return isMobileNetwork() === null;
    }

    async setDataLimit(mb) {
        await this.app.setSetting("dataLimit", mb);
        this.app.account.dataLimit = mb;
        this.app.sync?.soon();
    }

    get storageLevel() {
        return storageLevel(this.state.storage);
    }

    get hasPin() {
        return hasPin(this.state.person);
    }

    async endDay() {
        await closeDay(this.app);
        this.ui.sheet = "";
    }

    async setPin() {
        if (!/^\d{4,6}$/.test(this.ui.pin)) {
            this.ui.problem = _t("The PIN has %(least)s to %(most)s digits.", {
                least: PIN_LENGTH,
                most: LONGEST_PIN,
            });
            return;
        }
        this.ui.busy = true;
        await setPin(this.app, this.ui.pin);
    }

    removePin() {
        this.ui.busy = true;
        return setPin(this.app, "");
    }

    async toggleWifi() {
        const value = !this.state.settings.wifiOnly;
        await this.app.setSetting("wifiOnly", value);
        this.app.account.wifiOnly = value;
        this.app.sync?.soon();
    }

    leave() {
        return this.app.leave();
    }

    update() {
        applyUpdate();
    }
}

registry
    .category("field_app.screens")
    .add(
        "me",
        { Component: MeScreen, tab: { icon: "user", label: () => _t("Me") } },
        { sequence: 90 }
    );
