import { Component, onWillDestroy, useState } from "@odoo/owl";
import { isStorageFull } from "../core/database";
import { useApp, useAppState } from "../core/hooks";
import { _t } from "../core/i18n";
import { deletePackage, downloadPackage, isWhole, observePackages } from "../core/map_package";
import { Icon } from "../ui/icon";

const MB = 1024 * 1024;

/** Streets to take along: what there is, how large, how far it has come. */
export class MapPackages extends Component {
    static template = "field_base.app.MapPackages";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.here = useState({ rows: {}, busy: 0 });
        const subscription = observePackages((rows) => {
            this.here.rows = Object.fromEntries(rows.map((row) => [row.id, row]));
        });
        onWillDestroy(() => {
            this.here.busy = 0;
            subscription.unsubscribe();
        });
    }

    get packages() {
        const { providers = [] } = this.state.me?.map || {};
        return providers
            .filter(({ kind }) => kind === "pmtiles")
            .map((provider) => ({ provider, ...this.stateOf(provider) }));
    }

    stateOf(provider) {
        const row = this.here.rows[provider.id];
        const size = this.megabytes(provider.size);
        const whole = isWhole(row, provider);
        const have = row?.checksum === provider.checksum ? row.have : 0;
        const text = whole
            ? _t("%(size)s MB, on this phone", { size })
            : have
            ? _t("%(have)s of %(size)s MB", { have: this.megabytes(have), size })
            : _t("%(size)s MB", { size });
        return { whole, text, kept: Boolean(row), busy: this.here.busy === provider.id };
    }

    megabytes(bytes) {
        return bytes < 10 * MB ? (bytes / MB).toFixed(1) : Math.round(bytes / MB);
    }

    hasRoom({ size }) {
        const { used, quota } = this.state.storage;
        return !quota || used + size < quota * 0.9;
    }

    async download(provider) {
        await this.app.refreshStorage();
        if (!this.hasRoom(provider)) {
            this.app.sayStorageFull();
            return;
        }
        this.here.busy = provider.id;
        const isWanted = () => this.here.busy === provider.id;
        try {
            await downloadPackage(provider, this.app.account.token, isWanted);
        } catch (error) {
            if (isStorageFull(error)) {
                this.app.sayStorageFull();
            } else {
                this.app.toast(_t("Stopped. Tap again to go on from there."), "bad");
            }
        }
        this.here.busy = 0;
        await this.app.refreshStorage();
    }

    pause() {
        this.here.busy = 0;
    }

    async remove({ id }) {
        this.here.busy = 0;
        await deletePackage(id);
        await this.app.refreshStorage();
    }
}
