from odoo import api, models

from ..common.account_dunning_facts import BILLING
from ..common.account_dunning_today import Act, Card
from ..common.marks import tells_acts, tells_cards

RANK = 75  # how urgent, see ``Act.rank``
SHOWN = 200  # customers; the list behind the card has them all


class AccountDunningToday(models.AbstractModel):
    """Customers whose risk needs a look: over their limit, or paying worse than before."""

    _inherit = "account.dunning.today"

    @api.model
    @tells_cards
    def _get_risk_cards(self, creditors, today):
        return [Card("risk", self.env._("To check"), "fa-shield", 55)]

    @api.model
    @tells_acts
    def _get_risk_acts(self, creditors, today):
        """List the customers whose risk changed; those never checked stay in the list."""
        if not self.env.user.has_group("account_dunning_fr.group_use_risk"):
            return []
        risks = self.env["account.dunning.risk"].search(
            [
                ("company_id", "in", creditors.ids),
                "|",
                ("is_over", "=", True),
                ("is_worse", "=", True),
            ],
            limit=SHOWN,
        )
        may = self.env.user.has_group(BILLING)
        return [
            Act(
                card="risk",
                partner_id=risk.partner_id.id,
                creditor_id=risk.company_id.id,
                rank=RANK,
                label=self.env._("Customer to check"),
                model=risk._name,
                ids=(risk.id,),
                button=self.env._("Look") if may else "",
                amount=risk.used,
                detail=risk.why_to_check,
            )
            for risk in risks
        ]
