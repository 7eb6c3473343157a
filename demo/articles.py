"""What the company's sellers have with them: three plain articles, one of them with a picture."""

import base64

from odoo.fields import Command
from simulator.photo import shelf_photo

from .odoo_env import as_user, create_translated

TAGS = (
    ("objection", ("Too dear", "嫌贵")),
    ("subject", ("Shelf", "货架")),
    ("stage", ("First visit", "首次拜访")),
)
TEA = (
    ("Unsweetened tea against the cheaper one", "无糖绿茶：怎样应对低价竞品"),
    (
        "<h2>What to say</h2><ul><li>Real leaves, no sugar: office people come back for it.</li>"
        "<li>Our margin per bottle is 0.40 yuan higher.</li></ul>"
        "<p>Ask for two facings beside theirs for two weeks, then count.</p>",
        "<h2>怎么说</h2><ul><li>真茶叶、不加糖：上班族会回头再买。</li>"
        "<li>每瓶毛利高出 0.4 元。</li></ul><p>先争取在竞品旁摆两个排面，两周后再看销量。</p>",
    ),
)
SHELF = (
    ("How our shelf looks", "标准货架长什么样"),
    (
        "<p>Water at the bottom, tea at eye level, nuts at the end.</p>",
        "<p>水放底层，茶饮放视线高度，坚果放在端头。</p>",
    ),
    ("Shelf like this", "参考货架"),
)
GREET = (
    ("The first five minutes with a new shop", "新店拜访的头五分钟"),
    (
        "<ul><li>Look at the shelf before you speak.</li><li>Ask what sells best.</li>"
        "<li>Leave one idea, not five.</li></ul>",
        "<ul><li>先看货架再开口。</li><li>问清什么卖得最好。</li><li>只留一个建议，别讲五个。</li></ul>",
    ),
)


def write_articles(env, users):
    """The director writes them, for everybody.

    :returns: field.knowledge.article
    """
    env = as_user(env, users["director"])
    objection, shelf, first = create_translated(
        env, "field.knowledge.tag", [{"kind": kind, "name": name} for kind, name in TAGS]
    )
    products = env["product.product"].search([("default_code", "in", ("D01", "D02"))])
    tea = env["field.rival.product"].search([], order="id")[1]
    picture = base64.b64encode(shelf_photo("article"))
    rows = [
        {"name": TEA[0], "body": TEA[1], "tag_ids": objection.ids, "rival_ids": tea.ids},
        {"name": SHELF[0], "body": SHELF[1], "tag_ids": shelf.ids, "product_ids": products.ids},
        {"name": GREET[0], "body": GREET[1], "tag_ids": first.ids},
    ]
    articles = create_translated(env, "field.knowledge.article", rows)
    name = " ".join(reversed(SHELF[2]))
    articles[1].file_ids = [Command.create({"name": name, "data": picture})]
    return articles
