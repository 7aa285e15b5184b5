from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.marks import tells


class AccountDunningChronology(models.AbstractModel):
    """What was booked on a customer's doubtful claims, and the steps of the VAT to recover.

    The bookings concern only the creditor: these events are ``internal`` and appear in no court
    file. The duplicate invoice is sent to the customer, so it appears everywhere.
    """

    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_closing_events(self, partner, creditor, moves):
        """List what each closing booked for the customer."""
        records = self.env["account.dunning.impairment"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "in", creditor._get_dunning_companies().ids),
                ("state", "=", "posted"),
                ("entry_id", "!=", False),
            ]
        )
        labels = dict(records._fields["treatment"]._description_selection(self.env))
        events = []
        for record in records:
            claimed = record._get_moved_items().move_id
            if moves is None or claimed & moves:
                events.append(
                    Event(
                        on=record.entry_id.date,
                        kind="closing",
                        title=self.env._("Doubtful customers: %s", labels[record.treatment]),
                        detail=", ".join(filter(None, [record.entry_id.name, record.reason])),
                        amount=record.claim or record.recoverable,
                        currency=record.company_currency_id,
                        record=record,
                        moves=claimed,
                        internal=True,
                    )
                )
        return events

    @api.model
    @tells
    def _get_vat_events(self, partner, creditor, moves):
        """List the duplicate, its sending and the entry of each VAT to recover."""
        domain = [
            ("partner_id.commercial_partner_id", "=", partner.id),
            ("company_id", "in", creditor._get_dunning_companies().ids),
            ("issued_on", "!=", False),
        ]
        if moves is not None:
            domain.append(("line_ids.move_id", "in", moves.ids))
        records = self.env["account.dunning.vat.relief"].search(domain)
        return [event for record in records for event in self._tell_relief(record)]

    @api.model
    def _tell_relief(self, record):
        common = {
            "currency": record.company_currency_id,
            "record": record,
            "moves": record.line_ids.move_id,
        }
        yield Event(
            on=record.issued_on,
            kind="vat_duplicate",
            title=self.env._("Duplicate of unpaid invoices"),
            amount=record.amount_net + record.amount_vat,
            proofs=record.sudo().document_id.with_env(self.env),
            **common,
        )
        if record.state in ("sent", "booked") and record.sent_on:
            ways = dict(record._fields["sent_by"]._description_selection(self.env))
            yield Event(
                on=record.sent_on,
                kind="vat_sent",
                title=self.env._("Duplicate sent"),
                detail=", ".join(filter(None, [ways[record.sent_by], record.sent_number])),
                proofs=record._get_sending_proofs(),
                **common,
            )
        if record.state == "booked" and record.entry_id:
            yield Event(
                on=record.entry_id.date,
                kind="vat_back",
                title=self.env._("VAT taken back"),
                detail=record.entry_id.name or "",
                amount=record.amount_vat,
                internal=True,
                **common,
            )
