"""`python -m demo.build`: fill an installed database with the demo company and its last weeks.

Runs with Odoo importable, ODOO_RC naming the configuration and PGDATABASE the database.
"""

import argparse
import logging
import sys
import time
from contextlib import contextmanager
from datetime import date, datetime

from simulator.shifts import TZ

from . import SEED, abilities, around, articles, company, customers, office, pipeline, watch
from .odoo_env import environment

_logger = logging.getLogger("demo.build")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="demo.build", description=__doc__)
    parser.add_argument("--today", type=date.fromisoformat, help="end the history before this day")
    parser.add_argument("--days", type=int, default=15, help="working days of history")
    options = parser.parse_args(arguments)
    today = options.today or datetime.now(TZ).date()
    with environment() as env:
        build(env, today, options.days)
    return 0


def build(env, today, days):
    """Make the company, then let it work until yesterday."""
    with _timed("company"):
        for code in ("en_US", "zh_CN"):  # Odoo loads none but the one it was installed with
            env["res.lang"]._activate_lang(code)
        company.set_up(env)
    with _timed("people"):
        users = company.hire(env)
        company.set_first_screens(env, users)
        company.give_phones(env, users)
        articles.write_articles(env, users)
        office.draw_area(env, users)
        office.announce(env, users)
    with _timed("shops and leads"):
        shops = customers.open_shops(env, users)
        abilities.set_rules(env, users)
        customers.fill_pool(env, users)
        abilities.give_out(env, users)
        around.lay_out_list(env, users, SEED)
    with _timed("deals and invoices"):
        deals = pipeline.fill(env, users, shops, today)
        abilities.form_teams(env, users, deals)
    with _timed("zones and sensors"):
        watch.draw_zones(env, users)
        watch.put_sensors(env, shops, today)
    env.cr.commit()
    from . import history  # imports our add-ons, which Odoo finds once it is configured

    history.live_through(env, users, shops, today, days, _timed)


@contextmanager
def _timed(title):
    began = time.monotonic()
    yield
    _logger.info("demo: %s, %.1f s", title, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
