"""The committed templates are what Odoo would export now: no term was forgotten after a change."""

import io

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export
from tests.support.repository import ADDONS, modules


@tagged("post_install", "-at_install", "standard")
class TestTranslationsExport(TransactionCase):
    def test_template_agrees_with_the_code(self):
        for module in modules():
            with self.subTest(module=module):
                path = ADDONS / module / "i18n" / f"{module}.pot"
                self.assertTrue(path.is_file(), "there is no template")
                committed = _terms(polib.pofile(str(path)))
                exported = _terms(polib.pofile(self._export(module)))
                self.assertTrue(exported, "Odoo exports nothing: is the module installed?")
                self.assertEqual(sorted(exported - committed), [], "terms to add to the template")
                self.assertEqual(sorted(committed - exported), [], "terms that are gone")

    def _export(self, module):
        buffer = io.BytesIO()
        trans_export(False, [module], buffer, "po", self.env)
        return buffer.getvalue().decode()


def _terms(catalogue):
    """What must agree: the term and where it is used, without line numbers."""
    return {
        (entry.msgid, place.split(":static", 1)[0] if place.startswith("code:") else place)
        for entry in catalogue
        for place, _line in entry.occurrences
    }
