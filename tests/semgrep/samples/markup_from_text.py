from markupsafe import Markup


def render(name, names):
    # ruleid: field-markup-from-text
    first = Markup(f"<b>{name}</b>")
    # ruleid: field-markup-from-text
    second = Markup("<b>%s</b>" % name)
    # ruleid: field-markup-from-text
    third = Markup("<b>" + name + "</b>")
    # ruleid: field-markup-from-text
    fourth = Markup("<b>{}</b>".format(name))
    # ruleid: field-markup-from-text
    fifth = Markup("<br/>".join(names))
    # ok: field-markup-from-text
    sixth = Markup("<b>%s</b>") % name
    # ok: field-markup-from-text
    seventh = Markup("<br/>").join(names)
    # ok: field-markup-from-text
    eighth = Markup("<br/>")
    return first, second, third, fourth, fifth, sixth, seventh, eighth
