"""The demo: a fictional consumer-goods company in Shanghai, its people, shops and last weeks.

`people`, `places` and `catalogue` are plain data and pure functions (standard library only); the
rest runs with Odoo importable. Nobody and nothing here exists.
"""

SEED = 19
