"""What the installation of 19.0.1.1.0 records and earlier builds did not."""

from collections import defaultdict

from odoo import SUPERUSER_ID, api
from odoo.fields import Date
from odoo.tools import sql

# Features whose menus were always shown before there were switches: the switch, and what shows that
# it is used.
USED = {
    "group_use_calls": "account.dunning.call",
    "group_use_registered": "account.dunning.registered",
    "group_use_plans": "account.dunning.payment.plan",
    "group_use_cases": "account.dunning.case",
}
FORMER_HOLDS = "account_dunning_case_account_dunning_hold_rel"  # of builds without switches


def migrate(cr, version):
    """Record accounts, who is in charge of items of open court files, files, and former amounts."""
    _note_what_came_with_requests(cr)
    env = api.Environment(cr, SUPERUSER_ID, {})
    # Otherwise its first check would report the account, unknown until then, as changed.
    env["res.company"].search([])._follow_dunning_account()
    _note_former_amounts(env)
    if sql.table_exists(cr, FORMER_HOLDS):
        _show_what_is_used(env)
    items = env["account.dunning.case.item"].search(
        [("is_live", "=", True), ("move_line_id", "!=", False)]
    )
    hands = env["account.dunning.hand"]
    free = items.filtered(lambda item: not hands._get_live(item.move_line_id))
    for case, taken in free.grouped("case_id").items():
        hands._take("court", taken.move_line_id, ("case_id", case), case.date or Date.today())


def _note_what_came_with_requests(cr):
    """List on a request the files that came with it: they were stored in its own transaction.

    Files that a colleague attached later were created at another time.
    """
    cr.execute(
        """
        INSERT INTO account_dunning_request_file_rel (request_id, file_id)
        SELECT request.id, file.id
          FROM account_dunning_request request
          JOIN ir_attachment file ON file.res_model = 'account.dunning.request'
               AND file.res_id = request.id AND file.create_date = request.create_date
         WHERE file.res_field IS NULL
        ON CONFLICT DO NOTHING
        """
    )


def _note_former_amounts(env):
    """Record what disputes held before their amount changed: their history tells it to the day.

    A hold of a person's own has no history.
    """
    holds = env["account.dunning.hold"].search([("dispute_id", "!=", False)])
    holds = holds.filtered(lambda hold: not hold.amounts_before)
    disputes = holds.dispute_id
    tracked = env["mail.tracking.value"].search(
        [
            ("field_id", "=", env["ir.model.fields"]._get(disputes._name, "amount").id),
            ("mail_message_id.model", "=", disputes._name),
            ("mail_message_id.res_id", "in", disputes.ids),
        ],
        order="id",
    )
    changes = defaultdict(list)
    for change in tracked:
        dispute = disputes.browse(change.mail_message_id.res_id)
        on = dispute.company_id._get_dunning_day(change.mail_message_id.date)
        changes[dispute].append((on, change.old_value_float))
    for hold in holds:
        before = {}
        for on, amount in changes[hold.dispute_id]:
            if hold.date_from < on and not (hold.released_on and hold.released_on < on):
                before.setdefault(on.isoformat(), amount)  # that before the first of a day
        if before:
            hold.amounts_before = before


def _show_what_is_used(env):
    for group, model in USED.items():
        if env[model].search_count([], limit=1):
            env.ref("base.group_user")._apply_group(env.ref(f"account_dunning_fr.{group}"))
