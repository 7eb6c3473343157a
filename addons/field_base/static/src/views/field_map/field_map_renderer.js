import { Component, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { FieldMap } from "../../map/field_map";

/** The list grows by this many entries when its end comes into sight. */
const LIST_STEP = 80;
const LEGEND_FEW = 8;
const SUBTITLE_FIELDS = 2;

/** Map and list side by side: what is chosen in one is shown in the other. */
export class FieldMapRenderer extends Component {
    static template = "field_base.FieldMapRenderer";
    static components = { FieldMap };
    static props = {
        model: Object,
        // changes with each load of the model: a new value is what re-renders
        loadId: Number,
        state: Object,
        openRecord: Function,
        openUnlocated: Function,
        canCreate: Boolean,
    };

    setup() {
        this.ui = useService("ui");
        this.list = useRef("list");
        this.state = useState({
            selectedId: this.props.state.selectedId || null,
            focus: null,
            shown: LIST_STEP,
            legendOpen: !this.ui.isSmall,
            legendAll: false,
        });
        this.initialView = this.props.state.view || null;
        this.prepare(this.props.model);
        onWillUpdateProps((next) => {
            if (next.loadId !== this.props.loadId) {
                this.state.shown = LIST_STEP;
                this.prepare(next.model);
            }
        });
        useEffect(
            (id) => this.scrollToItem(id),
            () => [this.state.selectedId]
        );
    }

    /** What depends on the loaded records only; FieldMap compares these arrays by identity. */
    prepare(model) {
        this.byId = new Map(model.records.map((record) => [record.id, record]));
        if (!this.byId.has(this.state.selectedId)) {
            this.state.selectedId = null;
        }
        this.entries = model.groups.length
            ? model.groups.flatMap((group) => [
                  { group },
                  ...group.records.map((record) => ({ record })),
              ])
            : model.records.map((record) => ({ record }));
        this.markersFor = undefined;
    }

    get markers() {
        const { selectedId } = this.state;
        if (this.markersFor !== selectedId) {
            this.markersFor = selectedId;
            this.cachedMarkers = this.props.model.records.map(({ id, lat, lng, color, title }) => ({
                id,
                lat,
                lng,
                color,
                title,
                selected: id === selectedId,
                shape: id === selectedId ? "pin" : "dot",
            }));
        }
        return this.cachedMarkers;
    }

    get selected() {
        return this.byId.get(this.state.selectedId);
    }

    get visibleEntries() {
        return this.entries.slice(0, this.state.shown);
    }

    get legendItems() {
        const { items } = this.props.model.legend;
        return this.state.legendAll ? items : items.slice(0, LEGEND_FEW);
    }

    get summary() {
        const { model } = this.props;
        if (model.isLimited) {
            return _t("First %(shown)s of %(total)s shown", {
                shown: formatInteger(model.records.length),
                total: formatInteger(model.located),
            });
        }
        return model.located === 1
            ? _t("1 on the map")
            : _t("%s on the map", formatInteger(model.located));
    }

    get unlocatedText() {
        const { unlocated } = this.props.model;
        return _t("%s without a position", formatInteger(unlocated));
    }

    subtitle(record) {
        const details = this.props.model.details(record).slice(0, SUBTITLE_FIELDS);
        return details.map(({ value }) => value).join(" · ");
    }

    onMarkerClick(id) {
        this.select(id === this.state.selectedId ? null : id);
    }

    onItemClick(record) {
        this.select(record.id);
        this.state.focus = { lat: record.lat, lng: record.lng, key: `${record.id}:${Date.now()}` };
    }

    select(id) {
        this.state.selectedId = id;
        this.props.state.selectedId = id;
    }

    onMove(view) {
        this.props.state.view = view;
    }

    onListScroll() {
        const { scrollTop, scrollHeight, clientHeight } = this.list.el;
        if (
            scrollTop + clientHeight > scrollHeight - 400 &&
            this.state.shown < this.entries.length
        ) {
            this.state.shown += LIST_STEP;
        }
    }

    /** Brings the chosen record's entry into sight; on the first call it may not be drawn yet. */
    scrollToItem(id) {
        if (!id || !this.list.el) {
            return;
        }
        const place = this.entries.findIndex(({ record }) => record?.id === id);
        if (place >= this.state.shown) {
            this.state.shown = place + LIST_STEP;
            requestAnimationFrame(() => this.scrollToItem(id));
            return;
        }
        const item = this.list.el.querySelector(`[data-record-id="${id}"]`);
        item?.scrollIntoView({ block: "nearest" });
    }
}
