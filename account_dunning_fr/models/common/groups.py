"""Who sees what dunning adds to the books, and who sends."""

from odoo.exceptions import AccessError

ACCOUNTING_GROUPS = "account.group_account_invoice,account.group_account_readonly"


def check_sender(env):
    """:raise AccessError: unless the user may send messages, and decide what is claimed in them"""
    if not env.su and not env.user.has_group("account_dunning_fr.group_dunning_user"):
        raise AccessError(
            env._(
                "Only dunning users send reminders. Ask one of them, or ask your "
                "administrator for the right “Dunning / User: sends reminders”."
            )
        )
