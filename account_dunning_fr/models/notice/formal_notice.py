"""A formal notice that stands against an item: the one definition, as a domain and as SQL.

It left, claims the item of who owes it now, and he was given no time since: nobody is in default
of what is not due yet (C. civ. 1305-2), nor by a letter to somebody else.
``account.dunning.notice.line._find_formal_notices`` puts it together for records; the tests compare
both.
"""

# Of lines of messages; ``_stands`` says the rest of each.
CLAIMED_FORMALLY = (
    ("state", "=", "sent"),
    ("claimed", "=", True),
    ("notice_id.kind", "=", "formal_notice"),
    ("notice_id.has_left", "=", True),
)
# Whether one stands against an item ``line``, of a row of ``account_dunning_notice``, ``notice``,
# and one of its lines, ``claimed``.
STANDS_SQL = """
    claimed.notice_id = notice.id AND claimed.move_line_id = line.id AND claimed.claimed
    AND notice.state = 'sent' AND notice.kind = 'formal_notice' AND notice.has_left
    AND (claimed.date_maturity < line.date_maturity
         AND notice.date <= line.date_maturity) IS NOT TRUE
    AND (SELECT commercial_partner_id FROM res_partner WHERE id = notice.partner_id)
      = (SELECT commercial_partner_id FROM res_partner WHERE id = line.partner_id)
"""
