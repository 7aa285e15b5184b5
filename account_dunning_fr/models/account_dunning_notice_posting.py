from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountDunningNotice(models.Model):
    """Paper that follows an e-mail: it bears the day on which it is posted, or does not leave."""

    _inherit = "account.dunning.notice"

    letter_date = fields.Date(
        compute="_compute_letter_date",
        help="The date that the letter bears: the day of printing, if the e-mail left before.",
    )
    not_posted_reason = fields.Char(
        string="Letter not posted", readonly=True, help="Why the letter never left."
    )
    typed_texts = fields.Char(
        readonly=True, help="The texts that a person wrote; the others are those of the level."
    )

    @api.depends("date", "printed_on")
    def _compute_letter_date(self):
        for notice in self:
            days = [day for day in (notice.date, notice.printed_on) if day]
            notice.letter_date = max(days, default=False)

    def _pass_posting_gate(self):
        """Take off the list the letters of messages that left before, and are no longer due.

        Paper passes the gate that e-mails pass: a payment, a signed plan, a dispute or any other
        hold of the same day stops it. The level that the e-mail took stays.

        :return: the messages of which a letter does not leave any more
        """
        waiting = self.sudo().filtered(
            lambda n: n.state == "sent" and n.to_post and n._goes_on_paper()
        )
        stale = waiting - waiting._filter_still_due()
        for notice in stale:
            local = notice._in_company_lang()
            local._give_up_posting(local._explain_not_due())
        return stale.with_env(self.env)

    def _explain_not_due(self):
        """Return why what this message claims is not due as it says, for the user."""
        self.ensure_one()
        claimed = self.line_ids.filtered(lambda line: line.claimed and not line.left_out)
        rows = self.env["account.dunning.plan"].sudo()
        rows = rows._simulate(self.company_id, partners=self.partner_id)
        stops = {row["move_line_id"]: row["stop"] for row in rows}
        labels = dict(claimed._fields["drop_reason"]._description_selection(self.env))
        found = {
            labels.get(stops.get(line.move_line_id.id, "paid"))
            for line in claimed
            if stops.get(line.move_line_id.id, "paid")
        }
        changed = self.env._("What is owed changed since the message left")
        reasons = ", ".join(sorted(filter(None, found)))
        return f"{changed}: {reasons}." if reasons else f"{changed}."

    @api.model
    def _give_up_settled_letters(self, creditor):
        """Each morning, take off the list of letters to post those that are no longer due.

        :param creditor: ``res.company``
        """
        self.search(
            [("company_id", "=", creditor.id), ("state", "=", "sent"), ("to_post", "=", True)]
        )._pass_posting_gate()

    def _notify_not_posted(self):
        """Return the action that tells which letters left the list, and why."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Letters not posted"),
                "message": "\n".join(
                    f"{notice.partner_id.display_name} – {notice.not_posted_reason}"
                    for notice in self
                ),
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _reprint_sent(self):
        """Print letters again whose e-mail left earlier: with today's date and a new deadline.

        The deadline of the notice becomes the later one, which is the one that binds. A letter
        that no longer says what is due does not leave.
        """
        today = fields.Date.context_today(self)
        self._pass_posting_gate()
        late = self.sudo().filtered(
            lambda n: n.state == "sent" and n.to_post and n._goes_on_paper()
        )
        late = late.filtered(lambda n: not n._is_printed(today))
        for notice in late:
            deadline = notice.level_id._get_deadline(today, notice.partner_id)
            notice.write({"printed_on": today, "deadline": deadline})
            report = self.env["ir.actions.report"].sudo()
            notice._store_letter(report._render_dunning_letters(notice)[notice.id])
            notice._seal()
            notice._message_log(
                body=self.env._(
                    "Letter printed again with today's date; its deadline, %s, replaces the one "
                    "before.",
                    fields.Date.to_string(notice.deadline),
                )
            )

    def action_give_up_posting(self):
        """Leave it at the e-mail: the letter is not posted."""
        self._check_send()
        if any(notice.state != "sent" or not notice.to_post for notice in self):
            raise UserError(
                self.env._(
                    "Only a letter whose message already left can be given up. Cancel the other "
                    "messages with « Postpone »."
                )
            )
        self.sudo()._give_up_posting(self.env._("Given up by %s.", self.env.user.name))

    def _give_up_posting(self, reason):
        """Keep why these letters are not posted.

        :param str reason: a sentence for the user
        """
        self.write({"not_posted_reason": reason})
        self._message_log_batch(
            bodies={
                notice.id: self.env._("The letter is not posted. %s", reason) for notice in self
            }
        )

    # -- The envelope ----------------------------------------------------------------------------

    def _get_postal_address(self):
        """Return the contact whose address is on the envelope: the recipient's, else its firm's."""
        self.ensure_one()
        return self.recipient_id if self.recipient_id.street else self.partner_id

    def _get_envelope(self):
        """Return the lines of the address as the letter bears them.

        :rtype: list
        """
        self.ensure_one()
        place, recipient = self._get_postal_address(), self.recipient_id
        country = place.country_id if place.country_id != self.company_id.country_id else None
        lines = [
            self.partner_name or self.partner_id.name,
            recipient.name if recipient != self.partner_id else False,
            place.street,
            place.street2,
            " ".join(filter(None, [place.zip, place.city])),
            country and country.name,
        ]
        return [line for line in lines if line]
