from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    """A natural person must consent beforehand to electronic registered letters.

    Code des postes et des communications électroniques, L100 I.
    """

    _inherit = "res.partner"

    dunning_lre_consent_on = fields.Date(
        string="Accepts electronic registered letters since",
        tracking=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="Day on which this private person agreed to receive electronic registered letters. "
        "Without this agreement such a letter is worth nothing (art. L100 of the postal code).",
    )

    def _on_dunning_address_corrected(self):
        """Close the to-dos about letters that came back from the old address."""
        letters = (
            self.env["account.dunning.registered"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.ids),
                    ("state", "=", "wrong_address"),
                    ("activity_ids", "!=", False),
                ]
            )
        )
        for same in letters.grouped("company_id").values():
            speaking = same._in_dunning_lang()
            speaking.activity_feedback(
                ["mail.mail_activity_data_todo"],
                feedback=speaking.env._("The address was corrected."),
            )
