import { registry } from "@web/core/registry";
import { FieldMapArchParser } from "./field_map_arch_parser";
import { FieldMapController } from "./field_map_controller";
import { FieldMapModel } from "./field_map_model";
import { FieldMapRenderer } from "./field_map_renderer";

export const fieldMapView = {
    type: "field_map",
    ArchParser: FieldMapArchParser,
    Controller: FieldMapController,
    Model: FieldMapModel,
    Renderer: FieldMapRenderer,
    buttonTemplate: "field_base.FieldMapView.Buttons",
    searchMenuTypes: ["filter", "groupBy", "favorite"],

    props: (genericProps, view) => {
        const { arch, fields } = genericProps;
        return {
            ...genericProps,
            archInfo: new view.ArchParser().parse(arch, fields),
            Model: view.Model,
            Renderer: view.Renderer,
            buttonTemplate: view.buttonTemplate,
        };
    },
};

registry.category("views").add("field_map", fieldMapView);
