from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.insurance import Contract
from ..common.creditors_day import creditors_day

DELAYS = ("term_days", "notify_days", "extension_days", "intervene_days", "waiting_days")


class AccountDunningInsurance(models.Model):
    """A contract of credit insurance: its deadlines, and what it pays.

    No deadline is shipped: each contract has its own, to be entered by a person.
    """

    _name = "account.dunning.insurance"
    _description = "Contract of Credit Insurance"
    _inherit = ["account.dunning.tracked", "account.dunning.guarded", "account.dunning.plausible"]
    _order = "name, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        default=lambda self: self.env.company.dunning_creditor_id,
    )
    name = fields.Char(string="Policy no.", required=True)
    insurer_id = fields.Many2one("res.partner", required=True, index=True)
    percent = fields.Float(
        string="Insured share (%)", required=True, help="Of what is covered, what he pays."
    )
    term_days = fields.Integer(
        string="Longest term of payment (days)",
        help="From the day of the invoice. What is due later is not covered. 0: none is set.",
    )
    notify_days = fields.Integer(
        string="Declaration of what is unpaid (days)",
        help="From the due date, at the latest. 0: the contract asks for none.",
    )
    extension_days = fields.Integer(
        string="Longest extension (days)",
        help="From the due date, without the insurer's consent; past it, deliveries stop. 0: the "
        "contract sets none.",
    )
    intervene_days = fields.Integer(
        string="Request for intervention (days)",
        help="From the due date as it was extended, at the latest. 0: the contract sets none.",
    )
    waiting_days = fields.Integer(
        string="Waiting period (days)",
        help="From the request for intervention until the insurer pays. 0: not said.",
    )
    excludes_disputes = fields.Boolean(
        string="Disputes excluded",
        help="What a customer disputes is not covered until the dispute is settled.",
    )
    exclusions = fields.Text(
        string="Other exclusions", help="As the contract words them, for whoever reads it here."
    )
    account_id = fields.Many2one(
        "account.account",
        string="Account of the indemnities",
        check_company=True,
        help="Where the insurer's indemnities are booked, such as 758700 in the French chart.",
    )
    due_account_id = fields.Many2one(
        "account.account",
        string="Account of what the insurer owes",
        check_company=True,
        help="Where it stands until his money arrives; the accountant chooses it.",
    )
    active = fields.Boolean(default=True)

    @api.constrains("percent", *DELAYS)
    def _check_possible(self):
        for contract in self:
            if not 0 < contract.percent <= 100:
                raise ValidationError(
                    self.env._("Type the insured share: more than 0, 100 % at most.")
                )
            if any(contract[name] < 0 for name in DELAYS):
                raise ValidationError(self.env._("The delays of a contract are not negative."))

    @api.constrains("notify_days", "intervene_days")
    def _check_some_clock(self):
        if any(not each.notify_days and not each.intervene_days for each in self):
            raise ValidationError(
                self.env._(
                    "Type at least one delay of the contract: until when what is unpaid is "
                    "declared, or the intervention asked for."
                )
            )

    def write(self, vals):
        """Update the dates of what a contract covers as soon as the contract changes."""
        result = super().write(vals)
        insured = self.env["account.dunning.insured"].sudo()
        insured.search([("insurance_id", "in", self.ids)])._follow(creditors_day(self))
        return result

    def _get_contract(self):
        """Return the deadlines in the format of the core (``core.insurance.Contract``)."""
        self.ensure_one()
        return Contract(
            self.notify_days or None,
            self.extension_days or None,
            self.intervene_days or None,
            self.waiting_days or None,
            self.term_days or None,
            self.excludes_disputes,
        )
