"""Who sees what dunning adds to the books, and who may send."""

from odoo.exceptions import AccessError

ACCOUNTING_GROUPS = "account.group_account_invoice,account.group_account_readonly"


def check_sender(env):
    """:raise AccessError: unless the user may send notices, and decide what they claim"""
    if not env.su and not env.user.has_group("account_dunning_fr.group_dunning_user"):
        raise AccessError(
            env._(
                "Only dunning users send reminders. Ask one of them, or ask your "
                "administrator for the right “Dunning / User: sends reminders”."
            )
        )
