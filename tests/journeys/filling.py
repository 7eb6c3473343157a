"""Filling in a form of the web client, at a desk and on a phone."""

import contextlib


class Filling:
    """Goes before the journey, beside `OfficeCase`."""

    def look(self, page, name):
        """A screen holds what it must, and has its picture."""
        self.check(page)
        page.picture(f"{name}-{self.size}-{self.lang[:2]}")

    def label(self, model, name, value):
        """What a choice is called in the language of the journey."""
        speaking = self.env[model].with_context(lang=self.lang)
        return dict(speaking._fields[name]._description_selection(speaking.env))[value]

    def choose(self, page, name, label, within=""):
        """One of a list of choices."""
        page.click(f"{within} .o_field_widget[name={name}] .o_select_menu_toggler")
        page.click(".o_select_menu_item", label)
        page.gone(".o_select_menu_item")

    def pick(self, page, name, text, within=""):
        """A record, by the beginning of its name; on a phone from a page of its own."""
        field = f"{within} .o_field_widget[name={name}] input"
        if self.size == "phone":
            page.click(field)
            page.click(".o_select_create_dialog_content .o_kanban_record", text)
            page.gone(".o_select_create_dialog_content")
            return
        page.type(field, text)
        self._take(page, ".o-autocomplete--dropdown-item", text)

    def _take(self, page, item, text):
        """The list is made anew while one types, so a click may meet the old one: until it took."""
        gone = f"!document.querySelector({item!r})"
        for _again in range(10):
            page.click(item, text)
            with contextlib.suppress(AssertionError):
                page.wait(gone, "the end of the list", seconds=5)
                return
        self.fail(f"{text} could not be taken")

    def fill(self, page, name, text, within=""):
        """A field that holds something already gets something else."""
        page.click(f"{within} .o_field_widget[name={name}] input")
        page.js("document.activeElement.select()")
        page._send("Input.insertText", text=text)

    def take_today(self, page, name):
        """Today, from the calendar of a day that is still empty."""
        page.click(f".o_field_widget[name={name}] input")
        page.click(".o_datetime_picker .o_today")
        page.gone(".o_datetime_picker")

    def new(self, page):
        page.click(".o_list_button_add, .o-kanban-button-new")
        page.see(".o_form_view .o_form_editable, .o_data_row.o_selected_row")

    def save(self, page):
        page.click(".o_form_button_save, .o_list_button_save")
        page.gone(".o_form_status_indicator_buttons:not(.invisible) .o_form_button_save")
        page.gone(".o_list_button_save")
        page.settle()

    def add_row(self, page, name):
        """One more row of a list within a form; on a phone it is a card of its own."""
        field = f".o_field_widget[name={name}]"
        page.click(f"{field} .o_field_x2many_list_row_add a, {field} .o-kanban-button-new")

    def press(self, page, name):
        """A button in the form's head; on a phone it may stand behind a menu."""
        if self.size == "phone" and not page.shows(f"button[name={name}]"):
            page.click(".o_statusbar_buttons button:has(.oi-ellipsis-v)")
        page.click(f"button[name={name}]")

    def open_figure(self, page, name):
        """A button with a figure above the form; on a phone they stand behind a menu."""
        if self.size == "phone":
            page.click(".o_button_more")
        page.click(f"button[name={name}]")
