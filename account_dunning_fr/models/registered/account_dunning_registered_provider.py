import logging
from dataclasses import dataclass, field
from datetime import date

from psycopg2 import IntegrityError

from odoo import api, fields, models, modules
from odoo.exceptions import UserError

from ..common.account_dunning_run import recorded

_logger = logging.getLogger(__name__)

PREFIX = "account.dunning.registered.provider."


@dataclass(frozen=True)
class Posting:
    """What a provider answers when it takes a letter: its own reference, the number if known.

    ``proofs`` are pairs of a file name and its content (bytes).
    """

    reference: str
    number: str = ""
    proofs: tuple = ()


@dataclass(frozen=True)
class Tracking:
    """What a provider knows of a letter: dates by field of ``account.dunning.registered``.

    ``dates`` holds only what is known, out of ``presented_on``, ``delivered_on``, ``refused_on``,
    ``unclaimed_on`` and ``wrong_address_on``.
    """

    number: str = ""
    dates: dict[str, date] = field(default_factory=dict)
    deposits: tuple = ()
    receipts: tuple = ()


class AccountDunningRegisteredProvider(models.AbstractModel):
    """What a provider of registered letters has to know how to do.

    Examples: a model ``account.dunning.registered.provider.<code>`` that inherits this one, with
    the methods below, is offered in the settings as soon as its addon is
    installed; nothing else is to be registered.

    How to use: each method takes one letter (``account.dunning.registered``), whose PDF is
    ``letter.letter_id.raw`` and whose address is ``letter.notice_id._get_envelope()``. Talk to the
    provider, return plain values, write nothing: the addon does. Raise ``UserError`` with what the
    user is to do. Give the provider ``letter._get_provider_key()`` as its idempotency key: a call
    repeated after a network failure must not post the letter twice.

    How it works: one letter fails without the others; what the provider took is written down at
    once, with the numbers and the proofs, which are copied into Odoo.
    """

    _name = "account.dunning.registered.provider"
    _description = "Provider of Registered Letters"

    @api.model
    def _get_label(self):
        """Return the name of the provider, as the settings offer it in the user's language."""
        raise NotImplementedError

    @api.model
    def _is_manual(self):
        """Whether a person posts the letters."""
        return False

    @api.model
    def _get_cost(self, letter):
        """Return what posting this letter costs, in the company's currency; None if unknown."""
        return None

    @api.model
    def _send(self, letter):
        """Hand a letter over.

        :rtype: Posting
        :raise UserError: if the provider does not take it
        """
        raise NotImplementedError

    @api.model
    def _track(self, letter):
        """Ask what became of a letter.

        :rtype: Tracking
        :raise UserError: if the provider cannot say
        """
        raise NotImplementedError


class AccountDunningRegisteredProviderManual(models.AbstractModel):
    """Without a provider: letters are printed and posted, numbers and dates typed, by people."""

    _name = "account.dunning.registered.provider.manual"
    _inherit = ["account.dunning.registered.provider"]
    _description = "Registered Letters Posted by Hand"

    @api.model
    def _get_label(self):
        return self.env._("By hand")

    @api.model
    def _is_manual(self):
        return True

    @api.model
    def _send(self, letter):
        raise UserError(
            self.env._(
                "No provider is set: print the letters with their posting list, then enter their "
                "numbers."
            )
        )

    @api.model
    def _track(self, letter):
        return Tracking()


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_registered_provider = fields.Selection(
        selection="_get_dunning_registered_providers",
        string="Registered letters",
        default="manual",
        required=True,
        help="Who posts them. By hand: printed here, posted by you, their numbers typed or "
        "scanned. A provider is offered once its addon is installed.",
    )

    @api.model
    def _get_dunning_registered_providers(self):
        names = sorted(name for name in self.env.registry if name.startswith(PREFIX))
        return [(name.removeprefix(PREFIX), self.env[name]._get_label()) for name in names]

    def _get_dunning_registered_provider(self):
        """Return the model of the provider of this company."""
        self.ensure_one()
        return self.env[PREFIX + self.dunning_registered_provider]


class AccountDunningRegistered(models.Model):
    """Letters in the hands of a provider."""

    _inherit = "account.dunning.registered"

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
        """Return what names this letter at a provider, whatever happens between."""
        self.ensure_one()
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{uuid}-{self.id}"

    def action_send_by_provider(self):
        """Hand these letters over to the provider; those it refuses say why and stay to post."""
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
        """Ask the provider what became of these letters."""
        self.check_access("write")
        for letter in self.sudo().filtered(lambda letter: letter.waiting_for == "receipt"):
            letter._call_provider(letter._track_by_provider)

    def _hand_over(self):
        """Give one letter to the provider, each step kept before the next one.

        What the provider took is on its way whatever follows: its reference is written down and
        committed at once, and the letter is not given to it a second time.
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
        """Run a call to the provider for one letter; keep its problem, let the others go on.

        :return: what the method returns, None after a problem
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
        """Print the letter and hand it over; what is no longer due does not leave.

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
        self.notice_id._get_kept_file("letter")  # refused where it is another file
        posting = self.company_id._get_dunning_registered_provider()._send(self)
        self.provider_ref = posting.reference
        return posting

    def _record_taken(self, posting=None):
        """Record the posting of a letter that the provider took, with its number and proofs.

        :param Posting posting: None where that was lost with the process that got it
        """
        notice = self.notice_id
        notice._mark_posted(notice.printed_on or fields.Date.context_today(self), taken=True)
        if posting:
            self._take_number(posting.number)
            self._add_files(posting.proofs, "deposit")

    def _take_number(self, number):
        """Keep the number that the provider gave; refused, the letter still is on its way."""
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
        """Keep what a provider took, whatever becomes of the letters after it."""
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
        """File contents that a provider gave as proofs, each once.

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
        """Ask the providers what became of the letters that have no receipt yet."""
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
            letter._call_provider(letter._track_by_provider)
            if not self.env["ir.cron"]._commit_progress(1):
                break
