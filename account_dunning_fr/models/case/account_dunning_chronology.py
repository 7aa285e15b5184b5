from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.marks import tells

STEPS = (
    "handover_on",
    "command_on",
    "contested_on",
    "record_on",
    "record_served_on",
    "filed_on",
    "order_on",
    "served_on",
    "opposed_on",
    "enforceable_on",
    "executed_on",
    "closed_on",
)
SOON = 15  # days


class AccountDunningChronology(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_case_events(self, partner, creditor, moves):
        domain = [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]
        if moves is not None:
            domain.append(("item_ids.move_id", "in", moves.ids))
        events = []
        for case in self.env["account.dunning.case"].search(domain):
            for name in STEPS:
                if not case[name]:
                    continue
                detail = [case.name, case.court_id.name if name != "handover_on" else ""]
                if name == "handover_on":
                    detail.append(case.handover_partner_id.name)
                events.append(
                    Event(
                        on=case[name],
                        kind="case",
                        title=case._get_step_title(name),
                        detail=", ".join(filter(None, detail)),
                        amount=case.amount_total if name in ("handover_on", "filed_on") else None,
                        currency=case.currency_id,
                        record=case,
                        moves=case.move_ids,
                        proofs=case.dossier_id if name == "handover_on" else None,
                    )
                )
        return events
