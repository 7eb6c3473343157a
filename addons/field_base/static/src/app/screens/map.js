import { Component, onWillStart, useState } from "@odoo/owl";
import { isPosition } from "@field_base/map/geo";
import { setMapConfig } from "@field_base/map/map_config";
import { registry } from "@web/core/registry";
import { useApp, useLocation, useQuery } from "../core/hooks";
import { _t } from "../core/i18n";
import { placeOf } from "../core/location";
import { loadMapBundle } from "../core/loader";
import { providersHere } from "../core/map_package";
import { rowsOf } from "../core/pull";
import { Icon } from "../ui/icon";
import { Screen } from "../ui/ui";

/** Looks of markers: modules add `async (db) => [[customer id, {color, label, front}], …]`. */
const markers = registry.category("field_app.marker");
/** More on the map: modules add `async (db) => ({lines, markers})`. */
const layers = registry.category("field_app.map_layer");
const ME = "me";

/** What the administrator chose, and below it the map packages that are on this phone. */
async function mapConfigOf(me) {
    const { providers = [], ...rest } = me?.map || {};
    const online = providers.filter(({ kind }) => kind === "raster" && navigator.onLine);
    return { ...rest, providers: [...online, ...(await providersHere(providers))] };
}

/**
 * The component that draws maps, on the base maps that are at hand now.
 *
 * @throws when it is not on this phone yet
 */
export async function loadFieldMap(app) {
    await loadMapBundle();
    setMapConfig(await mapConfigOf(app.state.me));
    return odoo.loader.modules.get("@field_base/map/field_map").FieldMap;
}

/** Customers and oneself. Drawn from what is on the phone, so it works without a network. */
export class MapScreen extends Component {
    static template = "field_base.app.Map";
    static components = { Icon, Screen };
    static props = { params: Array };

    placeOf = placeOf;

    setup() {
        this.app = useApp();
        this.state = useState({ FieldMap: null, failed: false, selected: this.wanted });
        this.location = useLocation();
        this.customers = useQuery(async (db) =>
            (await rowsOf(db, "customers")).filter(({ lat, lng }) => isPosition(lat, lng))
        );
        this.marks = useQuery(async (db) => {
            const found = new Map();
            for (const mark of markers.getAll()) {
                for (const [id, look] of await mark(db)) {
                    found.set(id, look);
                }
            }
            return found;
        });
        this.layers = useQuery((db) => Promise.all(layers.getAll().map((layer) => layer(db))));
        onWillStart(() => this.load());
    }

    async load() {
        try {
            this.state.FieldMap = await loadFieldMap(this.app);
        } catch {
            this.state.failed = true;
        }
    }

    get wanted() {
        return Number(this.props.params[0]) || null;
    }

    get markers() {
        const found = this.customers.value.map(({ id, lat, lng, name, country }) => {
            const look = this.marks.value.get(id);
            const selected = id === this.state.selected;
            return {
                ...{ id, lat, lng, title: name, selected },
                ...look,
                ...(country && { country }),
            };
        });
        found.push(...this.layers.value.flatMap(({ markers = [] }) => markers));
        const { fix } = this.location;
        if (fix) {
            const { lat, lng } = fix;
            found.push({ id: ME, lat, lng, color: "#1b5fa8", title: _t("You"), label: _t("You") });
        }
        return found;
    }

    get lines() {
        return this.layers.value.flatMap(({ lines = [] }) => lines);
    }

    get selected() {
        return this.customers.value.find(({ id }) => id === this.state.selected);
    }

    get focus() {
        const { selected } = this;
        return selected && { lat: selected.lat, lng: selected.lng, key: selected.id };
    }

    /** Where a module makes new customers, a finger that rests on the map begins one there. */
    get onLongPress() {
        return registry.category("field_app.screens").contains("customer_new")
            ? ({ lat, lng }) => this.app.router.go("customer_new", lat.toFixed(6), lng.toFixed(6))
            : null;
    }

    onMarker(id) {
        this.state.selected = typeof id === "number" ? id : null;
    }
}

registry
    .category("field_app.screens")
    .add(
        "map",
        { Component: MapScreen, tab: { icon: "map", label: () => _t("Map") } },
        { sequence: 60 }
    );
