from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...models.common.creditors_day import creditors_day
from ...models.common.notifications import CLOSE, tell


class AccountDunningPosting(models.TransientModel):
    """The posting of letters: day, number and proof.

    Many ordinary letters are recorded at once, for one day. A registered letter has its own number
    and its own proof: it is recorded alone, or on the screen of the registered letters of the day.
    """

    _name = "account.dunning.posting"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Posting of Letters"

    notice_ids = fields.Many2many("account.dunning.notice", required=True, string="Messages")
    posted_on = fields.Date(
        string="Day of posting",
        compute="_compute_posted_on",
        store=True,
        readonly=False,
        help="The day that the letters bear. Printed on another day, they are printed again.",
    )
    is_registered = fields.Boolean(compute="_compute_is_registered")
    number = fields.Char(help="As printed on the label.")
    attachment_ids = fields.Many2many("ir.attachment", string="Proof of posting")
    ready_text = fields.Char(compute="_compute_skipped")
    skipped = fields.Text(string="Left out", compute="_compute_skipped")
    done_text = fields.Char(readonly=True)
    problems = fields.Text(readonly=True)

    @api.depends("notice_ids")
    def _compute_posted_on(self):
        """Propose the date of the letters, if all have the same."""
        for dialog in self:
            days = set(dialog.notice_ids.filtered("to_post").mapped("printed_on"))
            day = days.pop() if len(days) == 1 else False
            dialog.posted_on = day or creditors_day(dialog.notice_ids)

    @api.depends("notice_ids")
    def _compute_is_registered(self):
        for dialog in self:
            alone = len(dialog.notice_ids) == 1
            dialog.is_registered = alone and dialog.notice_ids.send_registered

    @api.depends("notice_ids", "posted_on")
    @api.depends_context("lang")
    def _compute_skipped(self):
        for dialog in self:
            skipped = dialog._get_skipped()
            ready = len(dialog.notice_ids) - len(skipped)
            dialog.ready_text = self.env._("Letters to record: %s", ready)
            dialog.skipped = self._tell(skipped)

    def _get_skipped(self):
        """Return the notices that are left out, each with its reason."""
        self.ensure_one()
        together = len(self.notice_ids) > 1
        problems = {
            notice: notice._get_posting_problem(self.posted_on, together)
            for notice in self.notice_ids
        }
        return {notice: problem for notice, problem in problems.items() if problem}

    @api.model
    def _tell(self, skipped):
        """Return the notices that are left out, one per line: ``{notice: reason}``."""
        return "\n".join(
            f"{notice.partner_id.display_name} – {reason}" for notice, reason in skipped.items()
        )

    def action_record(self):
        """Record the posting of each letter, entirely or not at all; list the failures.

        :raise UserError: if nothing could be recorded
        """
        self.ensure_one()
        self.notice_ids._check_send()
        self.env["account.dunning.registered"]._check_postable(self.posted_on)
        skipped, done = self._get_skipped(), self.notice_ids.browse()
        for notice in self.notice_ids.filtered(lambda notice: notice not in skipped):
            if problem := self._record(notice):
                skipped[notice] = problem
            else:
                done |= notice
        problems = self._tell(skipped)
        if not skipped:
            return tell(self.env, self.env._("Letters recorded: %s", len(done)), then=CLOSE)
        # A letter removed from the list of those to post keeps its reason: that is not undone.
        if not done and not any(notice.sudo().not_posted_reason for notice in skipped):
            raise UserError(problems)
        self.write(
            {
                "done_text": self.env._("Letters recorded: %s", len(done)),
                "problems": problems,
            }
        )
        return self._get_records_action(name=self.env._("Record posting"), target="new")

    def _record(self, notice):
        """Record the posting of one letter, with its number and its proof.

        :return: why it failed, for the user, or False
        """
        try:
            with self.env.cr.savepoint():
                letter = notice.registered_ids.filtered(lambda x: x.state == "to_post")[-1:]
                if letter and self.number:
                    letter.number = self.number
                if notice.action_mark_posted(self.posted_on):
                    return notice.not_posted_reason
                if self.attachment_ids:
                    notice._add_posting_proofs(self.attachment_ids)
                notice.flush_recordset()
        except (UserError, ValidationError) as error:
            return str(error)
        return False
