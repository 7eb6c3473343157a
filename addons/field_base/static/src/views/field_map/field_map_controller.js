import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { useModel } from "@web/model/model";
import { useSetupAction } from "@web/search/action_hook";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { standardViewProps } from "@web/views/standard_view_props";

export class FieldMapController extends Component {
    static template = "field_base.FieldMapView";
    static components = { Layout, SearchBar, CogMenu };
    static props = {
        ...standardViewProps,
        archInfo: Object,
        Model: Function,
        Renderer: Function,
        buttonTemplate: String,
    };

    setup() {
        this.action = useService("action");
        this.model = useModel(this.props.Model, {
            archInfo: this.props.archInfo,
            fields: this.props.fields,
            resModel: this.props.resModel,
        });
        useBus(this.model.bus, "update", () => this.render(true));
        // Where the user was, kept for when he comes back from a record.
        this.viewState = { ...this.props.state?.map };
        useSetupAction({
            rootRef: useRef("root"),
            getLocalState: () => ({ map: this.viewState }),
        });
        this.searchBarToggler = useSearchBarToggler();
    }

    get canCreate() {
        return this.props.archInfo.activeActions.create && Boolean(this.props.createRecord);
    }

    openRecord(id) {
        this.props.selectRecord(id, { activeIds: this.model.records.map((record) => record.id) });
    }

    openUnlocated() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Without a position"),
            res_model: this.props.resModel,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: this.model.unlocatedDomain,
            context: this.props.context,
        });
    }
}
