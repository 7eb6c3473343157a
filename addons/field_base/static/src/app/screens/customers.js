import { Component, useState } from "@odoo/owl";
import { haversine, isPosition } from "@field_base/map/geo";
import { registry } from "@web/core/registry";
import { useApp, useLocation, useQuery } from "../core/hooks";
import { _t } from "../core/i18n";
import { NavigateButton } from "@field_base/map/navigate_button";
import { destinationOf, formatDistance } from "../core/location";
import { rowsOf } from "../core/pull";
import { indexOf, search } from "../core/search";
import { BarcodeScanner } from "../capture/barcode";
import { Icon } from "../ui/icon";
import { Screen } from "../ui/ui";

const SHOWN = 50;

/** A module reads codes that hang at a customer's: `(text) => id of the customer or 0`. */
const codes = registry.category("field_app.codes");

/** All customers of this person: near ones first, found by any part of name, address or number. */
export class CustomersScreen extends Component {
    static template = "field_base.app.Customers";
    static components = { BarcodeScanner, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useState({ query: "", scanning: false });
        this.location = useLocation();
        this.index = useQuery(async (db) => indexOf(await rowsOf(db, "customers")));
    }

    get subtitle() {
        return _t("%(count)s customers", { count: this.index.value.length });
    }

    /** A module that makes new customers brings the screen. */
    get canAdd() {
        return screens.contains("customer_new");
    }

    /** A module that finds businesses nearby brings the screen. */
    get canLookAround() {
        return screens.contains("prospects");
    }

    distance(customer) {
        const { fix } = this.location;
        if (!fix || !isPosition(customer.lat, customer.lng)) {
            return null;
        }
        return haversine(fix.lat, fix.lng, customer.lat, customer.lng);
    }

    get shown() {
        const found = this.state.query.trim()
            ? search(this.index.value, this.state.query, SHOWN)
            : this.nearest();
        return found.map((customer) => ({
            ...customer,
            away: formatDistance(this.distance(customer)),
            address: [customer.field_place_hint, customer.street, customer.city]
                .filter(Boolean)
                .join(", "),
        }));
    }

    nearest() {
        const all = this.index.value.map(({ customer }) => ({
            customer,
            away: this.distance(customer) ?? Infinity,
        }));
        all.sort((a, b) => a.away - b.away || a.customer.name.localeCompare(b.customer.name));
        return all.slice(0, SHOWN).map(({ customer }) => customer);
    }

    onScan(code) {
        this.state.scanning = false;
        const id = this.findByCode(code);
        if (id) {
            this.app.router.go("customer", id);
        } else {
            this.state.query = code;
        }
    }

    /** The customer a code belongs to: what modules read, else the number of one customer. */
    findByCode(code) {
        const customers = this.index.value.map(({ customer }) => customer);
        for (const read of codes.getAll()) {
            const id = read(code);
            if (customers.some((customer) => customer.id === id)) {
                return id;
            }
        }
        const same = customers.filter(({ ref }) => ref && ref === code.trim());
        return same.length === 1 ? same[0].id : 0;
    }
}

/** A module adds actions and facts: `{Component, sequence}` in `field_app.customer`. */
const parts = registry.category("field_app.customer");

export class CustomerScreen extends Component {
    static template = "field_base.app.Customer";
    static components = { Icon, NavigateButton, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        const id = Number(this.props.params[0]);
        this.customer = useQuery(async (db) => (await db.rows.get(["customers", id]))?.row || null);
        this.location = useLocation();
    }

    get parts() {
        return parts.getAll();
    }

    get place() {
        const { field_place_hint: hint } = this.customer.value;
        return [hint, this.address].filter(Boolean).join(", ");
    }

    get address() {
        const { street, street2, zip, city } = this.customer.value;
        return [street, street2, [zip, city].filter(Boolean).join(" ")].filter(Boolean).join(", ");
    }

    get hasPin() {
        const { lat, lng } = this.customer.value;
        return isPosition(lat, lng);
    }

    get destination() {
        return destinationOf(this.customer.value);
    }

    get favourite() {
        return this.app.state.me?.map?.navigation_app || false;
    }

    get away() {
        const { fix } = this.location;
        const { lat, lng } = this.customer.value;
        return fix && this.hasPin ? formatDistance(haversine(fix.lat, fix.lng, lat, lng)) : "";
    }

    get phone() {
        const { phone, mobile } = this.customer.value;
        return phone || mobile || "";
    }
}

const screens = registry.category("field_app.screens");
screens.add(
    "customers",
    { Component: CustomersScreen, tab: { icon: "building", label: () => _t("Customers") } },
    { sequence: 70 }
);
screens.add("customer", { Component: CustomerScreen });
