import { Component, useState } from "@odoo/owl";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { StoredFile } from "../stored_file";
import { visitOf, visitsOfToday } from "../visits";
import {
    articlesOf,
    indexOf,
    readFile,
    search,
    suggestionsFor,
    useArticle,
    usedIn,
} from "./articles";

/** All articles of this phone, found by any part of their title, words and text. */
export class ArticlesScreen extends Component {
    static template = "field_visit.app.Articles";
    static components = { Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useState({ query: "", tag: "" });
        this.index = useQuery(async (db) => indexOf(await articlesOf(db)));
    }

    /** Each tag that stands on an article here. */
    get tags() {
        return [...new Set(this.index.value.flatMap(({ article }) => article.tags))].sort();
    }

    get shown() {
        const { query, tag } = this.state;
        return search(this.index.value, query).filter((one) => !tag || one.tags.includes(tag));
    }

    toggle(tag) {
        this.state.tag = this.state.tag === tag ? "" : tag;
    }

    open({ id }) {
        this.app.router.go("article", id, ...this.props.params);
    }
}

/** One article; within a visit one tap notes that it was used. */
export class ArticleScreen extends Component {
    static template = "field_visit.app.Article";
    static components = { Icon, Screen, StoredFile };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        const [id, uuid] = this.props.params;
        this.article = useQuery(
            async (db) => (await articlesOf(db)).find((one) => one.id === Number(id)) || null
        );
        this.visit = useQuery((db) => this.findVisit(db, uuid));
        this.read = (file) => readFile(this.app.account, file);
    }

    /** The visit one comes from, else the one that is on. */
    async findVisit(db, uuid) {
        const visit = uuid
            ? await visitOf(db, uuid)
            : (await visitsOfToday(db)).find(({ state }) => state === "in_progress");
        return visit?.checkIn ? { ...visit, used: await usedIn(db, visit) } : null;
    }

    get isUsed() {
        return this.visit.value.used.has(this.article.value.id);
    }

    get where() {
        return _t("Used at %(customer)s", { customer: this.visit.value.customer.name });
    }

    get until() {
        const { until } = this.article.value;
        return until ? _t("Valid until %(date)s", { date: until }) : "";
    }

    use() {
        return useArticle(this.app, this.visit.value, this.article.value);
    }
}

/** Within a visit: the few articles that help here, and the way to all of them. */
export class VisitArticles extends Component {
    static template = "field_visit.app.VisitArticles";
    static components = { Icon };
    static props = { visit: Object };

    setup() {
        this.app = useApp();
        this.articles = useQuery(articlesOf);
        this.used = useQuery((db) => usedIn(db, this.props.visit));
    }

    get shown() {
        const used = this.isUsed.bind(this);
        const suggested = suggestionsFor(this.articles.value, this.props.visit);
        const others = this.articles.value.filter(
            (one) => used(one) && !suggested.some(({ id }) => id === one.id)
        );
        return [...suggested, ...others];
    }

    isUsed({ id }) {
        return this.used.value.has(id) || (this.props.visit.articles || []).includes(id);
    }

    open({ id }) {
        this.app.router.go("article", id, this.props.visit.uuid);
    }
}

const screens = registry.category("field_app.screens");
screens.add("article", { Component: ArticleScreen });
screens.add("articles", { Component: ArticlesScreen });
registry
    .category("field_app.me")
    .add("articles", { label: () => _t("Articles"), icon: "note", screen: "articles" });
