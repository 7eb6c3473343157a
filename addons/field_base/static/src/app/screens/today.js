import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatDay, formatTime, serverNow } from "../core/clock";
import { useApp, useAppState, useQuery } from "../core/hooks";
import { _t } from "../core/i18n";
import { closeDay, openDay, readDay } from "../core/workday";
import { Icon } from "../ui/icon";
import { Screen, Sheet } from "../ui/ui";
import { readNews } from "../core/news";
import { needsConsent } from "../core/rules";

/**
 * Modules fill Today: `{Component, early}` in `field_app.today`; `early` are the queries it starts
 * with, which are asked before it is there.
 */
const sections = registry.category("field_app.today");

async function unreadNews(db) {
    return (await readNews(db)).filter(({ read_at }) => !read_at);
}

export class TodayScreen extends Component {
    static template = "field_base.app.Today";
    static components = { Icon, Screen, Sheet };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.day = useQuery(readDay);
        this.news = useQuery(unreadNews);
    }

    get sections() {
        return sections.getAll();
    }

    get title() {
        return formatDay(serverNow());
    }

    get subtitle() {
        const day = this.day.value;
        if (day?.state === "open") {
            return _t("Day on since %(time)s", { time: formatTime(day.opened) });
        }
        if (day?.state === "closed") {
            return _t("Day ended %(time)s", { time: formatTime(day.closed) });
        }
        return this.state.me?.name || this.state.person.name;
    }

    get needsConsent() {
        return needsConsent(this.state.me);
    }

    get canStart() {
        return !this.day.value || this.day.value.state === "none";
    }

    start() {
        return openDay(this.app);
    }

    end() {
        return closeDay(this.app);
    }
}

registry.category("field_app.screens").add("today", {
    Component: TodayScreen,
    early: () => [readDay, unreadNews, ...sections.getAll().flatMap(({ early = [] }) => early)],
    tab: { icon: "today", label: () => _t("Today") },
});
