from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...core.register_answers import CEASED, read_identity
from ...core.register_files import read_notices
from ..common.account_dunning_run import recorded
from .register_client import PAGE, UNREADABLE, UnreachableError, ask_identity, ask_notices

READ_AGAIN = 3  # days: late publications are found; reading a known notice changes nothing
FIRST_DAYS = 10  # days read when it is switched on
DEEPEST = 9_900  # notices of one day that the open data service returns at most
ASKED_AT_ONCE = 200  # companies per run; the others on the next day
PARAMETER = "account_dunning_fr.%s_address"  # another address of the same service


class AccountDunningRegister(models.AbstractModel):
    """The public registers, queried online where a company has switched this on.

    Off by default. What was read is committed page by page and recognised when read again: a
    dropped connection loses nothing, and the next run resumes from there.
    """

    _name = "account.dunning.register"
    _description = "Public Registers Online"

    @api.model
    def _get_address(self, name):
        return self.env["ir.config_parameter"].sudo().get_param(PARAMETER % name)

    @api.model
    def _explain(self, error):
        """Return the error to show when a register did not answer as expected."""
        return UserError(
            self.env._(
                "The register did not answer as it should (%s). Nothing is lost: it is asked again "
                "at the next run, or import the file of the day.",
                error,
            )
        )

    # -- The BODACC, day by day --------------------------------------------------------------------

    @api.model
    @recorded("bodacc")
    def _cron_ask_bodacc(self):
        """Read the notices of the days not read yet, for all creditors together."""
        creditors = self.env["res.company"]._get_dunning_creditors("dunning_watch_bodacc")
        if not creditors:
            return
        today = creditors._get_dunning_french_today()  # read for all of them together
        days = self._get_days_to_read(creditors, today)
        self.env["ir.cron"]._commit_progress(remaining=len(days))
        with self.env["account.dunning.run"]._working_for(creditors[0]):
            for day in days:
                self._read_day(day, creditors)
                if day < today:  # today is not over
                    creditors.sudo().dunning_bodacc_until = day
                if not self.env["ir.cron"]._commit_progress(1):
                    break

    @api.model
    def _get_days_to_read(self, creditors, today):
        read = [each for each in creditors.sudo().mapped("dunning_bodacc_until") if each]
        complete = len(read) == len(creditors)
        first = (
            min(read) - timedelta(days=READ_AGAIN - 1)
            if complete
            else today - timedelta(days=FIRST_DAYS)
        )
        return [first + timedelta(days=count) for count in range((today - first).days + 1)]

    @api.model
    def _read_day(self, day, creditors):
        """Read the notices of a day, page by page, with a commit after each.

        :raise UserError: the register did not answer; the pages before are kept
        """
        for offset in range(0, DEEPEST + 1, PAGE):
            try:
                text = ask_notices(self._get_address("bodacc"), day, offset)
                reading = read_notices(text)
            except (UnreachableError, *UNREADABLE) as error:
                raise self._explain(error) from error
            self.env["account.dunning.check"]._import(reading.notices, creditors, "bodacc")
            self.env["ir.cron"]._commit_progress()
            if len(reading.notices) + len(reading.problems) + reading.others < PAGE:
                return

    # -- The register of companies, one SIREN after the other --------------------------------------

    @api.model
    @recorded("register")
    def _cron_ask_register(self):
        """Look up the identity of the customers to be checked; one commit for each."""
        creditors = self.env["res.company"]._get_dunning_creditors("dunning_watch_register")
        for creditor in creditors:
            local = creditor._in_dunning_day(self)
            risks = local._get_risks_to_ask(creditor)
            self.env["ir.cron"]._commit_progress(remaining=len(risks))
            with self.env["account.dunning.run"]._working_for(creditor):
                for risk in risks:
                    local._ask(risk)
                    if not self.env["ir.cron"]._commit_progress(1):
                        return

    @api.model
    def _get_risks_to_ask(self, creditor):
        """Return the customers with a SIREN never checked, or not for a long time."""
        risks = self.env["account.dunning.risk"].sudo()
        found = risks.search(
            [
                ("company_id", "=", creditor.id),
                "|",
                ("is_new", "=", True),
                ("is_stale", "=", True),
                ("partner_id.dunning_siren", "!=", False),
            ],
            limit=ASKED_AT_ONCE,
        )
        return found

    @api.model
    def _ask(self, risk):
        """Record what the register says of one customer.

        :raise UserError: the register did not answer
        """
        siren = risk.partner_id._get_dunning_siren()
        try:
            identity = read_identity(ask_identity(self._get_address("register"), siren), siren)
        except (UnreachableError, *UNREADABLE) as error:
            raise self._explain(error) from error
        self._record_identity(risk.partner_id, risk.company_id, identity)

    @api.model
    def _record_identity(self, partner, creditor, identity):
        """Record an answer; if it shows a sole trader, the rating depends on the settings.

        :param identity: ``core.register_answers.Identity``, or None where the SIREN is unknown
        """
        speaking = self.with_context(lang=creditor.partner_id._get_dunning_lang())
        self.env["account.dunning.check"].sudo().create(
            {
                "company_id": creditor.id,
                "partner_id": partner.id,
                "kind": "identity",
                "source": "register",
                "source_name": "recherche-entreprises.api.gouv.fr",
                "result": speaking._describe(identity),
                "details": identity
                and {
                    "siren": identity.siren,
                    "state": identity.state,
                    "form": identity.form,
                    "seat": identity.seat,
                },
            }
        )
        partner.sudo().write(
            {
                "dunning_register_state": identity and identity.state,
                "dunning_register_form": identity and identity.form,
            }
        )

    @api.model
    def _describe(self, identity):
        """Return an answer of the register as one sentence."""
        if not identity:
            return self.env._("The register does not know this SIREN.")
        facts = {"name": identity.name, "form": identity.form, "seat": identity.seat}
        if identity.state == CEASED:
            return self.env._("%(name)s has ceased (legal form %(form)s, seat %(seat)s).", **facts)
        return self.env._("%(name)s is active (legal form %(form)s, seat %(seat)s).", **facts)
