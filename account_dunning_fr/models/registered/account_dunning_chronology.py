from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.marks import tells
from .account_dunning_registered import OUTCOMES


class AccountDunningChronology(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_registered_events(self, partner, creditor, moves):
        """List the posting and the outcome of each registered letter, with the proof of each."""
        domain = [
            ("partner_id", "=", partner.id),
            ("company_id", "=", creditor.id),
            ("posted_on", "!=", False),
        ]
        if moves is not None:
            domain.append(("notice_id.line_ids.move_id", "in", moves.ids))
        labels = {
            "posted_on": self.env._("Registered letter posted"),
            "presented_on": self.env._("Registered letter: first presentation"),
            "delivered_on": self.env._("Registered letter delivered"),
            "refused_on": self.env._("Registered letter refused"),
            "unclaimed_on": self.env._("Registered letter not claimed"),
            "wrong_address_on": self.env._("Registered letter returned: wrong address"),
        }
        again = self.env._("Registered letter posted again")
        events = []
        for letter in self.env["account.dunning.registered"].search(domain):
            proofs = dict.fromkeys(OUTCOMES, letter.receipt_ids)
            proofs["posted_on"] = letter._get_posting_proofs()
            events += [
                Event(
                    on=letter[field],
                    kind="registered",
                    title=again if field == "posted_on" and letter.previous_id else label,
                    detail=", ".join(filter(None, [letter.number, letter.notice_id.name])),
                    record=letter,
                    moves=letter.notice_id.move_ids,
                    proofs=proofs.get(field),
                )
                for field, label in labels.items()
                if letter[field]
            ]
        return events
