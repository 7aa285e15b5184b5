from odoo import api, fields, models

from ..common.account_dunning_facts import BILLING
from ..common.account_dunning_today import Act, Card, Counted
from ..common.marks import tells_acts, tells_carded, tells_cards, tells_done

CALL = "account.dunning.call"
RANK = 60  # urgency, see ``Act.rank``


class AccountDunningToday(models.AbstractModel):
    """Calls to make."""

    _inherit = "account.dunning.today"

    @api.model
    def _get_calls_domain(self, creditors, today):
        return [
            ("company_id", "in", creditors.ids),
            ("state", "=", "todo"),
            ("date", "<=", today),
        ]

    @api.model
    @tells_cards
    def _get_call_cards(self, creditors, today):
        return [Card("call", self.env._("To call"), "fa-phone", 30)]

    @api.model
    @tells_acts
    def _get_call_acts(self, creditors, today):
        """Return today's calls, except those to private persons who must not be contacted now."""
        calls = self.env[CALL].search_fetch(
            self._get_calls_domain(creditors, today),
            ["partner_id", "company_id", "amount_overdue", "days_late", "state"],
        )
        button = self.env._("Call now") if self.env.user.has_group(BILLING) else ""
        return [
            Act(
                card="call",
                partner_id=call.partner_id.id,
                creditor_id=call.company_id.id,
                rank=RANK,
                label=self.env._("Call"),
                model=CALL,
                ids=(call.id,),
                button=button,
                amount=call.amount_overdue,
                detail=self.env._("%s days late", call.days_late) if call.days_late else "",
            )
            for call in calls
            if not call.is_quiet
        ]

    @api.model
    @tells_done
    def _count_calls_done(self, creditors, today):
        first_moment = fields.Datetime.to_string(self._get_first_moment(today))
        domain = [("company_id", "in", creditors.ids), ("state", "=", "done")]
        return [Counted(self.env[CALL], [*domain, ("done_on", ">=", first_moment)])]

    @api.model
    @tells_carded
    def _get_call_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors,
                "calls",
                self.env._("Calls of today"),
                15,
                "action_account_dunning_call",
                self._get_calls_domain(creditors, today),
                "amount_overdue",
            ),
        ]
