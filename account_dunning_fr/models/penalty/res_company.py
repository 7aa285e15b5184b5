from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

JOURNAL_CODE = "PEN"
INCOME_CODE = "763100"  # PCG 7631 « Revenus des créances commerciales »


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "account.dunning.rate.terms"]

    dunning_book_penalties = fields.Boolean(
        string="Book late-payment penalties",
        help="Off after the installation. The scheduled action then prepares one entry a customer.",
    )
    dunning_post_penalties = fields.Boolean(
        string="Post the entries of penalties",
        help="Off: the entries stay in draft, for you to check and post.",
    )
    dunning_send_unconfirmed = fields.Boolean(
        string="Send with rates to confirm",
        help="Off: a message that states penalties waits until the rates on which they rest, and "
        "only those, are confirmed.",
    )
    dunning_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of penalties",
        domain="[('type', '=', 'general')]",
        check_company=True,
    )
    dunning_penalty_account_id = fields.Many2one(
        "account.account",
        string="Account of penalties and indemnities",
        check_company=True,
        help="763100 by default. Penalties are outside the scope of VAT.",
    )

    dunning_day_basis = fields.Selection(
        [("365", "365 days"), ("actual", "The real days of the year (365 or 366)")],
        string="Days of the year",
        default="365",
        required=True,
        help="No text fixes it; 365 is the usual practice. Printed on the statement.",
    )
    dunning_indemnity_per = fields.Selection(
        [("invoice", "Invoice"), ("instalment", "Late instalment")],
        string="Flat indemnity per",
        default="invoice",
        required=True,
        help="The French administration speaks of invoices. That each late instalment bears its "
        "own indemnity is a reading of the Court of Justice (C-370/21, C-78/22), not settled.",
    )
    dunning_credit_note_date = fields.Selection(
        [("due", "From the due date"), ("own", "At its own date")],
        string="A credit note counts",
        default="due",
        required=True,
        help="From the due date is the prudent choice. An invoice credited in full owes nothing "
        "either way.",
    )

    def _get_dunning_accounting(self):
        """Return the journal and the income account of penalties.

        :return: (``account.journal``, ``account.account``)
        :raise UserError: saying what is missing and where to set it
        """
        self.ensure_one()
        if not self.dunning_journal_id:
            raise UserError(
                self.env._(
                    "Choose the journal of penalties of %s in Invoicing > Dunning > Settings.",
                    self.display_name,
                )
            )
        if not self.dunning_penalty_account_id:
            raise UserError(
                self.env._(
                    "Choose the account of penalties of %s in Invoicing > Dunning > Settings.",
                    self.display_name,
                )
            )
        return self.dunning_journal_id, self.dunning_penalty_account_id

    def _create_dunning_journals(self):
        """Set the journal PEN and the account of penalties of these companies.

        Companies without a French chart are not changed.
        """
        french = self.sudo().filtered(lambda company: (company.chart_template or "")[:2] == "fr")
        for company in french:
            if not company.dunning_journal_id:
                company.dunning_journal_id = company._find_dunning_journal()
            if not company.dunning_penalty_account_id:
                company.dunning_penalty_account_id = (
                    self.env["account.account"]
                    .with_company(company)
                    .search(
                        [
                            *self.env["account.account"]._check_company_domain(company),
                            ("code", "=", INCOME_CODE),
                        ],
                        limit=1,
                    )
                )

    def _find_dunning_journal(self):
        self.ensure_one()
        lang = self.partner_id._get_dunning_lang()
        Journal = self.env["account.journal"].with_company(self).with_context(lang=lang)
        domain = [*Journal._check_company_domain(self), ("code", "=", JOURNAL_CODE)]
        return Journal.search([*domain, ("type", "=", "general")], limit=1) or Journal.create(
            {
                "name": Journal.env._("Late-payment penalties"),
                "code": JOURNAL_CODE,
                "type": "general",
                "company_id": self.id,
                "show_on_dashboard": False,
            }
        )

    def _get_dunning_open_day(self, day, journal, has_tax=False):
        """Return the day, or the first open day after the lock dates that cover it.

        :param bool has_tax: whether the entry has taxes: the lock of the tax report then counts,
            too
        """
        self.ensure_one()
        violated = self._get_violated_lock_dates(day, has_tax, journal)
        return max(lock for lock, _field in violated) + timedelta(days=1) if violated else day
