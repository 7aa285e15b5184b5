"""What the installation of 19.0.1.1.0 writes down that earlier builds did not."""

from odoo import SUPERUSER_ID, api
from odoo.fields import Date


def migrate(cr, version):
    """Note the account on the letters, and in whose hand the items of open court files are."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    # Unknown until then, its first look would be told as a change of the account.
    env["res.company"].search([])._follow_dunning_account()
    items = env["account.dunning.case.item"].search(
        [("is_live", "=", True), ("move_line_id", "!=", False)]
    )
    hands = env["account.dunning.hand"]
    free = items.filtered(lambda item: not hands._get_live(item.move_line_id))
    for case, taken in free.grouped("case_id").items():
        hands._take("court", taken.move_line_id, ("case_id", case), case.date or Date.today())
