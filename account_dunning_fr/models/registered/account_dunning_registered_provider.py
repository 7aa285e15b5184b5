import logging
from dataclasses import dataclass, field
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

PREFIX = "account.dunning.registered.provider."


@dataclass(frozen=True)
class Posting:
    """What a provider answers when it accepts a letter: its own reference, the number if known.

    ``proofs`` are pairs of a file name and its content (bytes).
    """

    reference: str
    number: str = ""
    proofs: tuple = ()


@dataclass(frozen=True)
class Tracking:
    """What a provider knows of a letter: dates by field of ``account.dunning.registered``.

    ``dates`` only has what is known, out of ``presented_on``, ``delivered_on``, ``refused_on``,
    ``unclaimed_on`` and ``wrong_address_on``.
    """

    number: str = ""
    dates: dict[str, date] = field(default_factory=dict)
    deposits: tuple = ()
    receipts: tuple = ()


class AccountDunningRegisteredProvider(models.AbstractModel):
    """Interface of a provider of registered letters.

    Examples: a model ``account.dunning.registered.provider.<code>`` that inherits this one and
    overrides the methods below is offered in the settings as soon as its addon is installed; it
    need not be registered anywhere else.

    How to use: each method takes one letter (``account.dunning.registered``), whose PDF is
    ``letter.letter_id.raw`` and whose address is ``letter.notice_id._get_envelope()``. Call the
    provider, return plain values, and write nothing: the addon does that. Raise ``UserError`` with
    what the user has to do. Use ``letter._get_provider_key()`` as the idempotency key: a call
    repeated after a network failure must not post the letter twice.

    How it works: a letter that fails does not stop the others; what the provider accepted is stored
    at once, with numbers and proofs, which are copied into Odoo.
    """

    _name = "account.dunning.registered.provider"
    _description = "Provider of Registered Letters"

    @api.model
    def _get_label(self):
        """Return the name of the provider, shown in the settings in the user's language."""
        raise NotImplementedError

    @api.model
    def _is_manual(self):
        """Whether a person posts the letters."""
        return False

    @api.model
    def _get_cost(self, letter):
        """Return the price of posting this letter, in the company's currency; None if unknown."""
        return None

    @api.model
    def _send(self, letter):
        """Hand a letter over to the provider.

        :rtype: Posting
        :raise UserError: if the provider does not accept it
        """
        raise NotImplementedError

    @api.model
    def _track(self, letter):
        """Ask the provider for the status of a letter.

        :rtype: Tracking
        :raise UserError: if the provider cannot tell
        """
        raise NotImplementedError


class AccountDunningRegisteredProviderManual(models.AbstractModel):
    """No provider: people print and post the letters, and enter numbers and dates."""

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
