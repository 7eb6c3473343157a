import { Component, useState } from "@odoo/owl";
import { formatTime } from "@field_base/app/core/clock";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { registry } from "@web/core/registry";
import { trail } from "./trail";

/** Says on Me what is recorded of one's way right now, and why not. */
export class TrailStatus extends Component {
    static template = "field_tracking.app.TrailStatus";
    static components = { Icon };
    static props = {};

    setup() {
        this.trail = useState(trail);
    }

    get text() {
        const { why, last } = this.trail;
        const texts = {
            start: "",
            policy: _t("Your way is not recorded, only your check-ins."),
            consent: _t("Your way is not recorded: you have not agreed."),
            day: _t("Your way is not recorded: no day is on."),
            pause: _t("Your way is not recorded: pause."),
            hours: _t("Your way is not recorded: outside working time."),
            permission: _t("Your way is not recorded: this phone does not tell where it is."),
        };
        return (
            texts[why] ??
            (last
                ? _t("Your way is recorded while the app is open. Last point %(time)s.", {
                      time: formatTime(last),
                  })
                : _t("Your way is recorded while the app is open."))
        );
    }
}

registry.category("field_app.recordings").add("trail", TrailStatus);
