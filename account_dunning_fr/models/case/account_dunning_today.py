from odoo import api, fields, models
from odoo.tools import format_date

from ..common.account_dunning_today import Act, Card, Counted
from ..common.marks import tells, tells_acts, tells_carded, tells_cards, tells_done
from .account_dunning_chronology import SOON

CASE = "account.dunning.case"
MANAGER = "account_dunning_fr.group_dunning_manager"
TERM, HAND_OVER = 6, 20  # urgency, see ``Act.rank``


class AccountDunningToday(models.AbstractModel):
    """Deadlines of court files, and what has to be handed over."""

    _inherit = "account.dunning.today"

    @api.model
    @tells_cards
    def _get_case_cards(self, creditors, today):
        return [
            Card("clock", self.env._("Terms before the court"), "fa-gavel", 5),
            Card("hand_over", self.env._("To hand over"), "fa-share", 40),
        ]

    @api.model
    def _get_soon_domain(self):
        return [("next_clock_on", "<=", f"today +{SOON}d")]

    @api.model
    @tells_acts
    def _get_term_acts(self, creditors, today):
        cases = self.env[CASE].search(
            [("company_id", "in", creditors.ids), *self._get_soon_domain()]
        )
        return [
            Act(
                card="clock",
                partner_id=case.partner_id.id,
                creditor_id=case.company_id.id,
                rank=TERM,
                label=self.env._("Term of the court file"),
                model=CASE,
                ids=(case.id,),
                button=self.env._("Open the file"),
                amount=case.amount_principal,
                detail=format_date(self.env, case.next_clock_on),
            )
            for case in cases
        ]

    @api.model
    @tells_acts
    def _get_hand_over_acts(self, creditors, today):
        """Return customers whose formal notice has expired: somebody decides what comes next."""
        items = self.env["account.dunning.notice"]._get_expired_items(creditors, today)
        may = self.env.user.has_group(MANAGER)
        found = items.grouped(
            lambda item: (
                item.company_id.dunning_creditor_id,
                item.partner_id.commercial_partner_id,
            )
        )
        return [
            Act(
                card="hand_over",
                partner_id=customer.id,
                creditor_id=creditor.id,
                rank=HAND_OVER,
                label=self.env._("Formal notice expired"),
                model="res.partner",
                ids=(customer.id,),
                method="action_prepare_dunning_case" if may else "",
                button=self.env._("Hand over") if may else "",
                amount=sum(owed.mapped("amount_residual")),
            )
            for (creditor, customer), owed in found.items()
        ]

    @api.model
    @tells_done
    def _count_cases_done(self, creditors, today):
        first_moment = fields.Datetime.to_string(self._get_first_moment(today))
        domain = [("company_id", "in", creditors.ids), ("create_date", ">=", first_moment)]
        return [Counted(self.env[CASE], domain)]

    @api.model
    @tells
    def _get_preparation_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors,
                "case_preparation",
                self.env._("Court files in preparation"),
                60,
                "action_account_dunning_case",
                [("state", "=", "preparation")],
            ),
        ]

    @api.model
    @tells_carded
    def _get_case_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors,
                "case_clock",
                self.env._("Court files with a term in 15 days"),
                5,
                "action_account_dunning_case",
                self._get_soon_domain(),
                warning=True,
            ),
        ]
