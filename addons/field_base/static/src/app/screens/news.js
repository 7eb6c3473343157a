import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatMoment, parseServer } from "../core/clock";
import { useApp, useQuery } from "../core/hooks";
import { _t } from "../core/i18n";
import { confirmRead, paragraphs, readNews, readNotices } from "../core/news";
import { Icon } from "../ui/icon";
import { Screen, Sheet } from "../ui/ui";

/** One announcement, to be confirmed when it must be read. */
export class AnnouncementScreen extends Component {
    static template = "field_base.app.Announcement";
    static components = { Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        const id = Number(this.props.params[0]);
        this.item = useQuery(
            async (db) => (await readNews(db)).find((row) => row.id === id) || null
        );
    }

    get lines() {
        return paragraphs(this.item.value.body);
    }

    get origin() {
        const { from, at } = this.item.value;
        return [from, at && formatMoment(parseServer(at))].filter(Boolean).join(" · ");
    }

    async confirm() {
        if (!this.item.value.read_at) {
            await confirmRead(this.app, this.item.value);
        }
        this.app.router.back();
    }
}

export class NewsScreen extends Component {
    static template = "field_base.app.News";
    static components = { Icon, Screen, Sheet };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.news = useQuery(readNews);
        this.notices = useQuery(readNotices);
        this.ui = useState({ notice: null });
    }

    get noticeLines() {
        return paragraphs(this.ui.notice.body);
    }

    when(item) {
        return item.at ? formatMoment(parseServer(item.at)) : "";
    }
}

const screens = registry.category("field_app.screens");
screens.add("announcement", { Component: AnnouncementScreen });
screens.add("news", { Component: NewsScreen });
registry
    .category("field_app.me")
    .add("news", { label: () => _t("News from the office"), icon: "bell", screen: "news" });
