from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.marks import tells


class AccountDunningChronology(models.AbstractModel):
    """The calls made, in the history of a debt."""

    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_call_events(self, partner, creditor, moves):
        domain = [*self._get_agreement_domain(partner, creditor), ("state", "=", "done")]
        if moves is not None:
            domain.append(("notice_id.line_ids.move_id", "in", moves.ids))
        calls = self.env["account.dunning.call"].search(domain)
        outcomes = dict(calls._fields["outcome"]._description_selection(self.env))
        return [
            Event(
                on=creditor._get_dunning_day(call.done_on),
                kind="call",
                title=self.env._("Call: %s", outcomes[call.outcome]),
                detail=", ".join(filter(None, [call.person, call.note])),
                amount=call.amount_overdue,
                currency=call.company_currency_id,
                record=call,
                moves=call.notice_id.sudo().move_ids,
            )
            for call in calls
        ]
