import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("field_visit_whole_visit", {
    steps: () => [
        { content: "check in", trigger: ".o_field_visit_check_in:enabled", run: "click" },
        { content: "the fact is shown", trigger: ".o_field_visit_fact:contains(At the customer)" },
        {
            content: "first step done",
            trigger: ".o_field_visit_step:contains(Look) button[name=action_done]",
            run: "click",
        },
        { trigger: ".o_field_visit_step_done:contains(Look)" },
        {
            content: "write the note",
            trigger: ".o_field_visit_step:contains(Talk) button[name=action_open].btn-primary",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit They want more cola",
        },
        { trigger: ".modal button[name=action_done]", run: "click" },
        { trigger: ".o_field_visit_step_done:contains(They want more cola)" },
        {
            content: "a photo cannot be taken in the mirror of this test, so say why not",
            trigger: ".o_field_visit_step:contains(Shelf) button[name=action_open]",
            run: "click",
        },
        { trigger: ".modal .o_field_visit_photo_add" },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit The owner allows no photos",
        },
        { trigger: ".modal button[name=action_cannot]", run: "click" },
        { trigger: ".o_field_visit_step_cannot:contains(The owner allows no photos)" },
        { content: "check out", trigger: ".o_field_visit_check_out:enabled", run: "click" },
        { trigger: ".o_field_visit_fact .fa-sign-out" },
        { trigger: ".o_form_view:not(:has(.o_field_visit_check))" },
    ],
});

registry.category("web_tour.tours").add("field_visit_outside", {
    steps: () => [
        { trigger: ".o_field_visit_check_in:enabled", run: "click" },
        {
            content: "another visit is open: close it",
            trigger: ".modal:contains(Lucky 88) .modal-footer .btn-primary",
            run: "click",
        },
        { content: "how far away", trigger: ".modal:contains(1.3 km)" },
        { trigger: ".modal .o_field_visit_reason", run: "edit The pin is on the wrong street" },
        { trigger: ".modal .modal-footer .btn-primary:enabled", run: "click" },
        { trigger: ".o_field_visit_fact:contains(The pin is on the wrong street)" },
        { trigger: ".o_field_visit_check_out:enabled" },
    ],
});

registry.category("web_tour.tours").add("field_visit_denied", {
    steps: () => [
        { trigger: ".o_field_visit_check_in:enabled", run: "click" },
        { content: "told what to do", trigger: ".o_field_visit_check .alert:contains(Allow it)" },
        { trigger: ".o_field_visit_without_position", run: "click" },
        { trigger: ".o_field_visit_fact:contains(The position is not known)" },
    ],
});
