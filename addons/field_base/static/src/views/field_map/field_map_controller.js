import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { useModel } from "@web/model/model";
import { useSetupAction } from "@web/search/action_hook";
import { ActionMenus, STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { standardViewProps } from "@web/views/standard_view_props";

export class FieldMapController extends Component {
    static template = "field_base.FieldMapView";
    static components = { Layout, SearchBar, CogMenu, ActionMenus };
    static props = {
        ...standardViewProps,
        archInfo: Object,
        Model: Function,
        Renderer: Function,
        buttonTemplate: String,
    };

    setup() {
        this.action = useService("action");
        this.view = useService("view");
        this.state = useState({ chosen: new Set(), actions: null });
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

    // ------------------------------------------------------------------ selection

    async setChosen(ids) {
        this.state.chosen = new Set(ids);
        if (this.state.chosen.size && !this.state.actions) {
            this.state.actions = await this.loadActions();
        }
    }

    /** What a list of these records offers for some of them: a map offers the same. */
    async loadActions() {
        const { resModel, context } = this.props;
        const { views } = await this.view.loadViews(
            { resModel, context, views: [[false, "list"]] },
            { loadActionMenus: true, loadIrFilters: false }
        );
        return views.list.actionMenus || {};
    }

    get actionMenuProps() {
        const openAsList = {
            key: "field_map_open_list",
            description: _t("Open as a list"),
            icon: "fa fa-list",
            sequence: 1,
            groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
            callback: () => this.openChosen(),
        };
        const { action = [], print = [] } = this.state.actions || {};
        return {
            getActiveIds: () => [...this.state.chosen],
            context: this.props.context,
            domain: this.props.domain,
            items: { action: [openAsList, ...action], print },
            isDomainSelected: false,
            resModel: this.props.resModel,
            onActionExecuted: () => this.model.reload(),
        };
    }

    openChosen() {
        return this.openList(_t("Selected on the map"), [["id", "in", [...this.state.chosen]]]);
    }

    openUnlocated() {
        return this.openList(_t("Without a position"), this.model.unlocatedDomain);
    }

    openList(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: this.props.resModel,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain,
            context: this.props.context,
        });
    }
}
