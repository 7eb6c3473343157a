"""Each module by itself: installed with only what it names, tested, upgraded, uninstalled without a
trace.

The modules are taken in the order of their dependencies, and what is installed for one serves the
next ones as a template: field_visit starts from a database that has field_base and nothing more.
"""

import pytest

from tests.support import databases, odoo_process
from tests.support.repository import browser_test_classes, dependency_order, manifest, modules

pytestmark = [pytest.mark.lifecycle, pytest.mark.xdist_group("lifecycle")]

# Lines that Odoo's own modules log on a database like these.
NOISE = ()

# What Odoo writes down about its own work, or makes again when it is next needed.
BOOKKEEPING = frozenset(
    {
        "rows of bus_bus",
        # field_base's own notes of what the phones have to fetch; they go after 30 days, and with it
        "rows of field_change",
        "rows of ir_cron_progress",
        "rows of ir_cron_trigger",
        "rows of ir_logging",
        "rows of ir_profile",
        "rows of orm_signaling_registry",
    }
)

# Upgrade and removal as the Apps screen does them, in one process: loading Odoo takes longer.
UPGRADE_AND_UNINSTALL = """
module = env["ir.module.module"].search([("name", "=", {module!r})])
assert module.state == "installed", module.state
module.button_immediate_upgrade()
module = env["ir.module.module"].search([("name", "=", {module!r})])
assert module.state == "installed", f"after the upgrade: {{module.state}}"
print("upgraded {module}")
module.button_immediate_uninstall()
module = env["ir.module.module"].search([("name", "=", {module!r})])
assert module.state == "uninstalled", f"after the removal: {{module.state}}"
print("uninstalled {module}")
"""


class Stage:
    """Databases that have one of our modules installed, kept for the modules above it."""

    def __init__(self):
        self.bare = odoo_process.setting("FIELD_BARE_DB")
        self.installed = {}
        self.names = []

    def new(self, name, template):
        database = databases.clone(template, databases.PREFIX + name)
        self.names.append(database)
        return database

    def ground(self, module):
        """A database with everything the module depends on, and nothing else."""
        needed = manifest(module)["depends"]
        ours = [name for name in dependency_order() if name in needed]
        if not ours:
            template, missing = self.bare, needed
        else:
            template = self.template(ours[-1])
            missing = [name for name in needed if name != ours[-1]]
        database = self.new(f"{module}", template)
        _install(database, missing, f"what {module} depends on")
        return database

    def template(self, module):
        """A database with one of our modules, installed by its own test or now."""
        if module not in self.installed:
            database = self.ground(module)
            _install(database, [module], module)
            self.keep(module, database)
        return self.installed[module]

    def keep(self, module, database):
        if module not in self.installed:
            self.installed[module] = self.new(f"{module}-installed", database)

    def close(self):
        for name in self.names:
            databases.drop(name)


def _install(database, names, what):
    if names:
        odoo_process.run(
            f"Installing {what}",
            *("-d", database, "-i", ",".join(names), "--skip-auto-install"),
            *("--stop-after-init", "--no-http"),
        ).assert_clean(NOISE)


@pytest.fixture(scope="module")
def stage():
    stage = Stage()
    yield stage
    stage.close()


def _is_needed(module):
    return any(module in manifest(other)["depends"] for other in modules())


@pytest.mark.parametrize("module", dependency_order())
def test_module_comes_works_and_goes(module, stage):
    database = stage.ground(module)
    before = databases.snapshot(database)
    problems = [*_install_and_test(module, database)]
    if _is_needed(module):
        stage.keep(module, database)
    problems += [*_upgrade_and_uninstall(module, database)]
    left = databases.difference(before, databases.snapshot(database), BOOKKEEPING)
    if left:
        problems.append(f"{module} leaves a trace:\n" + "\n".join(left))
    if problems:
        pytest.fail("\n\n".join(problems), pytrace=False)


def _install_and_test(module, database):
    """Browser tests are left out: they take minutes, and run in the session of all modules."""
    browsers = [f"-/{module}:{name}" for name in browser_test_classes(module)]
    tags = ",".join([f"/{module}", *browsers])
    run = odoo_process.run(
        f"Installing and testing {module} alone",
        *("-d", database, "-i", module, "--skip-auto-install", "--test-tags", tags),
        *("--stop-after-init", "--http-port", odoo_process.free_port()),
    )
    if complaint := run.complaint(NOISE):
        yield complaint
    if not run.tests_run():
        yield f"{module} has no test that runs without the other modules"


def _upgrade_and_uninstall(module, database):
    run = odoo_process.run(
        f"Upgrading and uninstalling {module}",
        *("-d", database, "--no-http"),
        subcommand="shell",
        script=UPGRADE_AND_UNINSTALL.format(module=module),
    )
    if complaint := run.complaint(NOISE):
        yield complaint
    for step in ("upgraded", "uninstalled"):
        if f"{step} {module}" not in run.log:
            yield f"{module} was not {step}"


def test_the_comparison_sees_what_is_left_behind(stage):
    """The test above is worth something only if a leftover of each kind would be noticed."""
    database = stage.new("planted", stage.bare)
    before = databases.snapshot(database)
    assert not databases.difference(before, databases.snapshot(database))
    with databases.cursor(database) as cr:
        cr.execute("CREATE TABLE field_left (id serial PRIMARY KEY, seen timestamp)")
        cr.execute("CREATE VIEW field_left_view AS SELECT id FROM field_left")
        cr.execute("ALTER TABLE res_partner ADD COLUMN field_left boolean")
        cr.execute("INSERT INTO ir_config_parameter (key, value) VALUES ('field.left', '1')")
        cr.execute("INSERT INTO ir_attachment (name, type) VALUES ('left', 'binary')")
        cr.execute("DELETE FROM res_lang WHERE id = (SELECT max(id) FROM res_lang)")
    lines = "\n".join(databases.difference(before, databases.snapshot(database)))
    for expected in (
        "left behind: relation: r field_left",
        "left behind: relation: v field_left_view",
        "left behind: column: res_partner.field_left",
        "left behind: parameter: field.left = 1",
        "left behind: rows of ir_attachment",
        "taken along: rows of res_lang",
    ):
        assert expected in lines
