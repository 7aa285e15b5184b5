from odoo import fields, models

from ...core.assigned_file import read_remittances
from ...models.cover.account_dunning_assignment import RECOURSES
from ...models.cover.account_dunning_assignment_wording import BASES


class AccountDunningAssignmentImport(models.TransientModel):
    """Import the remittances of a factor from his list.

    All or nothing: if any line is invalid, it is listed with its reason and no line is applied.
    What is already assigned under its number stays as it is.
    """

    _name = "account.dunning.assignment.import"
    _inherit = ["account.dunning.file.import", "account.dunning.dialog"]
    _description = "Import Remittances"

    file = fields.Binary(required=True, help="CSV: Quittance;Date;Facture;Montant;Définancée le")
    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        default=lambda self: self.env.company.dunning_creditor_id,
    )
    holder_id = fields.Many2one("res.partner", string="Factor", required=True)
    bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account of the factor",
        required=True,
        domain="[('partner_id', 'child_of', holder_id)]",
    )
    basis = fields.Selection(BASES, string="Legal basis", required=True, default="subrogation")
    recourse = fields.Selection(RECOURSES, default="with")
    chases = fields.Selection(
        [("holder", "The factor"), ("us", "We do, in the factor's name")],
        string="Who chases",
        required=True,
        default="holder",
    )

    def action_import(self):
        """Read the file, and assign what it lists.

        :raise UserError: if the file is no list of remittances
        """
        self.ensure_one()
        reading = self._read()
        made, known, back, refused = self.env["account.dunning.assignment"]._import(
            reading, self._get_terms()
        )
        problems = sorted([*reading.problems, *refused])
        result = self.env._(
            "Invoices assigned: %(made)s; known already: %(known)s; came back: %(back)s.",
            made=made,
            known=known,
            back=back,
        )
        if problems:
            result = self.env._("Nothing was applied.")
        return self._show(self.env._("Import remittances"), result, problems)

    def _get_terms(self):
        """Return what applies to all remittances of the file."""
        return {
            "kind": "factor",
            "company_id": self.company_id.id,
            "holder_id": self.holder_id.id,
            "bank_id": self.bank_id.id,
            "basis": self.basis,
            "recourse": self.recourse,
            "chases": self.chases,
        }

    def _read(self):
        refusal = self.env._(
            "This is no list of remittances: its first line reads “%s”.",
            "Quittance;Date;Facture;Montant;Définancée le",
        )
        return self._read_table(read_remittances, refusal)

    def _get_sentences(self):
        return {
            "number": self.env._("there is no number of a remittance.%s"),
            "invoice": self.env._("there is no invoice number.%s"),
            "date": self.env._("“%s” is no date."),
            "amount": self.env._("“%s” is no amount, or not that of the invoice."),
            "back": self.env._("“%s”: no date on which it came back, or one before it left."),
            "twice": self.env._("“%s” stands twice in this remittance."),
            "unreadable": self.env._("it cannot be read.%s"),
            "unknown": self.env._("no open invoice of yours has the number “%s”."),
            "several": self.env._("several invoices have the number “%s”."),
            "dates": self.env._("“%s”: another date than the other lines of this remittance."),
            "left": self.env._("“%s” was handed over already, without this invoice."),
            "future": self.env._("“%s” is to come."),
            "refused": "%s",
        }
