import logging
from dataclasses import dataclass, field
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError

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
