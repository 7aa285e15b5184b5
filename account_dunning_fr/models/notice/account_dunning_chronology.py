from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.marks import tells
from .states import AUTOMATIC, DEBTOR, OTHER, OURS


class AccountDunningChronology(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_notice_events(self, partner, creditor, moves):
        domain = [
            ("partner_id", "=", partner.id),
            ("company_id", "=", creditor.id),
            ("state", "=", "sent"),
            ("has_left", "=", True),
        ]
        if moves is not None:
            domain.append(("line_ids.move_id", "in", moves.ids))
        return [
            Event(
                on=notice._get_reached_on(),
                kind="notice",
                title=notice.level_name,
                detail=", ".join(filter(None, [notice.name, notice._get_reached_channels()])),
                amount=notice.amount_total,
                currency=notice.company_currency_id,
                record=notice,
                moves=notice.move_ids,
                proofs=notice.letter_id,
            )
            for notice in self.env["account.dunning.notice"].search(domain)
        ]

    @api.model
    @tells
    def _get_statement_events(self, partner, creditor, moves):
        """Return the statements of account sent: no notices, but the customer knew what is open."""
        if moves is not None:
            return []
        statements = self.env["account.dunning.sent.statement"]
        domain = [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]
        return [
            Event(
                on=creditor._get_dunning_day(statement.sent_on),
                kind="statement",
                title=self.env._("Statement of account sent"),
                detail=statement.sent_to or "",
                amount=statement.amount,
                currency=statement.currency_id,
                record=statement,
                proofs=statement.file_id,
            )
            for statement in statements.search(domain)
        ]

    @api.model
    @tells
    def _get_expiry_events(self, partner, creditor, moves):
        """Return the formal notices that were still unpaid after their deadline."""
        domain = [
            ("partner_id", "=", partner.id),
            ("company_id", "=", creditor.id),
            ("expired_on", "!=", False),
        ]
        if moves is not None:
            domain.append(("line_ids.move_id", "in", moves.ids))
        return [
            Event(
                on=notice.expired_on,
                kind="expiry",
                title=self.env._("Formal notice expired"),
                detail=notice.name or "",
                record=notice,
                moves=notice.move_ids,
            )
            for notice in self.env["account.dunning.notice"].search(domain)
        ]

    # -- Correspondence about the notices ----------------------------------------------------------

    @api.model
    @tells
    def _get_message_events(self, partner, creditor, moves):
        """Return e-mails received in reply to notices, e-mails sent, and e-mails returned."""
        domain = [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]
        if moves is not None:
            domain.append(("line_ids.move_id", "in", moves.ids))
        notices = self.env["account.dunning.notice"].search(domain)
        messages = self.env["mail.message"].sudo()
        messages = messages.search(
            [
                ("model", "=", notices._name),
                ("res_id", "in", notices.ids),
                ("message_type", "in", ("email", "comment")),
                ("subtype_id.internal", "=", False),
            ],
            order="date, id",
        )
        by_id = {notice.id: notice for notice in notices}
        events = [self._get_message_event(message, by_id[message.res_id]) for message in messages]
        events += [
            Event(
                on=notice.bounced_on,
                kind="bounce",
                title=self.env._("E-mail returned"),
                detail=", ".join(filter(None, [notice.name, notice.sent_to])),
                record=notice,
                moves=notice.move_ids,
            )
            for notice in notices.filtered("bounced_on")
        ]
        return events

    @api.model
    def _get_message_event(self, message, notice):
        """Return the event of an e-mail, with its subject or its first words."""
        origin = OURS
        if message.message_type == "email":
            origin = message._get_dunning_origin(notice.sudo())
        title = {
            OURS: self.env._("Message sent"),
            DEBTOR: self.env._("E-mail of the customer"),
            AUTOMATIC: self.env._("Automatic answer"),
        }.get(origin) or self.env._("E-mail received from somebody else")
        author = message.author_id.name or message.email_from
        if origin == OTHER:
            author = self.env._("received from %s", message.email_from or author)
        words = message.subject or message.preview
        return Event(
            on=notice.company_id._get_dunning_day(message.date),
            kind="email_out" if origin == OURS else "email_in",
            title=title,
            detail=", ".join(filter(None, [author, words, notice.name])),
            record=notice,
            moves=notice.move_ids,
            proofs=message.attachment_ids if origin != AUTOMATIC else None,
        )
