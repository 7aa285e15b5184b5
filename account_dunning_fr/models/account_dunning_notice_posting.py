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

    def _reprint_sent(self):
        """Print letters again whose e-mail left earlier: with today's date and a new deadline.

        The deadline of the notice becomes the later one, which is the one that binds. A letter
        that no longer says what is due does not leave.
        """
        today = fields.Date.context_today(self)
        late = self.sudo().filtered(
            lambda n: n.state == "sent" and n.to_post and n._goes_on_paper()
        )
        late = late.filtered(lambda n: not n._is_printed(today))
        stale = late.filtered(lambda n: not n._is_still_due())
        stale._give_up_posting(self.env._("What is owed changed since the e-mail left."))
        for notice in late - stale:
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
