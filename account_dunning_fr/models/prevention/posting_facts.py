"""What is known about invoices that are posted, collected for many together."""

from datetime import timedelta
from functools import cached_property
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL, html2plaintext

from ...core.half_years import RateMissing
from ...core.invoice_mentions import stated_rates
from ...core.invoice_terms import Facts, examine
from ...core.longest_term import GENERAL, PERIODIC, PERISHABLE, TRANSPORT
from ...core.money import CENT, to_cents, to_decimal
from ...core.rates import FLOOR_MULTIPLE
from ..common.due import RECEIVABLE_ITEMS
from ..common.presence import count_present
from .account_facts import AccountFacts

DOCUMENTS = ("out_invoice", "out_receipt")
# What a company may have, asked together: shorter terms of its products, versions of its own terms,
# posted instalments without a due date.
KINDS, VERSIONS, UNDATED = "kinds", "versions", "undated"
MARKED = [("dunning_term_kind", "!=", False)]
# The columns read of an invoice, which has some hundred.
READ = (
    *("move_type", "amount_total", "company_id", "partner_id", "commercial_partner_id"),
    *("partner_shipping_id", "invoice_date", "invoice_date_due", "delivery_date"),
    *("invoice_payment_term_id", "invoice_origin", "ref", "narration", "dunning_rate_type"),
    *("dunning_rate_percent", "dunning_rate_multiple", "dunning_findings_level"),
    *("partner_bank_id", "currency_id", "payment_state", "preferred_payment_method_line_id"),
)


class Customer(NamedTuple):
    """What is known about a customer, whatever is invoiced."""

    regime: str
    kind: str
    french: bool
    no_siren: bool


