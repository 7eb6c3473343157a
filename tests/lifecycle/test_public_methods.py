"""Each method that a logged-in user can call through RPC is there on purpose.

Odoo lets everybody, portal users included, call any method of a model whose name has no leading
underscore and that is not marked `@api.private`. public_methods.txt lists ours; who adds one adds a
line there, after having asked: what may happen when the wrong person calls it?
"""

import inspect
from pathlib import Path

from odoo.tests import TransactionCase, tagged
from tests.support.repository import modules

LIST = Path(__file__).with_name("public_methods.txt")


@tagged("post_install", "-at_install", "standard")
class TestPublicMethods(TransactionCase):
    def test_every_public_method_is_on_the_list(self):
        allowed = {
            line.strip()
            for line in LIST.read_text().splitlines()
            if line.strip() and not line.startswith("#")
        }
        found = {
            f"{model} {method}"
            for model, model_class in self.env.registry.items()
            for method in _public_methods(model_class)
        }
        self.assertTrue(found)
        new, gone = sorted(found - allowed), sorted(allowed - found)
        if new or gone:
            self.fail(f"not on the list: {new}\nnot needed on the list: {gone}")


def _public_methods(model_class):
    """Methods that our modules made callable; those of Odoo that we extend are Odoo's."""
    ours, theirs = set(), set()
    for definition in model_class.mro():
        target = ours if getattr(definition, "_module", None) in modules() else theirs
        target.update(name for name in vars(definition) if _is_callable(definition, name))
    return {
        name
        for name in ours - theirs
        if not getattr(getattr(model_class, name), "_api_private", False)
    }


def _is_callable(definition, name):
    return not name.startswith("_") and inspect.isfunction(vars(definition)[name])
