from odoo import fields, models

from ...core.assigned_file import read_receipts


class AccountDunningAgencyImport(models.TransientModel):
    """Import what a collection agency received in a month, and its commission.

    All or nothing: each invalid line is listed with its reason. What was imported before stays.
    """

    _name = "account.dunning.agency.import"
    _inherit = ["account.dunning.file.import", "account.dunning.dialog"]
    _description = "Import the Month of an Agency"

    file = fields.Binary(required=True, help="CSV: Date;Facture;Montant;Commission;Référence")
    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        default=lambda self: self.env.company.dunning_creditor_id,
    )
    agency_id = fields.Many2one("res.partner", required=True)

    def action_import(self):
        """Read the file, and record its receipts.

        :raise UserError: if the file is not such a list of an agency
        """
        self.ensure_one()
        self.env["account.dunning.assignment"]._check_manage()
        reading = self._read()
        kept, known, refused = self.env["account.dunning.agency.receipt"]._import(
            reading, self.company_id, self.agency_id
        )
        problems = sorted([*reading.problems, *refused])
        result = self.env._(
            "Receipts kept: %(kept)s; known already: %(known)s.", kept=kept, known=known
        )
        if problems:
            result = self.env._("Nothing was applied.")
        return self._show(self.env._("Import the month of an agency"), result, problems)

    def _read(self):
        refusal = self.env._(
            "This is no month of an agency: its first line reads “%s”.",
            "Date;Facture;Montant;Commission;Référence",
        )
        return self._read_table(read_receipts, refusal)

    def _get_sentences(self):
        return {
            "invoice": self.env._("there is no invoice number.%s"),
            "date": self.env._("“%s” is no date."),
            "amount": self.env._("“%s” is no amount."),
            "commission": self.env._("“%s” is no commission, or more than what was received."),
            "twice": self.env._("“%s” stands twice with the same day and sum."),
            "unreadable": self.env._("it cannot be read.%s"),
            "unknown": self.env._("“%s” was not entrusted to this agency by that day."),
            "future": self.env._("“%s” is to come."),
        }
