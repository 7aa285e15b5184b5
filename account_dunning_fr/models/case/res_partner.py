from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS

TELL_MERCHANTS = ("dunning_regime", "is_company", "dunning_legal_form")


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_role = fields.Selection(
        [
            ("commissaire", "Commissaire de justice"),
            ("lawyer", "Lawyer"),
            ("agency", "Collection agency"),
            ("insurer", "Credit insurer"),
        ],
        string="Role in recovery",
        groups=ACCOUNTING_GROUPS,
        help="To whom court files are handed over.",
    )
    dunning_legal_form = fields.Char(
        string="Legal form",
        groups=ACCOUNTING_GROUPS,
        help="For instance SAS, SARL. Printed on the request to the court.",
    )

    dunning_case_count = fields.Integer(
        string="Court files",
        compute="_compute_dunning_counts",
        counted=("account.dunning.case", []),
        groups=ACCOUNTING_GROUPS,
    )

    def write(self, vals):
        cases = self._get_dunning_proposed_cases(vals)
        result = super().write(vals)
        for case in cases:
            proposed = case._propose_merchant(case.partner_id)
            if case.merchant != proposed:
                case.merchant = proposed
        return result

    def _get_dunning_proposed_cases(self, vals):
        """Return the files in preparation in which these values may change who is a merchant.

        Not those in which a person decided otherwise than proposed, nor those that have left.
        """
        cases = self.env["account.dunning.case"].sudo()
        if not self.ids or not self._will_dunning_change(vals, TELL_MERCHANTS):
            return cases
        prepared = cases.search([("partner_id", "in", self.ids), ("state", "=", "preparation")])
        return prepared.filtered(
            lambda case: case.merchant == case._propose_merchant(case.partner_id)
        )

    def action_prepare_dunning_case(self):
        """Prepare an order to pay against this customer."""
        self.ensure_one()
        wizard = self.env["account.dunning.case.prepare"]
        return wizard._open(self.commercial_partner_id, self._get_dunning_asking_creditor())

    def action_view_dunning_cases(self):
        """Open the court files of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_case"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action
