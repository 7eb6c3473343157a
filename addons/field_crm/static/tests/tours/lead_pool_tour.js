import { registry } from "@web/core/registry";

// Desktop: claim one lead by the button of its row, then two at once by selecting them.
registry.category("web_tour.tours").add("field_crm_claim_desktop", {
    steps: () => [
        {
            content: "Claim one lead with the button in its row",
            trigger: ".o_data_row:contains(Corner shop) button[name=action_claim]",
            run: "click",
        },
        { trigger: ".o_notification:contains(Corner shop)" },
        { trigger: ".o_list_renderer:not(:contains(Corner shop))" },
        {
            content: "Select the two others",
            trigger: ".o_list_table thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Claim them together",
            trigger: ".o_control_panel button[name=action_claim]",
            run: "click",
        },
        { trigger: ".o_notification:contains(2 leads)" },
        { trigger: ".o_view_nocontent:contains(No lead to claim)" },
    ],
});

// Phone: cards with one button each; the lead somebody else takes meanwhile is refused in words.
registry.category("web_tour.tours").add("field_crm_claim_phone", {
    steps: () => [
        {
            content: "Claim from the card",
            trigger: ".o_kanban_record:contains(Corner shop) button[name=action_claim]",
            run: "click",
        },
        { trigger: ".o_notification:contains(Corner shop)" },
        { trigger: ".o_kanban_renderer:not(:contains(Corner shop))" },
        {
            content: "Open a lead",
            trigger: ".o_kanban_record:contains(Noodle bar)",
            run: "click",
        },
        {
            content: "Claim it from its form",
            trigger: ".o_form_view button[name=action_claim]:visible",
            run: "click",
        },
        { trigger: ".o_notification:contains(Noodle bar)" },
    ],
});

const clickMap = (shares) => () => {
    const map = document.querySelector(".o_field_area_map .o_field_map_canvas");
    const { left, top, width, height } = map.getBoundingClientRect();
    for (const [x, y] of shares) {
        const place = { clientX: left + x * width, clientY: top + y * height };
        map.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1, ...place }));
    }
};

// A region in two parts, drawn on the map; then one more corner is not enough to be a part.
registry.category("web_tour.tours").add("field_crm_region_map", {
    steps: () => [
        { trigger: ".o_field_area_edit", run: "click" },
        {
            trigger: ".o_field_area_map .leaflet-container",
            run: clickMap([
                [0.2, 0.2],
                [0.4, 0.2],
                [0.4, 0.6],
            ]),
        },
        { trigger: ".o_field_area_close:enabled", run: "click" },
        {
            trigger: ".o_field_area_map:not(:has(.o_field_area_close))",
            run: clickMap([
                [0.6, 0.2],
                [0.8, 0.2],
            ]),
        },
        {
            trigger: ".o_field_area_map:has(.o_field_area_done:disabled)",
            run: clickMap([[0.8, 0.6]]),
        },
        { trigger: ".o_field_area_done:enabled", run: "click" },
        { trigger: ".o_field_area_edit:contains(Change)" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});
