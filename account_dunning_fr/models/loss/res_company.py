from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_closing_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of doubtful customers",
        domain="[('type', '=', 'general')]",
        check_company=True,
        help="Empty: the first journal of miscellaneous operations.",
    )

    def _get_dunning_closing_journal(self):
        """Return the journal in which doubtful customers are booked.

        :raise UserError: names what is missing and where to set it
        """
        self.ensure_one()
        if self.dunning_closing_journal_id:
            return self.dunning_closing_journal_id
        taken = self.dunning_journal_id | self.sudo().tax_cash_basis_journal_id
        taken |= self.sudo().currency_exchange_journal_id
        Journal = self.env["account.journal"].with_company(self)
        domain = [*Journal._check_company_domain(self), ("type", "=", "general")]
        found = Journal.search([*domain, ("id", "not in", taken.ids)], limit=1)
        if not found:
            raise UserError(
                self.env._(
                    "%s has no journal of miscellaneous operations: create one, or choose the "
                    "journal of doubtful customers in Invoicing > Dunning > Settings.",
                    self.display_name,
                )
            )
        return found

    def _get_dunning_coded_account(self, code):
        """Return the first account in use whose code starts with this one.

        :raise UserError: names the account to create
        """
        self.ensure_one()
        self.env["account.account"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id
                  FROM account_account account
                  JOIN account_account_res_company_rel rel ON rel.account_account_id = account.id
                 WHERE rel.res_company_id IN %(family)s AND account.active
                   AND account.code_store ->> %(root)s LIKE %(code)s
                 ORDER BY account.code_store ->> %(root)s, account.id LIMIT 1
                """,
                family=tuple(self.sudo().parent_ids.ids),
                root=str(self.root_id.id),
                code=f"{code}%",
            )
        )
        if not rows:
            raise UserError(
                self.env._(
                    "The chart of accounts of %(company)s has no account %(code)s in use: create "
                    "it, or take it back from the archive, in Invoicing > Configuration > Chart "
                    "of Accounts.",
                    company=self.display_name,
                    code=code,
                )
            )
        return self.env["account.account"].browse(rows[0][0])
