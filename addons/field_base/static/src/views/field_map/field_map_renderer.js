import { Component, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatInteger } from "@web/views/fields/formatters";
import { FieldMap } from "../../map/field_map";
import { NavigateButton } from "../../map/navigate_button";
import { DETAILS_STEP } from "./field_map_model";

/** The list grows by this many entries when its end comes into sight. */
const LIST_STEP = DETAILS_STEP;
/** While the map is moved the server is not asked; so long after it has come to rest it is. */
const REST_MS = 180;
const LEGEND_FEW = 8;
const SUBTITLE_FIELDS = 2;

/** Map and list side by side: what is chosen in one is shown in the other. */
export class FieldMapRenderer extends Component {
    static template = "field_base.FieldMapRenderer";
    static components = { FieldMap, NavigateButton };
    static props = {
        model: Object,
        // changes with each load of the model, `revision` also with what comes after it
        loadId: Number,
        revision: Number,
        state: Object,
        // what has been chosen with the lasso or in the list
        chosen: Object,
        setChosen: Function,
        openRecord: Function,
        openUnlocated: Function,
        canCreate: Boolean,
        slots: { type: Object, optional: true },
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
            isSelecting: false,
            isDrawing: false,
            hasHeat: false,
            heat: null,
        });
        this.rest = useDebounced((view) => this.onRest(view), REST_MS);
        this.initialView = this.props.state.view || null;
        this.prepare(this.props.model);
        onWillUpdateProps((next) => {
            if (next.loadId !== this.props.loadId) {
                this.state.shown = LIST_STEP;
                this.box = null;
                this.prepare(next.model);
                this.updateHeat();
            } else if (next.revision !== this.props.revision) {
                this.prepare(next.model);
            }
            if (next.chosen !== this.props.chosen) {
                this.markersFor = undefined;
            }
        });
        useEffect(
            (id) => this.scrollToItem(id),
            () => [this.state.selectedId]
        );
        useEffect(
            () => this.showDetails(),
            () => [this.state.shown, this.props.loadId, this.state.selectedId]
        );
        this.formatSum = (value) => this.props.model.formatSum(value);
        this.onLasso = (ids, ring) => this.chooseByRing(ids, ring);
    }

    /** What is seen says more than its name; the rest is not read. */
    showDetails() {
        const seen = this.visibleEntries.map(({ record }) => record).filter(Boolean);
        this.props.model.showDetails(this.selected ? [this.selected, ...seen] : seen);
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
            const { chosen, model } = this.props;
            this.cachedMarkers = model.records.map((record) => {
                const { id, lat, lng, color, title, size, value, country } = record;
                const isChosen = id === selectedId || chosen.has(id);
                const shape = isChosen ? "pin" : "dot";
                const selected = id === selectedId;
                return { id, lat, lng, color, title, size, value, country, selected, shape };
            });
        }
        return this.cachedMarkers;
    }

    /** While heat is shown the single points would only hide it. */
    get shownMarkers() {
        return this.state.heat ? this.markers.filter(({ selected }) => selected) : this.markers;
    }

    get shownClusters() {
        return this.state.heat ? [] : this.props.model.clusters;
    }

    get canNavigate() {
        return this.props.model.archInfo.canNavigate && Boolean(this.selected);
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
        if (model.isBoxed) {
            return _t("%s on the map, zoom in for single ones", formatInteger(model.located));
        }
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
        const details = this.props.model.details(record, "inList").slice(0, SUBTITLE_FIELDS);
        return details.map(({ value }) => value).join(" · ");
    }

    get chosenText() {
        const { size } = this.props.chosen;
        return size === 1 ? _t("1 selected") : _t("%s selected", formatInteger(size));
    }

    onMarkerClick(id) {
        if (this.state.isSelecting) {
            this.toggleChosen(id);
            return;
        }
        this.select(id === this.state.selectedId ? null : id);
    }

    onItemClick(record) {
        if (this.state.isSelecting) {
            this.toggleChosen(record.id);
            return;
        }
        this.select(record.id);
        this.state.focus = { lat: record.lat, lng: record.lng, key: `${record.id}:${Date.now()}` };
    }

    select(id) {
        this.state.selectedId = id;
        this.props.state.selectedId = id;
    }

    onMove(view) {
        this.props.state.view = view;
        this.rest(view);
    }

    /** The map has come to rest: of very many records the server tells those in sight. */
    onRest({ box }) {
        this.box = box;
        if (this.props.model.isBoxed) {
            this.props.model.loadBox(box);
            this.updateHeat();
        }
    }

    onColorChange(ev) {
        this.props.model.setColor(ev.target.value, this.box);
    }

    // ------------------------------------------------------------------ choosing

    /** Choosing and drawing begin together; the list takes ticks meanwhile. */
    toggleSelecting() {
        this.state.isSelecting = !this.state.isSelecting;
        this.state.isDrawing = this.state.isSelecting;
        this.select(null);
        if (!this.state.isSelecting) {
            this.props.setChosen([]);
        }
    }

    toggleDrawing() {
        this.state.isDrawing = !this.state.isDrawing;
    }

    toggleChosen(id) {
        const ids = new Set(this.props.chosen);
        ids.has(id) ? ids.delete(id) : ids.add(id);
        this.props.setChosen(ids);
    }

    async chooseByRing(ids, ring) {
        const { model } = this.props;
        const found = model.isBoxed ? await model.loadIdsInRing(ring) : ids;
        this.props.setChosen([...this.props.chosen, ...found]);
        this.state.isDrawing = false;
    }

    chooseAll() {
        this.props.setChosen(this.props.model.records.map(({ id }) => id));
    }

    // ---------------------------------------------------------------------- heat

    async toggleHeat() {
        this.state.hasHeat = !this.state.hasHeat;
        await this.updateHeat();
    }

    async updateHeat() {
        const { model } = this.props;
        if (!this.state.hasHeat) {
            this.state.heat = null;
        } else if (model.isBoxed) {
            this.state.heat = await model.loadHeat(this.box || model.extent);
        } else {
            this.state.heat = model.records.map(({ lat, lng, value, country }) => ({
                lat,
                lng,
                country,
                weight: value ?? 1,
            }));
        }
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
