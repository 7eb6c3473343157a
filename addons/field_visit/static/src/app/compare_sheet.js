import { Component } from "@odoo/owl";
import { BlobImage, Sheet } from "@field_base/app/ui/ui";
import { Swipe } from "@field_visit/shelf/swipe";

/** How a shelf or a storefront looked, and the picture that was just taken of it. */
export class CompareSheet extends Component {
    static template = "field_visit.app.CompareSheet";
    static components = { BlobImage, Sheet, Swipe };
    static props = { title: String, reference: String, uuid: String, close: Function };
}
