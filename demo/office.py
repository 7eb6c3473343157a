"""What the office gives its people: an area beside the chart, and a word that must be read."""

from odoo.fields import Command

from .odoo_env import as_user


def draw_area(env, users):
    """The leader of one team also looks after the shops along the river of the other."""
    return env["field.area"].create(
        {
            "name": "滨江 Riverside",
            "note": "黄浦、杨浦沿江 · along the Huangpu",
            "leader_ids": [Command.set(users["leader2"].ids)],
            "member_ids": [Command.set((users["rep2"] | users["rep5"]).ids)],
        }
    )


def announce(env, users):
    """Everybody below the director must read it; phones show it above the day."""
    env = as_user(env, users["director"])
    announcement = env["field.announcement"].create(
        {
            "name": "冬季热饮陈列 Winter display of hot drinks",
            "body": "<p>本周起每家店先看热饮柜，拍一张照片。</p>"
            "<p>From this week, look at the hot drinks first and take one picture of them.</p>",
            "audience": "team",
            "must_read": True,
        }
    )
    announcement.action_publish()
    return announcement
