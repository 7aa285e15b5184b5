"""When a formal notice stands against an item: the one definition, in SQL.

It was sent, it claims the item from its current debtor, and no more time was given since: nobody is
in default of what is not due yet (C. civ. 1305-2), nor by a letter to somebody else. Searches use
the field ``stands`` of ``account.dunning.notice.line``, which is this condition.
"""

# Aliases: ``claimed``, a notice line; ``notice``, its row of ``account_dunning_notice``; ``line``,
# the item that it claims.
STANDS_SQL = """
    claimed.notice_id = notice.id AND claimed.move_line_id = line.id AND claimed.claimed
    AND notice.state = 'sent' AND notice.kind = 'formal_notice' AND notice.has_left
    AND (claimed.date_maturity < line.date_maturity
         AND notice.date <= line.date_maturity) IS NOT TRUE
    AND (SELECT commercial_partner_id FROM res_partner WHERE id = notice.partner_id)
      = (SELECT commercial_partner_id FROM res_partner WHERE id = line.partner_id)
"""
# The fields it reads, by model: flushed before the query.
STANDS_BY = {
    "account.dunning.notice": ("state", "kind", "has_left", "date", "partner_id"),
    "account.dunning.notice.line": ("notice_id", "move_line_id", "claimed", "date_maturity"),
    "account.move.line": ("date_maturity", "partner_id"),
    "res.partner": ("commercial_partner_id",),
}
