import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long until a moment, in the two largest units.
 *
 * @param {number} left in milliseconds
 */
export function formatLeft(left) {
    if (left <= 0) {
        return _t("time is up");
    }
    const days = Math.floor(left / DAY);
    const hours = Math.floor((left % DAY) / HOUR);
    const minutes = Math.floor((left % HOUR) / MINUTE);
    if (days) {
        return _t("%(days)s d %(hours)s h", { days, hours });
    }
    return hours
        ? _t("%(hours)s h %(minutes)s min", { hours, minutes })
        : _t("%(minutes)s min", { minutes });
}

/** A deadline as the time that is left; runs by itself. */
export class CountdownField extends Component {
    static template = "field_crm.CountdownField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ now: Date.now() });
        let timer;
        onMounted(() => {
            timer = setInterval(() => (this.state.now = Date.now()), MINUTE / 2);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    get left() {
        return this.deadline.toMillis() - this.state.now;
    }

    get text() {
        return formatLeft(this.left);
    }

    get title() {
        return this.deadline.toLocaleString(luxon.DateTime.DATETIME_SHORT);
    }

    get urgency() {
        if (this.left < 4 * HOUR) {
            return "text-bg-danger";
        }
        return this.left < DAY ? "text-bg-warning" : "text-bg-light border";
    }
}

registry.category("fields").add("field_countdown", {
    component: CountdownField,
    displayName: _t("Countdown"),
    supportedTypes: ["datetime"],
});
