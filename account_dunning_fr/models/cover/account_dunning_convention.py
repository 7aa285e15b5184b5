from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common.creditors_day import creditors_day

# What the convention with the agency must state in writing (CPCE R. 124-3).
TERMS = ("basis_text", "warranty_text", "remuneration_text", "return_text", "power_text")
# What the agency's letter to a debtor must contain (CPCE R. 124-4).
LETTER = (
    "letter_collector",
    "letter_creditor",
    "letter_breakdown",
    "letter_payment",
    "letter_costs",
)


class AccountDunningConvention(models.Model):
    """The convention with a collection agency: what the law requires in it and in its letter.

    The parties write the texts: the software asks for each of them, and a person answers for them.
    """

    _name = "account.dunning.convention"
    _description = "Convention with a Collection Agency"
    _inherit = ["mail.thread", "account.dunning.guarded", "account.dunning.plausible"]
    _order = "signed_on DESC, id DESC"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        default=lambda self: self.env.company.dunning_creditor_id,
    )
    agency_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    signed_on = fields.Date(tracking=True, copy=False)
    until = fields.Date(string="Valid until", help="Empty: until one of the parties ends it.")
    file = fields.Binary(string="Signed convention", attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    commission_percent = fields.Float(
        string="Commission (%)", help="Agreed, of what is recovered: to compare with what is taken."
    )
    basis_text = fields.Text(
        string="Basis and amount of the sums",
        tracking=True,
        help="With each element apart: principal, penalties, indemnity (CPCE R. 124-3).",
    )
    warranty_text = fields.Text(
        string="Insurance of the agency",
        tracking=True,
        help="Which insurance covers what it answers for (CPCE R. 124-3).",
    )
    remuneration_text = fields.Text(
        string="Remuneration",
        tracking=True,
        help="How it is set, and who bears it: the creditor (CPCE R. 124-3).",
    )
    return_text = fields.Text(
        string="Return of the funds",
        tracking=True,
        help="When and how what was received is handed to the creditor (CPCE R. 124-3).",
    )
    power_text = fields.Text(
        string="Power to receive",
        tracking=True,
        help="The agency is given power to receive for the creditor (CPCE R. 124-3).",
    )
    letter_collector = fields.Boolean(
        string="Name and address of the agency, and that it recovers amicably"
    )
    letter_creditor = fields.Boolean(string="Name and address of the creditor")
    letter_breakdown = fields.Boolean(string="Basis and amount, each element apart")
    letter_payment = fields.Boolean(string="Demand to pay, and how to pay")
    letter_costs = fields.Boolean(string="CPCE L. 111-8, paragraphs 2 and 3, reproduced")
    letter_checked_by = fields.Many2one("res.users", writer="code")
    letter_checked_on = fields.Date(writer="code")
    missing_text = fields.Char(string="Missing", compute="_compute_missing_text")
    letter_missing_text = fields.Char(
        string="Missing in the letter", compute="_compute_missing_text"
    )

    _once = models.UniqueIndex(
        "(company_id, agency_id, signed_on)", "This convention of that day is there already."
    )
    _commission = models.Constraint(
        "CHECK (commission_percent IS NULL OR commission_percent BETWEEN 0 AND 100)",
        "A commission is between 0 and 100 %.",
    )

    @api.depends(*TERMS, *LETTER, "signed_on")
    @api.depends_context("lang")
    def _compute_missing_text(self):
        for each in self:
            each.missing_text = ", ".join(each._name_missing(("signed_on", *TERMS)))
            each.letter_missing_text = ", ".join(each._name_missing(LETTER))

    @api.depends("agency_id", "signed_on")
    def _compute_display_name(self):
        for each in self:
            day = fields.Date.to_string(each.signed_on) if each.signed_on else ""
            each.display_name = f"{each.agency_id.name or ''} {day}".strip()

    def _name_missing(self, names):
        return [
            self._fields[name]._description_string(self.env)
            for name in names
            if not (self[name].strip() if isinstance(self[name], str) else self[name])
        ]

    @api.constrains("agency_id", "company_id")
    def _check_agency(self):
        for each in self:
            if each.agency_id.commercial_partner_id == each.company_id.partner_id:
                raise ValidationError(self.env._("An agency recovers for somebody else."))

    def write(self, vals):
        """Record that whoever changes the list of what the letter contains checked it."""
        result = super().write(vals)
        if set(LETTER) & vals.keys():
            self.sudo().write(
                {
                    "letter_checked_by": self.env.uid,
                    "letter_checked_on": creditors_day(self),
                }
            )
        return result

    def _is_in_force(self, day):
        """Whether items may be handed over under this convention on a day."""
        self.ensure_one()
        started = self.signed_on and self.signed_on <= day
        return bool(started and not self.missing_text and (not self.until or day <= self.until))

    def action_view_assignments(self):
        """Open what was entrusted under this convention."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_assignment_agency"
        )
        return {**action, "domain": [("convention_id", "=", self.id)]}
