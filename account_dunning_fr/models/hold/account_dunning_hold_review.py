from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from ..common.account_dunning_run import recorded

WAITING_DAYS = 7  # money that waits for longer is told each week

EXCLUDED_DAYS = 90  # an exclusion of an invoice overdue for longer is looked at again
STILL_DAYS = 30  # a dispute that nobody touched for longer makes no progress
REVIEW = "account_dunning_fr.mail_activity_type_review"


class AccountDunningHold(models.Model):
    """The weekly look at what sleeps: one to-do for each person in charge."""

    _inherit = "account.dunning.hold"

    @api.model
    @recorded("holds")
    def _cron_review(self):
        """Tell each responsible what is not chased and waits for nothing; one commit a creditor."""
        creditors = self.env["res.company"]._get_dunning_creditors("active")
        self.env["ir.cron"]._commit_progress(remaining=len(creditors))
        for creditor in creditors:
            with self.env["account.dunning.run"]._working_for(creditor):
                self._review_sleeping(creditor, fields.Date.context_today(self))
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _review_sleeping(self, creditor, today):
        """Keep one to-do per responsible, with the list of today; a rerun adds none.

        :param creditor: ``res.company``
        :param date today: the day of the look
        """
        lang = creditor.partner_id._get_dunning_lang()
        speaking = self.with_context(lang=lang, mail_activity_quick_update=True)
        sleeping = speaking._get_sleeping(creditor, today)
        kind = self.env.ref(REVIEW)
        partner = creditor.partner_id.with_env(speaking.env)
        waiting = partner.activity_search([REVIEW])
        known = {activity.user_id: activity for activity in waiting}
        for user, sections in sleeping.items():
            note = speaking._render_sleeping(sections)
            if user in known:
                known.pop(user).write({"note": note, "date_deadline": today})
            else:
                partner.activity_schedule(
                    activity_type_id=kind.id,
                    date_deadline=today,
                    user_id=user.id,
                    summary=speaking.env._("What is not chased, and waits for nothing"),
                    note=note,
                )
        self.env["mail.activity"].union(*known.values()).unlink()

    @api.model
    def _get_sleeping(self, creditor, today):
        """Return what sleeps, ``{user: {section title: records}}``."""
        found = defaultdict(dict)
        fallback = creditor.dunning_user_id or self.env.user
        for title, records, get_user in (
            (
                self.env._("On hold without an end"),
                self._get_endless(creditor),
                lambda hold: hold.user_id,
            ),
            (
                self.env._("Excluded or blocked, and overdue for more than %s days", EXCLUDED_DAYS),
                self._get_excluded(creditor, today),
                lambda move: move._get_dunning_responsible(),
            ),
            (
                self.env._("Money of a customer, not matched for more than %s days", WAITING_DAYS),
                self._get_waiting_money(creditor, today),
                lambda money: money.partner_id.dunning_user_id or money.partner_id.user_id,
            ),
            (
                self.env._("Disputes without progress"),
                self._get_still_disputes(creditor, today),
                lambda dispute: dispute.user_id,
            ),
        ):
            for record in records:
                user = get_user(record) or fallback
                user = user if user.active and not user.share else fallback
                found[user].setdefault(title, records.browse())
                found[user][title] |= record
        return found

    @api.model
    def _get_endless(self, creditor):
        """Return the holds that nothing ends: those of a dispute or a plan end with it."""
        holds = self.search(
            [
                ("company_id", "=", creditor.id),
                ("released_on", "=", False),
                ("date_until", "=", False),
            ]
        )
        return holds.filtered(lambda hold: not hold.has_owner)

    @api.model
    def _get_excluded(self, creditor, today):
        before = today - timedelta(days=EXCLUDED_DAYS)
        items = self.env["account.move.line"].search(
            self.env["account.move.line"]._get_dunning_domain(creditor._get_dunning_companies())
            & fields.Domain("move_id.move_type", "in", ("out_invoice", "out_receipt"))
            & fields.Domain("date_maturity", "<", before)
            & (
                fields.Domain("no_followup", "=", True)
                | fields.Domain("move_id.payment_state", "=", "blocked")
            ),
            order="date_maturity, id",
        )
        return items.move_id

    @api.model
    def _get_waiting_money(self, creditor, today):
        """Return the money that stops reminders and that nobody matched: small sums last too."""
        companies = creditor._get_dunning_companies()
        before = today - timedelta(days=WAITING_DAYS)
        money = self.env["account.dunning.money"].with_context(allowed_company_ids=companies.ids)
        return money.search([("to_identify", "=", True), ("date", "<=", before)])

    @api.model
    def _get_still_disputes(self, creditor, today):
        before = fields.Datetime.to_datetime(today - timedelta(days=STILL_DAYS))
        return self.env["account.dunning.dispute"].search(
            [
                ("company_id", "=", creditor.id),
                ("state", "in", ("open", "credit_note")),
                "|",
                ("date_due", "<", today),
                ("write_date", "<", before),
            ]
        )

    @api.model
    def _render_sleeping(self, sections):
        parts = []
        for title, records in sections.items():
            rows = Markup().join(
                Markup("<li>%s</li>")
                % record._get_html_link(title=self._get_sleeping_title(record))
                for record in records
            )
            parts.append(Markup("<p><b>%s</b></p><ul>%s</ul>") % (title, rows))
        return Markup().join(parts)

    @api.model
    def _get_sleeping_title(self, record):
        partner = record.partner_id.display_name
        if record._name == self._name:
            return f"{partner} – {record._get_sentence()}"
        return f"{partner} – {record.display_name}"
