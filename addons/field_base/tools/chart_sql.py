"""Who is below and above whom, as SQL: the organisation chart, and areas where a company uses them.

Each query takes the tuple of user ids it starts from. UNION (not UNION ALL) also ends when somebody
managed to build a circle.
"""

#: Everybody below some people, at any depth and in any company; one column of user ids.
BELOW = """
    WITH RECURSIVE below(id, user_id) AS (
        SELECT child.id, child.user_id
          FROM hr_employee leader JOIN hr_employee child ON child.parent_id = leader.id
         WHERE leader.user_id IN %(users)s AND leader.active
        UNION
        SELECT child.id, child.user_id
          FROM below JOIN hr_employee child ON child.parent_id = below.id
    )
    SELECT user_id FROM below WHERE user_id IS NOT NULL
"""

#: Everybody above some people: pairs of user id and leader's user id.
ABOVE = """
    WITH RECURSIVE above(origin, id) AS (
        SELECT user_id, parent_id FROM hr_employee
         WHERE user_id IN %(users)s AND parent_id IS NOT NULL
        UNION
        SELECT above.origin, e.parent_id
          FROM above JOIN hr_employee e ON e.id = above.id
         WHERE e.parent_id IS NOT NULL
    )
    SELECT DISTINCT above.origin, leader.user_id
      FROM above JOIN hr_employee leader ON leader.id = above.id
     WHERE leader.user_id IS NOT NULL AND leader.active
"""

# With areas a step leads from a person to the areas he leads, from an area to those within it, to
# their leaders and to whoever works there, and on through the chart. A row names an employee, an
# area or a person. Nobody is below himself, also where he works in the area he leads.
BELOW_WITH_AREAS = """
    WITH RECURSIVE below(root, employee_id, area_id, user_id) AS (
        (SELECT leader.user_id, child.id, NULL::int, child.user_id
           FROM hr_employee leader JOIN hr_employee child ON child.parent_id = leader.id
          WHERE leader.user_id IN %(users)s AND leader.active
         UNION ALL
         SELECT led.user_id, NULL, area.id, NULL
           FROM field_area_leader_rel led JOIN field_area area ON area.id = led.area_id
          WHERE led.user_id IN %(users)s AND area.active)
        UNION
        SELECT below.root, step.* FROM below CROSS JOIN LATERAL (
            SELECT child.id, NULL::int, child.user_id
              FROM hr_employee child WHERE child.parent_id = below.employee_id
            UNION ALL
            SELECT NULL, area.id, NULL
              FROM field_area_leader_rel led JOIN field_area area ON area.id = led.area_id
             WHERE led.user_id = below.user_id AND area.active
            UNION ALL
            SELECT NULL, area.id, NULL
              FROM field_area area WHERE area.parent_id = below.area_id AND area.active
            UNION ALL
            SELECT NULL, NULL, led.user_id
              FROM field_area area JOIN field_area_leader_rel led ON led.area_id = area.id
             WHERE area.parent_id = below.area_id AND area.active
            UNION ALL
            SELECT NULL, NULL, works.user_id
              FROM field_area_member_rel works WHERE works.area_id = below.area_id
            UNION ALL
            SELECT same.id, NULL, same.user_id
              FROM hr_employee same
             WHERE same.user_id = below.user_id AND below.employee_id IS NULL
        ) step
    )
    SELECT user_id FROM below WHERE user_id <> root
"""

# The same road upwards; `leads` tells whom it ends at from whom it only passes.
ABOVE_WITH_AREAS = """
    WITH RECURSIVE above(origin, employee_id, area_id, user_id, leads) AS (
        SELECT id, NULL::int, NULL::int, id, FALSE FROM res_users WHERE id IN %(users)s
        UNION
        SELECT above.origin, step.* FROM above CROSS JOIN LATERAL (
            SELECT same.id, NULL::int, NULL::int, FALSE
              FROM hr_employee same
             WHERE same.user_id = above.user_id AND above.employee_id IS NULL
            UNION ALL
            SELECT boss.id, NULL, boss.user_id, boss.active
              FROM hr_employee e JOIN hr_employee boss ON boss.id = e.parent_id
             WHERE e.id = above.employee_id
            UNION ALL
            SELECT NULL, area.id, NULL, FALSE
              FROM field_area_member_rel works JOIN field_area area ON area.id = works.area_id
             WHERE works.user_id = above.user_id AND area.active
            UNION ALL
            SELECT NULL, around.id, NULL, FALSE
              FROM field_area_leader_rel led JOIN field_area area ON area.id = led.area_id
              JOIN field_area around ON around.id = area.parent_id
             WHERE led.user_id = above.user_id AND area.active AND around.active
            UNION ALL
            SELECT NULL, around.id, NULL, FALSE
              FROM field_area area JOIN field_area around ON around.id = area.parent_id
             WHERE area.id = above.area_id AND around.active
            UNION ALL
            SELECT NULL, NULL, led.user_id, TRUE
              FROM field_area_leader_rel led WHERE led.area_id = above.area_id
        ) step
    )
    SELECT DISTINCT origin, user_id FROM above
     WHERE leads AND user_id IS NOT NULL AND user_id <> origin
"""
