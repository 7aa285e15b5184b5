from odoo import api, models

from ...core.outcomes import PAID, ClosedFile
from ..common.creditors_day import creditors_day
from ..common.marks import tells_closed_files, tells_offers
from .account_dunning_shortcut import AGENCIES, INSURED

UNPAID = "unpaid"


class AccountDunningRoute(models.AbstractModel):
    """The insurer and the agency, offered beside the routes to an enforceable title."""

    _inherit = "account.dunning.route"

    @api.model
    @tells_offers
    def _offer_insurer(self, case):
        """Offer the insurer where it covers an invoice of the file."""
        if not self.env.user.has_group(INSURED):
            return ()
        covers = (
            self.env["account.dunning.cover"]
            .sudo()
            .search(
                [("company_id", "=", case.company_id.id), ("partner_id", "=", case.partner_id.id)]
            )
        )
        return ("insurer",) if covers._choose_all(case.item_ids.move_line_id) else ()

    @api.model
    @tells_offers
    def _offer_agency(self, case):
        """Offer one where a convention with it is in force: nothing may be entrusted without."""
        if not self.env.user.has_group(AGENCIES):
            return ()
        conventions = (
            self.env["account.dunning.convention"]
            .sudo()
            .search([("company_id", "=", case.company_id.id)])
        )
        today = creditors_day(case)
        return ("agency",) if any(each._is_in_force(today) for each in conventions) else ()

    @api.model
    @tells_closed_files
    def _get_entrusted(self, creditor):
        """Report each item that was paid while an agency held it, or that came back."""
        lines = (
            self.env["account.dunning.assignment.line"]
            .sudo()
            .search(
                [
                    ("company_id", "=", creditor.id),
                    ("kind", "=", "agency"),
                    ("state", "in", ("out", "back")),
                    ("move_line_id", "!=", False),
                ]
            )
        )
        return [
            ClosedFile("agency", line.date, None, ended, PAID if line._is_paid() else UNPAID)
            for line in lines
            if (ended := line._get_ended())
        ]
