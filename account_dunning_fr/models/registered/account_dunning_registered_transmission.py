from psycopg2 import IntegrityError

from odoo import api, fields, models, modules
from odoo.exceptions import UserError

from ..common.account_dunning_run import recorded
from ..common.creditors_day import creditors_day
from .account_dunning_registered_provider import _logger


class AccountDunningRegisteredTransmission(models.AbstractModel):
    """A registered letter given to a provider: handed over, tracked, its proofs copied.

    What the provider accepted is stored at once, and the letter is not given to it again.
    """

    _name = "account.dunning.registered.transmission"
    _inherit = ["account.dunning.guarded"]
    _description = "Registered Letter in the Hands of a Provider"

    is_manual = fields.Boolean(compute="_compute_is_manual")
    cost_text = fields.Char(
        string="Cost", compute="_compute_cost_text", help="What the provider asks for this letter."
    )

    @api.depends("company_id.dunning_registered_provider")
    def _compute_is_manual(self):
        for letter in self:
            provider = letter.company_id.sudo()._get_dunning_registered_provider()
            letter.is_manual = provider._is_manual()

    @api.depends("company_id.dunning_registered_provider", "state")
    def _compute_cost_text(self):
        for letter in self:
            provider = letter.company_id.sudo()._get_dunning_registered_provider()
            cost = provider._get_cost(letter) if letter.state == "to_post" else None
            currency = letter.company_currency_id
            letter.cost_text = currency.format(cost) if cost is not None else False

    def _get_provider_key(self):
        """Return the key that identifies this letter at a provider, whatever happens in between."""
        self.ensure_one()
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{uuid}-{self.id}"

    def action_send_by_provider(self):
        """Hand these letters over to the provider; refused ones say why and stay to be posted."""
        self.notice_id._check_send()
        to_post = self.filtered(lambda letter: letter.state == "to_post")
        if not to_post:
            raise UserError(self.env._("None of these letters is to be posted."))
        for letter in to_post.sudo():
            letter._hand_over()
        refused = to_post.filtered(
            lambda letter: letter.provider_problem and not letter.provider_ref
        )
        if len(refused) == len(to_post) == 1:
            raise UserError(refused.provider_problem)

    def action_track(self):
        """Ask the provider for the status of these letters."""
        self.check_access("write")
        for letter in self.sudo().filtered(lambda letter: letter.waiting_for == "receipt"):
            letter._call_provider(letter._track_by_provider)

    def _hand_over(self):
        """Hand one letter over to the provider, committing each step before the next one.

        What the provider accepted is on its way whatever follows: its reference is committed at
        once, so that the letter is not given to it a second time.
        """
        self.ensure_one()
        posting = None
        if not self.provider_ref:
            posting = self._call_provider(self._send_by_provider)
            self._commit_letter()
        if self.provider_ref:
            self._call_provider(self._record_taken, posting)
            self._commit_letter()

    def _call_provider(self, method, *args):
        """Call the provider for one letter; store its problem without stopping the others.

        :return: the result of the method, None after a problem
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.provider_problem = False
                return method(*args)
        except UserError as error:
            self.provider_problem = str(error)
        except Exception:
            _logger.exception("Provider of registered letter %s failed", self.id)
            self.provider_problem = self.env._(
                "The provider could not be reached, or answered something unknown: your "
                "administrator finds it in the log."
            )
        self.env["account.dunning.run"]._note_failure(self, self.provider_problem)
        return None

    def _send_by_provider(self):
        """Print the letter and hand it over, unless it is no longer due.

        :rtype: Posting
        """
        self.ensure_one()
        if self.notice_id.state == "draft":
            raise UserError(
                self.env._(
                    "The message to %s is not confirmed: confirm it first.",
                    self.notice_id.partner_id.display_name,
                )
            )
        if not self.notice_id._print_letters():
            raise UserError(
                self.env._(
                    "Nothing is claimed from %s any more.", self.notice_id.partner_id.display_name
                )
            )
        self.notice_id._get_kept_file("letter")  # refused if it is another file
        posting = self.company_id._get_dunning_registered_provider()._send(self)
        self.provider_ref = posting.reference
        return posting

    def _record_taken(self, posting=None):
        """Record the posting of a letter that the provider accepted, with its number and proofs.

        :param Posting posting: None if the process that received it was killed
        """
        notice = self.notice_id
        notice._mark_posted(notice.printed_on or creditors_day(self), taken=True)
        if posting:
            self._take_number(posting.number)
            self._add_files(posting.proofs, "deposit")

    def _take_number(self, number):
        """Store the provider's number; even if that is refused, the letter is on its way."""
        if not number or number == self.number:
            return
        try:
            with self.env.cr.savepoint():
                self.number = number
                self.flush_recordset(["number"])
            return
        except (UserError, IntegrityError) as error:
            reason = str(error) if isinstance(error, UserError) else self.env._("used already")
        self.invalidate_recordset(["number"])
        self.provider_problem = self.env._(
            "The provider took the letter under its reference %(reference)s; the number "
            "%(number)s that it gave was refused: %(reason)s",
            reference=self.provider_ref,
            number=number,
            reason=reason,
        )
        self.env["account.dunning.run"]._note_failure(self, self.provider_problem)

    def _commit_letter(self):
        """Commit what a provider accepted, whatever happens to the next letters."""
        if not modules.module.current_test:
            self.env["ir.cron"]._commit_progress()

    def _track_by_provider(self):
        self.ensure_one()
        tracking = self.company_id._get_dunning_registered_provider()._track(self)
        values = {name: day for name, day in tracking.dates.items() if self[name] != day}
        if values:
            self.write(values)
        if not self.number:
            self._take_number(tracking.number)
        self._add_files(tracking.deposits, "deposit")
        self._add_files(tracking.receipts, "receipt")

    def _add_files(self, files, kind):
        """Store the proofs that a provider sent, each once.

        :param files: pairs of a name and its content (bytes)
        :param str kind: kind of proof
        """
        known = set(self.proof_ids.attachment_id.mapped("name"))
        vals = [
            {"name": name, "raw": content, "res_model": self._name, "res_id": self.id}
            for name, content in files
            if name not in known
        ]
        if vals:
            self._add_proofs(self.env["ir.attachment"].create(vals), kind)

    @api.model
    @recorded("registered")
    def _cron_track(self):
        """Ask the providers for the status of the letters that have no receipt yet."""
        companies = self.env["res.company"].search(
            [("dunning_registered_provider", "!=", "manual")]
        )
        companies = companies.filtered(
            lambda c: not c._get_dunning_registered_provider()._is_manual()
        )
        letters = self.search(
            [
                ("company_id", "in", companies.ids),
                ("posted_on", "!=", False),
                ("provider_ref", "!=", False),
                ("waiting_for", "!=", False),
            ]
        )
        self.env["ir.cron"]._commit_progress(remaining=len(letters))
        for letter in letters:
            local = letter.company_id._in_dunning_day(letter)
            local._call_provider(local._track_by_provider)
            if not self.env["ir.cron"]._commit_progress(1):
                break
