import logging
from dataclasses import dataclass, field
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from .account_dunning_run import recorded

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
            letter._call_provider(letter._send_by_provider)
        refused = to_post.filtered("provider_problem")
        if len(refused) == len(to_post) == 1:
            raise UserError(refused.provider_problem)

    def action_track(self):
        """Ask the provider what became of these letters."""
        self.check_access("write")
        for letter in self.sudo().filtered(lambda letter: letter.waiting_for == "receipt"):
            letter._call_provider(letter._track_by_provider)

    def _call_provider(self, method):
        """Run a call to the provider for one letter; keep its problem, let the others go on."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                method()
                self.provider_problem = False
        except UserError as error:
            self.provider_problem = str(error)
        except Exception:
            _logger.exception("Provider of registered letter %s failed", self.id)
            self.provider_problem = self.env._(
                "The provider could not be reached, or answered something unknown: your "
                "administrator finds it in the log."
            )
        if self.provider_problem:
            self.env["account.dunning.run"]._note_failure(self, self.provider_problem)

    def _send_by_provider(self):
        self.ensure_one()
        notice = self.notice_id
        if not notice._print_letters():
            raise UserError(
                self.env._("Nothing is claimed from %s any more.", notice.partner_id.display_name)
            )
        notice._get_kept_file("letter")  # refused where it is another file
        provider = self.company_id._get_dunning_registered_provider()
        posting = provider._send(self)
        self.write({"provider_ref": posting.reference, "number": posting.number or False})
        notice._mark_posted(fields.Date.context_today(self))
        self._add_files(posting.proofs, "deposit")

    def _track_by_provider(self):
        self.ensure_one()
        tracking = self.company_id._get_dunning_registered_provider()._track(self)
        values = {name: day for name, day in tracking.dates.items() if self[name] != day}
        if tracking.number and not self.number:
            values["number"] = tracking.number
        if values:
            self.write(values)
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
