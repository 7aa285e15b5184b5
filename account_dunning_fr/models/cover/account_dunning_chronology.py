from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.marks import tells


class AccountDunningChronology(models.AbstractModel):
    """Invoices that were handed over to somebody else, and those that came back."""

    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_assignment_events(self, partner, creditor, moves):
        domain = [
            ("partner_id", "=", partner.id),
            ("company_id", "=", creditor.id),
            ("state", "!=", "draft"),
        ]
        if moves is not None:
            domain.append(("move_id", "in", moves.ids))
        lines = self.env["account.dunning.assignment.line"].search(domain)
        events = []
        for assignment, own in lines.grouped("assignment_id").items():
            back = own.filtered("back_on").grouped("back_on")
            steps = [
                (assignment.date, "left", own),
                (assignment._get_told_day(), "told", own),
                *((day, "back", lines) for day, lines in back.items()),
            ]
            events += [
                self._tell_assignment(assignment, lines, day, what)
                for day, what, lines in steps
                if day
            ]
        return events

    @api.model
    def _tell_assignment(self, assignment, lines, day, what):
        titles = {
            "factor": {
                "left": self.env._("Assigned to a factor"),
                "told": self.env._("Debtor told of the assignment"),
                "back": self.env._("Came back from the factor"),
            },
            "agency": {
                "left": self.env._("Entrusted to a collection agency"),
                "back": self.env._("Came back from the agency"),
            },
        }
        names = ", ".join(dict.fromkeys(lines.mapped("invoice_name")))
        return Event(
            on=day,
            kind="assignment",
            title=titles[assignment.kind][what],
            detail=f"{assignment.display_name}, {names}",
            amount=sum(lines.mapped("amount_company")),
            currency=assignment.currency_id,
            record=assignment,
            moves=lines.move_id,
        )
