import { Component, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { getMapConfig } from "./map_config";
import { isClosedBrowser, navLinks, platformOf } from "./navigation";

const LONG_PRESS_MS = 500;

/**
 * One tap leads to a place in the map app that suits it; the arrow (or a long press) shows the
 * others. No web-client services: the phone app uses it as well.
 */
export class NavigateButton extends Component {
    static template = "field_base.NavigateButton";
    static props = {
        // {lat, lng, country?: ISO code} in WGS-84
        point: Object,
        name: { type: String, optional: true },
        // text to copy for those who search by it
        address: { type: String, optional: true },
        // the app that was chosen in the user's preferences
        favourite: { type: [String, { value: false }], optional: true },
        className: { type: String, optional: true },
    };
    static defaultProps = { name: "", address: "", className: "btn-secondary btn-sm" };

    setup() {
        this.state = useState({ isOpen: false, isCopied: false });
        this.root = useRef("root");
        this.labels = {
            amap: _t("Amap"),
            baidu: _t("Baidu Maps"),
            tencent: _t("Tencent Maps"),
            google: _t("Google Maps"),
            apple: _t("Apple Maps"),
            waze: _t("Waze"),
            geo: _t("Any map app"),
        };
        useExternalListener(window, "click", (event) => {
            if (!this.root.el?.contains(event.target)) {
                this.state.isOpen = false;
            }
        });
    }

    get links() {
        const favourite = this.props.favourite ?? getMapConfig().navigation_app;
        const platform = platformOf(navigator.userAgent);
        return navLinks(this.props.point, this.props.name, platform, { favourite });
    }

    get isClosedBrowser() {
        return isClosedBrowser(navigator.userAgent);
    }

    get coordinates() {
        return [this.props.point.lat, this.props.point.lng].map((n) => n.toFixed(6)).join(", ");
    }

    onPointerDown() {
        this.wasLong = false;
        this.pressTimer = setTimeout(() => {
            this.wasLong = true;
            this.state.isOpen = true;
        }, LONG_PRESS_MS);
    }

    onPointerUp() {
        clearTimeout(this.pressTimer);
    }

    /** A long press has opened the list: the link is not followed as well. */
    onClick(event) {
        if (this.wasLong) {
            event.preventDefault();
            event.stopPropagation();
        }
        this.wasLong = false;
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
        this.state.isCopied = false;
    }

    onKeydown(event) {
        if (event.key === "Escape" && this.state.isOpen) {
            event.stopPropagation();
            this.state.isOpen = false;
            this.root.el.querySelector(".o_field_navigate_more").focus();
        }
    }

    async copy() {
        await navigator.clipboard.writeText(this.props.address || this.coordinates);
        this.state.isCopied = true;
    }
}