class PostingFacts:
    """Examines some invoices; what they share is read once.

    :param moves: ``account.move`` with full rights
    """

    def __init__(self, moves):
        self.moves = moves
        self.env = moves.env
        self._texts = {}
        self._floors = {}
        self._customers = {}
        self._accounts = AccountFacts()

    def examine(self):
        """Return the findings about each invoice, ``{move: [Finding]}``, if it has any."""
        found = {}
        self.moves.fetch(READ)
        for move in self.moves:
            if move.move_type not in DOCUMENTS or move.amount_total <= 0:
                continue
            creditor = move.company_id.dunning_creditor_id
            if creditor.dunning_checks != "off" and creditor in self._french:
                found[move] = examine(self._gather(move, creditor))
        return found

    @cached_property
    def _french(self):
        creditors = self.moves.company_id.dunning_creditor_id
        return creditors.filtered(lambda creditor: creditor._is_dunning_french())

    @cached_property
    def _table(self):
        return self.env["account.dunning.rate"]._get_table()

    @cached_property
    def _present(self):
        """Return what there is of ``KINDS``, ``VERSIONS`` and ``UNDATED``: most have none."""
        return count_present(
            self.env,
            {VERSIONS: ("account.dunning.terms", "company_id", self._french.ids)},
            {
                KINDS: self.env["product.category"]._search(MARKED),
                UNDATED: self.env["account.move.line"]._search(self._undated_domain),
            },
        )

    @cached_property
    def _kinds(self):
        """Return the invoices that sell what the law gives a shorter term, ``{id: kind}``."""
        if not self._present.get(KINDS):
            return {}
        marked = self.env["product.category"].search(MARKED)
        rows = self.env["account.move.line"]._read_group(
            [
                ("move_id", "in", self.moves.ids),
                ("product_id.categ_id", "child_of", marked.ids),
            ],
            ["move_id", "product_id"],
        )
        kinds = {}
        for move, product in rows:
            kind = self._get_category_kind(product.categ_id)
            if kind == TRANSPORT or move.id not in kinds:
                kinds[move.id] = kind
        return kinds

    @property
    def _undated_domain(self):
        return [
            ("move_id", "in", self.moves.ids),
            ("parent_state", "=", "posted"),
            *RECEIVABLE_ITEMS,
            ("date_maturity", "=", False),
            ("reconciled", "=", False),
        ]

    @cached_property
    def _undated(self):
        """Return the ids of posted invoices of which an open instalment bears no due date.

        The invoice may show one all the same: Odoo gives an invoice without a payment term the day
        of its posting.
        """
        if not self._present.get(UNDATED):
            return frozenset()
        rows = self.env["account.move.line"]._read_group(self._undated_domain, ["move_id"])
        return frozenset(move.id for (move,) in rows)

    @cached_property
    def _unsaid(self):
        """Return the ids of invoices with a line that is neither marked as goods nor as services.

        According to its taxes, else its product, as stored in the database.
        """
        lines = self.env["account.move.line"]
        if not self.moves.ids:
            return frozenset()
        taxes = lines._fields["tax_ids"]
        lines.flush_model(["move_id", "display_type", "product_id", "tax_ids"])
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT line.move_id
                  FROM account_move_line line
                  LEFT JOIN %(rel)s rel ON rel.%(line)s = line.id
                  LEFT JOIN account_tax tax ON tax.id = rel.%(tax)s
                  LEFT JOIN product_product product ON product.id = line.product_id
                  LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE line.move_id IN %(moves)s AND line.display_type = 'product'
                   AND COALESCE(tax.tax_scope, template.type) IS NULL
                """,
                rel=SQL.identifier(taxes.relation),
                line=SQL.identifier(taxes.column1),
                tax=SQL.identifier(taxes.column2),
                moves=tuple(self.moves.ids),
            )
        )
        return frozenset(move for (move,) in self.env.cr.fetchall())

    def _get_category_kind(self, category):
        while category and not category.dunning_term_kind:
            category = category.parent_id
        return category.dunning_term_kind or PERISHABLE

    def _get_customer(self, partner):
        if partner not in self._customers:
            self._customers[partner] = Customer(
                partner._get_dunning_likely_regime(),
                partner.dunning_term_kind,
                partner._is_dunning_french(),
                partner.dunning_siren_wrong or not partner.dunning_siren,
            )
        return self._customers[partner]

    def _gather(self, move, creditor):
        """Return the facts about an invoice.

        :param creditor: ``res.company`` that claims it
        :return: ``core.invoice_terms.Facts``
        """
        partner = move.commercial_partner_id
        customer = self._get_customer(partner)
        issued = move.invoice_date or fields.Date.context_today(move)
        due = move.invoice_date_due or issued
        account = dict.fromkeys(self._accounts.examine(move), True)
        if customer.regime not in ("b2b", "b2g"):
            return Facts(regime=customer.regime, issued=issued, due=due, **account)
        kind = customer.kind or self._kinds.get(move.id) or GENERAL
        return Facts(
            regime=customer.regime,
            issued=issued,
            due=due,
            kind=kind,
            end_of_month=self._counts_by_months(move.invoice_payment_term_id),
            delivered=move.delivery_date or None,
            abroad=not customer.french,
            rate_under_floor=self._is_under_floor(move, issued),
            other_rate=self._states_other_rate(move),
            silent=not creditor.dunning_mentions and not self._states_some_rate(move),
            no_siren=customer.no_siren,
            no_order=bool(move.invoice_origin) and not move.ref,
            no_place=self._lacks_place(move),
            not_accepted=self._lacks_acceptance(creditor, partner, issued),
            no_deposit=move._lacks_dunning_deposit(),
            no_operation=creditor.dunning_mentions and move._origin.id in self._unsaid,
            no_due=not move.invoice_date_due or move._origin.id in self._undated,
            invoice_by=self._get_invoice_by(move, creditor, kind),
            **account,
        )

    def _get_invoice_by(self, move, creditor, kind):
        """Return by when the company invoices this delivery, or None."""
        days, delivered = creditor.dunning_invoice_within, move.delivery_date
        if not days or not delivered or kind == PERIODIC:
            return None
        return delivered + timedelta(days=days)

    @cached_property
    def _versions(self):
        """Return the versions of general terms, ``{creditor: [terms]}``, latest first."""
        if not self._present.get(VERSIONS):
            return {}
        terms = self.env["account.dunning.terms"].search([("company_id", "in", self._french.ids)])
        return terms.grouped("company_id")

    @cached_property
    def _accepted(self):
        """Return who accepted what, ``{(terms, customer)}``."""
        if not self._versions:
            return frozenset()
        rows = self.env["account.dunning.terms.acceptance"].search_fetch(
            [("partner_id", "in", self.moves.commercial_partner_id.ids)],
            ["terms_id", "partner_id"],
        )
        return frozenset((row.terms_id, row.partner_id) for row in rows)

    def _lacks_acceptance(self, creditor, customer, day):
        """Whether the customer has not accepted the general terms in force on a day."""
        versions = self._versions.get(creditor, ())
        in_force = next((terms for terms in versions if terms.date_from <= day), None)
        return in_force is not None and (in_force, customer) not in self._accepted

    def _counts_by_months(self, term):
        return any(line.delay_type != "days_after" for line in term.line_ids)

    def _is_under_floor(self, move, issued):
        terms = move._get_dunning_terms()
        kind = terms.dunning_rate_type
        if kind not in ("fixed", "multiple"):
            return False
        if kind == "multiple":
            return terms.dunning_rate_multiple < FLOOR_MULTIPLE
        key = issued.year, issued.month > 6
        if key not in self._floors:
            try:
                self._floors[key] = to_cents(self._table.legal_floor(issued))
            except RateMissing:
                self._floors[key] = None
        floor = self._floors[key]
        return floor is not None and to_decimal(terms.dunning_rate_percent, CENT) < floor

    def _states_some_rate(self, move):
        return bool(self._get_rates(move.narration)) or bool(
            self._get_rates(move.invoice_payment_term_id.note)
        )

    def _states_other_rate(self, move):
        """Whether it states another rate; only examined further if it states one at all."""
        stated = self._states_some_rate(move) or move._has_dunning_rate_of_odoo()
        return stated and bool(move._tell_dunning_other_rates())

    def _get_rates(self, text):
        if not text:
            return []
        if text not in self._texts:
            self._texts[text] = stated_rates(html2plaintext(text))
        return self._texts[text]

    def _lacks_place(self, move):
        place = move.partner_shipping_id
        if not place or place == move.partner_id:
            return False
        return not (place.street and place.zip and place.city)
