import { useComponent } from "@odoo/owl";
import { typed } from "@field_visit/form/form_logic";

/**
 * Fields of a form while they are typed into: their letters stay as they are, as 1,2 on the way to
 * 1,200 must; who leaves the field sees what was read.
 */
export function useTyping() {
    const component = useComponent();
    const texts = {};
    return {
        read(question, text) {
            texts[question.key] = text;
            return typed(question, text);
        },
        shown(question, value) {
            const text = texts[question.key];
            const isSame = text !== undefined && typed(question, text) === (value ?? null);
            return isSame ? text : value ?? "";
        },
        end({ key }) {
            delete texts[key];
            component.render();
        },
    };
}
