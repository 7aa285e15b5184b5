from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.claims_allowed import may_state_penalties
from ...models.common.creditors_day import creditors_day
from ...models.common.letter_formats import write_once

REPORT = "account_dunning_fr.report_account_statement"


class AccountDunningAccountStatement(models.TransientModel):
    """The statement of account of customers (« relevé de compte ») on any day, by currency.

    It lists what was open at the end of the day: invoices, credit notes and unallocated payments.
    """

    _name = "account.dunning.account.statement"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Statement of Account"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        default=lambda self: self.env.company.dunning_creditor_id,
    )
    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    date = fields.Date(string="On", required=True, default=creditors_day)

    def action_print(self):
        """Print one statement per customer."""
        self.ensure_one()
        if not self._get_statements():
            raise UserError(self.env._("Nothing was open on that day."))
        return self.env.ref(REPORT).report_action(self, config=False)

    def _get_dunning_print_lang(self):
        partners = self.partner_ids.commercial_partner_id
        return partners._get_dunning_lang() if len(partners) == 1 else self.env.lang or "en_US"

    def _get_dunning_foot(self):
        """Name creditor and customer; statements of several customers are separate documents."""
        partners = self.partner_ids.commercial_partner_id
        return f"{self.company_id.name} – {partners.name}" if len(partners) == 1 else ""

    def _check_read(self):
        """:raise AccessError: unless the user may read the books of the creditor"""
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Switch to the company %s first.", self.company_id.name))
        self.env["account.move.line"].check_access("read")

    def _get_statements(self, partners=None):
        """Return what is printed, one dict per customer: ``partner``, ``sections``.

        A section is a dict: ``currency``, ``rows``, ``total``, ``overdue``; a row has ``item``,
        ``days`` late, ``residual``, ``settled``; amounts in the currency of the section. Customers
        without open items are left out.

        :param partners: only these customers
        """
        self.ensure_one()
        self._check_read()
        partners = (partners or self.partner_ids).commercial_partner_id
        key = ("open items", self.id, self.company_id.id, self.date)
        open_items, together = write_once(self.env, key, self._read_open_items)
        items = self.env["account.move.line"].sudo()
        rows = defaultdict(list)
        for partner in partners:
            for found in open_items.get(partner.id, ()):
                item = items.browse(found["move_line_id"]).with_prefetch(together)
                if found["residual_currency"] and self._is_told(item):
                    rows[partner.id, found["currency_id"]].append(self._prepare_row(item, found))
        statements = []
        for partner in partners.sorted("display_name"):
            sections = [
                self._prepare_section(self.env["res.currency"].browse(currency), found)
                for (partner_id, currency), found in sorted(rows.items())
                if partner_id == partner.id
            ]
            if sections:
                statements.append({"partner": partner, "sections": sections})
        return statements

    def _read_open_items(self):
        """Return what was open for all the customers, and the ids of these items.

        In one query, and once per rendering, which writes the customers' statements one by one.

        :return: ``{customer: rows of the query}``, and a tuple
        """
        query = (
            self.env["account.dunning.balance"]
            .sudo()
            ._get_open_items_query(
                self.company_id._get_dunning_companies(),
                self.date,
                self.partner_ids.commercial_partner_id,
            )
        )
        open_items, together = defaultdict(list), []
        for found in self.env.execute_query_dict(query):
            open_items[found["partner_id"]].append(found)
            together.append(found["move_line_id"])
        return open_items, tuple(together)

    def _is_told(self, item):
        """Whether a statement lists an item: penalties only if they may already be claimed.

        A consumer owes none before a formal notice (C. civ. 1231-6 and 1344-1).
        """
        principal = item.dunning_penalty_id.move_line_id
        if not item.dunning_penalty_id:
            return True
        kind = principal.dunning_level_id.kind or "reminder"
        regime = item.partner_id.commercial_partner_id.dunning_regime
        return bool(may_state_penalties(regime, kind))

    def _get_account(self, found):
        """Return the account printed on a statement, ``res.partner.bank``.

        A hook for the room that knows to whom each invoice is payable.
        """
        return self.company_id._get_dunning_bank_account()

    def _get_code(self, found):
        """Return the transfer code printed on a statement, as a ``data:`` address, or False.

        A hook for the room that knows into which account each invoice is payable.
        """
        return False

    def _prepare_row(self, item, found):
        late = (self.date - found["date_maturity"]).days
        return {
            "item": item,
            "due": found["date_maturity"],
            "days": late if found["residual"] > 0 and late > 0 and not found["is_paid_out"] else 0,
            "residual": found["residual_currency"],
            "settled": item.currency_id.round(item.amount_currency - found["residual_currency"]),
            "label": self._get_label(item),
        }

    @api.model
    def _get_label(self, item):
        """Return a description of an item for the customer."""
        move = item.move_id
        if item.dunning_penalty_id:
            return item.name
        kinds = {
            "out_invoice": self.env._("Invoice"),
            "out_refund": self.env._("Credit note"),
            "out_receipt": self.env._("Receipt"),
        }
        if item._is_dunning_returned() and item.balance > 0:
            kind = self.env._("Payment returned by the bank")
        elif move.origin_payment_id and item.balance > 0:
            kind = self.env._("Payment to you")
        elif move.origin_payment_id or move.statement_line_id:
            kind = self.env._("Payment not allocated")
        else:
            kind = kinds.get(move.move_type) or item.name or self.env._("Entry")
        return " – ".join(filter(None, [kind, move.ref]))

    @api.model
    def _prepare_section(self, currency, rows):
        rows.sort(key=lambda row: (row["due"], row["item"].id))
        return {
            "currency": currency,
            "rows": rows,
            "total": currency.round(sum(row["residual"] for row in rows)),
            "overdue": currency.round(sum(row["residual"] for row in rows if row["days"])),
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_dunning_account_statement(self):
        """Open the statement of account of these customers."""
        wizard = self.env["account.dunning.account.statement"].create(
            {"partner_ids": self.commercial_partner_id.ids}
        )
        return wizard._get_records_action(name=self.env._("Statement of account"), target="new")

    def _print_dunning_account_statement(self, company, day):
        """Return the printed statement of account of these customers, in the context's language.

        :param company: the creditor, ``res.company``
        :param date day: the day of the statement
        :rtype: bytes
        """
        wizard = self.env["account.dunning.account.statement"].create(
            {
                "company_id": company.id,
                "partner_ids": [fields.Command.set(self.ids)],
                "date": day,
            }
        )
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(REPORT, wizard.ids)
        return content

    def _get_dunning_statements(self, company, day):
        """Return the content of these customers' statements, as ``_get_statements`` does."""
        if not self:
            return []
        wizard = self.env["account.dunning.account.statement"].create(
            {"company_id": company.id, "partner_ids": [fields.Command.set(self.ids)], "date": day}
        )
        return wizard._get_statements()
