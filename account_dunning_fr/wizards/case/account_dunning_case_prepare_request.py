from odoo import api, fields, models

# Printed on the request, and kept on the parties: (field here, party, field there).
MENTIONS = (
    ("creditor_form", "company_id", "dunning_legal_form"),
    ("creditor_representative", "company_id", "dunning_representative"),
    ("debtor_form", "partner_id", "dunning_legal_form"),
    ("debtor_registry", "partner_id", "company_registry"),
    ("debtor_street", "partner_id", "street"),
    ("debtor_zip", "partner_id", "zip"),
    ("debtor_city", "partner_id", "city"),
)


class AccountDunningCasePrepare(models.TransientModel):
    """The court and the mentions of the request, on one page (CPC 54, 57 and 1407)."""

    _inherit = "account.dunning.case.prepare"

    route = fields.Selection(related="case_id.route", readonly=False)
    merchant = fields.Selection(related="case_id.merchant", readonly=False)
    is_order = fields.Boolean(related="case_id.is_order")
    court_candidate_ids = fields.Many2many(related="case_id.candidate_ids")
    court_id = fields.Many2one(related="case_id.court_id", readonly=False)
    court_is_exact = fields.Boolean(related="case_id.court_is_exact")
    court_confirmed_by = fields.Many2one(related="case_id.court_confirmed_by")
    imputation = fields.Selection(related="case_id.imputation", readonly=False)
    ground = fields.Text(related="case_id.ground", readonly=False)
    amicable_note = fields.Text(related="case_id.amicable_note", readonly=False)
    creditor_form = fields.Char(
        string="Legal form of the creditor",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("creditor_form"),
    )
    creditor_representative = fields.Char(
        string="Represented by",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("creditor_representative"),
    )
    debtor_form = fields.Char(
        string="Legal form of the debtor",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_form"),
    )
    debtor_registry = fields.Char(
        string="SIREN or SIRET of the debtor",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_registry"),
    )
    debtor_street = fields.Char(
        string="Registered office: street",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_street"),
    )
    debtor_zip = fields.Char(
        string="Postal code",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_zip"),
    )
    debtor_city = fields.Char(
        string="Town",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_city"),
    )

    @api.depends("company_id", "partner_id")
    def _compute_mentions(self):
        for wizard in self.sudo():
            for here, party, there in MENTIONS:
                wizard[here] = wizard[party][there]

    def _keep_mention(self, name):
        """Keep a mention on the party that it says something of.

        A dunning manager need not be allowed to edit companies: these mentions only.
        """
        self.env["account.dunning.case"]._check_manage()
        party, there = next(there for here, *there in MENTIONS if here == name)
        for wizard in self.sudo():
            wizard[party][there] = wizard[name]
            wizard.case_id.action_examine()
