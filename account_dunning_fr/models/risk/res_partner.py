from odoo import api, fields, models

from ...core.rated_persons import CONSUMER, kind_of_person, may_be_rated
from ..common.creditors_day import creditors_day
from ..common.groups import ACCOUNTING_GROUPS
from ..common.letter_formats import format_labelled
from .account_dunning_risk import LETTERS

USERS = "account_dunning_fr.group_use_risk"
# What the form of a customer shows of their risk at the current creditor.
SHOWN = {
    "dunning_risk_class": "letter",
    "dunning_risk_reasons": "reason_text",
    "dunning_risk_to_check": "why_to_check",
    "dunning_risk_currency_id": "currency_id",
    "dunning_risk_used": "used",
    "dunning_limit_asked": "limit_asked",
    "dunning_limit_granted": "limit_granted",
    "dunning_limit_granted_by": "granted_by",
}
LIMITS = (
    "dunning_risk_used",
    "dunning_limit_asked",
    "dunning_limit_granted",
    "dunning_limit_granted_by",
    "dunning_register_state",
)
# The fields that tell a person who may not be rated from a firm.
TELL_PERSONS = ("dunning_regime", "is_company", "dunning_register_form", "vat")
REGISTER_STATES = [("A", "Active"), ("C", "Ceased")]


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_risk_ids = fields.One2many(
        "account.dunning.risk",
        "partner_id",
        string="Risk",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_risk_id = fields.Many2one(
        "account.dunning.risk", compute="_compute_dunning_risk", groups=ACCOUNTING_GROUPS
    )
    dunning_risk_class = fields.Selection(
        LETTERS, string="Class", compute="_compute_dunning_risk", groups=ACCOUNTING_GROUPS
    )
    dunning_risk_reasons = fields.Text(
        string="Why this class", compute="_compute_dunning_risk", groups=ACCOUNTING_GROUPS
    )
    dunning_risk_to_check = fields.Char(
        string="To check because", compute="_compute_dunning_risk", groups=ACCOUNTING_GROUPS
    )
    dunning_risk_currency_id = fields.Many2one(
        "res.currency", compute="_compute_dunning_risk", groups=ACCOUNTING_GROUPS
    )
    dunning_risk_used = fields.Monetary(
        string="Owed to this creditor",
        compute="_compute_dunning_risk",
        currency_field="dunning_risk_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_limit_asked = fields.Monetary(
        string="Limit asked",
        compute="_compute_dunning_risk",
        currency_field="dunning_risk_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_limit_granted = fields.Monetary(
        string="Limit granted",
        compute="_compute_dunning_risk",
        currency_field="dunning_risk_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_limit_granted_by = fields.Many2one(
        "res.users",
        string="Limit granted by",
        compute="_compute_dunning_risk",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_check_ids = fields.One2many(
        "account.dunning.check",
        "partner_id",
        string="Checks",
        seldom=True,
        groups=ACCOUNTING_GROUPS,
    )
    dunning_register_state = fields.Selection(
        REGISTER_STATES,
        string="In the register",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="As the register of companies answered last.",
    )
    dunning_register_form = fields.Char(
        string="Legal form in the register",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="Code of INSEE's list; 1000 is a sole trader.",
    )

    @api.depends(*(f"dunning_risk_ids.{name}" for name in SHOWN.values()))
    @api.depends_context("company", "lang")
    def _compute_dunning_risk(self):
        creditor = self.env.company.dunning_creditor_id
        for partner in self:
            risk = partner.commercial_partner_id.dunning_risk_ids.filtered(
                lambda risk: risk.company_id == creditor
            )
            partner.dunning_risk_id = risk
            for name, shown in SHOWN.items():
                partner[name] = risk[shown]

    def write(self, vals):
        told = self._will_dunning_change(vals, TELL_PERSONS)
        result = super().write(vals)
        if told:
            self.sudo()._forget_dunning_ratings()
        return result

    def _forget_dunning_ratings(self):
        """Delete the ratings of customers who turn out to be persons who may not be rated."""
        risks = self.env["account.dunning.risk"].search([("partner_id", "in", self.ids)])
        risks.filtered(
            lambda risk: not risk.partner_id._may_be_dunning_rated(risk.company_id)
        ).unlink()
        consumers = self.filtered(lambda partner: partner._get_dunning_person() == CONSUMER)
        self.env["account.dunning.check"].search(
            [("partner_id", "in", consumers.ids), ("kind", "=", "solvency")]
        ).unlink()

    def _get_dunning_person(self):
        """Return the kind of person in the rules on ratings (``core.rated_persons``)."""
        self.ensure_one()
        return kind_of_person(
            self._get_dunning_likely_regime(),
            is_company=self.is_company,
            legal_form=self.dunning_register_form or "",
        )

    def _may_be_dunning_rated(self, creditor):
        """Whether a creditor may rate and watch this customer."""
        kind = self.commercial_partner_id.sudo()._get_dunning_person()
        return may_be_rated(kind, sole_traders=creditor.sudo().dunning_risk_sole_traders)

    # -- From the customer's form ------------------------------------------------------------------

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.user.has_group(USERS))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Remove the risk tab for users who do not use the risk classes.

        Its ``groups`` attribute names the groups of accountants, and a view cannot require two
        groups at once.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self.env.user.has_group(USERS):
            for page in arch.iterfind(".//page[@name='dunning_risk']"):
                page.getparent().remove(page)
        return arch, view

    def get_dunning_risk_facts(self):
        """Return the content of a customer's tab « Risque », read when it is opened.

        :return: list of groups (``account.dunning.facts``)
        """
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["dunning_risk_id"], "read")
        facts = self.env["account.dunning.facts"]
        label = self._fields["dunning_risk_to_check"]._description_string(self.env)
        why = self.dunning_risk_to_check
        no_class = self.env._(
            "No class: consumers never have one, sole traders only where the settings say so, and "
            "the others once your books name them."
        )
        groups = [
            facts._prepare_notes(
                [
                    ("warning", why and format_labelled(self.env, label, why)),
                    ("light", not self.dunning_risk_id and no_class),
                ]
            ),
            facts._prepare_group(self, ["dunning_risk_class", "dunning_risk_reasons"]),
            facts._prepare_group(self, LIMITS),
            facts._prepare_table(
                self.dunning_check_ids,
                ["on", "kind", "result", "source_name", "valid_until", "user_id"],
                title=self._fields["dunning_check_ids"]._description_string(self.env),
                opened="id",
            ),
        ]
        return facts._keep_told(groups)

    def action_dunning_risk(self):
        """Open the risk of this customer, after reviewing it in the books if it is new."""
        self.ensure_one()
        creditor = self.env.company.dunning_creditor_id
        customer = self.commercial_partner_id
        risks = self.env["account.dunning.risk"]
        risks.check_access("write")
        domain = [("company_id", "=", creditor.id), ("partner_id", "=", customer.id)]
        if not risks.search_count(domain, limit=1):
            risks.sudo().create({"company_id": creditor.id, "partner_id": customer.id})
            risks._review(creditor, creditors_day(creditor), customer.ids)
        return risks.search(domain)._get_records_action()

    def action_dunning_check(self):
        """Record a check of this customer."""
        self.ensure_one()
        return self._get_dunning_check_action(self.env.company.dunning_creditor_id)

    def _get_dunning_check_action(self, creditor):
        return self._get_dunning_form_action("account.dunning.check", self.env._("Check"), creditor)
