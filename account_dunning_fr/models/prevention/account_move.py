from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang, html2plaintext

from ...core.citations import cite
from ...core.claims_allowed import allowed
from ...core.half_years import RateMissing
from ...core.indemnity import FLAT_INDEMNITY
from ...core.invoice_mentions import (
    AAB,
    PERCENT,
    PMD,
    PMT,
    POINTS,
    TIMES,
    Basis,
    framework,
    mentions,
    other_rates,
)
from ...core.invoice_terms import ORANGE, RED
from ...core.money import CENT, to_decimal
from ...core.rates import B2B_POINTS, B2G_POINTS
from ..common.groups import ACCOUNTING_GROUPS
from ..common.letter_formats import format_letter_amount
from ..common.marks import on
from .finding_words import tell, tell_all
from .posting_facts import PostingFacts

# The rate that Odoo's own addon for French e-invoices stores on an invoice, in versions that do:
# https://github.com/odoo/odoo/pull/279765, open in November 2026.
ODOO_RATE = "l10n_fr_pdp_late_payment_penalties_rate"


class AccountMove(models.Model):
    """What an invoice says about late payment: on paper, and in the notes of the e-invoice."""

    _inherit = "account.move"

    # -- Mentions ----------------------------------------------------------------------------------

    def _get_dunning_mentions(self):
        """Return what this document says about late payment, in the language in use.

        :return: list of ``(code, text)``: ``PMD`` penalties, ``PMT`` flat indemnity, ``AAB``
            discount; empty for a consumer, a foreign creditor, and while the mentions are disabled
        """
        self.ensure_one()
        move = self.sudo()
        codes = mentions(move._get_dunning_mentioned_regime())
        texts = {
            PMD: move._get_dunning_penalty_mention,
            PMT: move._get_dunning_indemnity_mention,
            AAB: move._get_dunning_discount_mention,
        }
        return [(code, texts[code]()) for code in codes]

    def _get_dunning_mentioned_regime(self):
        """Return the regime whose late-payment terms this document states, or False."""
        creditor = self.company_id.dunning_creditor_id
        wanted = (
            creditor.dunning_mentions
            and creditor._is_dunning_french()
            and self.is_sale_document(include_receipts=True)
            and self.commercial_partner_id
        )
        return wanted and self.commercial_partner_id._get_dunning_likely_regime()

    def _get_dunning_penalty_mention(self):
        regime = self._get_dunning_mentioned_regime()
        facts = {
            "rate": self._get_dunning_stated_rate(regime),
            "law": self._cite_dunning_law(regime, "penalties"),
        }
        percent = self._get_dunning_percent_at_issue(regime)
        if regime == "b2g":
            return self.env._(
                "Late-payment interest: %(rate)s, due as of right and without formality from the "
                "day after the end of the payment period (%(law)s).",
                **facts,
            )
        if percent is None:
            return self.env._(
                "Late-payment penalties: %(rate)s, due from the day after the payment date, "
                "without a reminder (%(law)s).",
                **facts,
            )
        return self.env._(
            "Late-payment penalties: %(rate)s (%(percent)s %% on the date of the invoice), due "
            "from the day after the payment date, without a reminder (%(law)s).",
            percent=formatLang(self.env, float(percent), digits=2),
            **facts,
        )

    def _get_dunning_percent_at_issue(self, regime):
        """Return the percentage of a floating rate when this was issued, if it is certain.

        :return: ``Decimal``, or None: for a fixed rate, for a public body, whose rate is that of a
            later day, and if the figure is missing or not confirmed
        """
        if regime != "b2b" or self._get_dunning_terms().dunning_rate_type == "fixed":
            return None
        on_day = self.invoice_date or fields.Date.context_today(self)
        rates = self.env["account.dunning.rate"]
        schedule = self._get_dunning_schedule(rates._get_table(), regime, on_day)
        if rates._get_unconfirmed(schedule.figures(on_day, on_day)):
            return None
        try:
            return schedule.at(on_day)
        except RateMissing:
            return None

    def _get_dunning_indemnity_mention(self):
        euro = self.env["res.currency"]._get_dunning_euro()
        return self.env._(
            "Flat indemnity for recovery costs in case of late payment: %(amount)s (%(law)s).",
            amount=format_letter_amount(self.env, float(FLAT_INDEMNITY), euro),
            law=self._cite_dunning_law(self._get_dunning_mentioned_regime(), "indemnity"),
        )

    def _get_dunning_discount_mention(self):
        term = self.invoice_payment_term_id
        if not term.early_discount:
            return self.env._("No discount for early payment.")
        return self.env._(
            "Discount for early payment: %(percent)s %% if paid within %(days)s days of the date "
            "of the invoice.",
            percent=formatLang(self.env, term.discount_percentage, digits=2),
            days=term.discount_days,
        )

    def _get_dunning_framework(self):
        """Return what is invoiced, as coded by the rules BR-FR (BT-23), or False.

        According to the scope of the taxes, which Odoo prints as the kind of operation, else the
        products.
        """
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        kinds = {
            scope or line.product_id.type
            for line in lines
            for scope in line.tax_ids.mapped("tax_scope") or [False]
        }
        return framework(kinds)

    def _cite_dunning_law(self, regime, right):
        french = (self.env.lang or "").startswith("fr")
        return cite([getattr(allowed(regime), right)], french=french)

    @on("posted")
    def _freeze_dunning_mentioned_rate(self, _before):
        """Store the legal default rate that an invoice states: letters claim what it said.

        Terms entered later on the customer or the company apply to later invoices.
        """
        stated = self.filtered(
            lambda move: (
                not move.dunning_rate_type and move.sudo()._get_dunning_mentioned_regime() == "b2b"
            )
        )
        if stated:
            stated.dunning_rate_type = "legal"

    # -- Another rate on the same invoice ----------------------------------------------------------

    @api.depends("narration", "invoice_payment_term_id", "commercial_partner_id.dunning_regime")
    def _compute_dunning_rate_difference(self):
        return super()._compute_dunning_rate_difference()

    def _get_dunning_rate_difference(self):
        """Add the other rates that the invoice states, entered by a person or written by Odoo."""
        told = [super()._get_dunning_rate_difference(), *self.sudo()._tell_dunning_other_rates()]
        return " ".join(filter(None, told)) or False

    def _tell_dunning_other_rates(self):
        """Return what this invoice says about penalties that the letters will not claim.

        :return: list of sentences
        """
        regime = self.commercial_partner_id._get_dunning_likely_regime()
        if not self.is_sale_document(include_receipts=True) or not mentions(regime):
            return []
        claimed = self._get_dunning_claimed_bases(regime)
        told = []
        for place, text in self._get_dunning_own_texts():
            if others := other_rates(text, claimed):
                told.append(
                    self.env._(
                        "%(place)s states %(other)s as the rate of late payment; the letters "
                        "claim the %(rate)s.",
                        place=place,
                        other=", ".join(self._name_dunning_basis(basis) for basis in others),
                        rate=self._get_dunning_stated_rate(regime),
                    )
                )
        return told

    def _get_dunning_own_texts(self):
        """Return the texts that others wrote on this invoice, list of (where, plain text)."""
        texts = [
            (self.env._("The text of the invoice"), html2plaintext(self.narration or "")),
            (
                self.env._("The payment term"),
                html2plaintext(self.invoice_payment_term_id.note or ""),
            ),
        ]
        if rate := self._has_dunning_rate_of_odoo() and self[ODOO_RATE]:
            # A figure, not a sentence: it is read as the sentence that Odoo makes of it.
            texts.append((self.env._("The e-invoice of Odoo"), f"penalties {rate:.2f} %"))
        return texts

    @api.model
    def _has_dunning_rate_of_odoo(self):
        return ODOO_RATE in self._fields

    def _get_dunning_claimed_bases(self, regime):
        """Return all ways of stating the rate that the letters will claim (``Basis`` values)."""
        if regime == "b2g":
            return {Basis(POINTS, B2G_POINTS)}
        terms = self._get_dunning_terms()
        bases = {
            "fixed": Basis(PERCENT, to_decimal(terms.dunning_rate_percent, CENT)),
            "multiple": Basis(TIMES, Decimal(terms.dunning_rate_multiple)),
        }
        found = {bases.get(terms.dunning_rate_type, Basis(POINTS, B2B_POINTS))}
        percent = self._get_dunning_percent_at_issue(regime)
        return found | ({Basis(PERCENT, percent)} if percent is not None else set())

    @api.model
    def _name_dunning_basis(self, basis):
        figure = formatLang(self.env, float(basis.figure), digits=2)
        if basis.kind == PERCENT:
            return self.env._("%s %% a year", figure)
        if basis.kind == POINTS:
            return self.env._("the rate of the central bank plus %s points", figure)
        return self.env._("%s times the legal interest rate", f"{basis.figure:f}")

    # -- The look at what is posted ----------------------------------------------------------------

    dunning_findings_level = fields.Selection(
        [(RED, "Against the law"), (ORANGE, "To check")],
        string="Terms and mentions",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=ACCOUNTING_GROUPS,
        help="What the look at the invoice found when it was posted.",
    )
    dunning_findings = fields.Html(
        string="What speaks against it",
        compute="_compute_dunning_findings",
        sanitize=False,
        groups=ACCOUNTING_GROUPS,
    )
    dunning_findings_now = fields.Selection(
        [(RED, "Against the law"), (ORANGE, "To check")],
        string="Terms and mentions today",
        compute="_compute_dunning_findings",
        groups=ACCOUNTING_GROUPS,
    )

    @api.depends(
        "commercial_partner_id",
        "invoice_date",
        "invoice_date_due",
        "invoice_payment_term_id",
        "delivery_date",
        "invoice_line_ids",
        "narration",
        "ref",
        "partner_shipping_id",
        "partner_bank_id",
        "currency_id",
        "preferred_payment_method_line_id",
        "state",
    )
    def _compute_dunning_findings(self):
        # The form of a draft shows them before it is posted; for other entries the tab does.
        drafts = self.filtered(lambda move: move.state == "draft")
        found = drafts._look_at_dunning_terms()
        for move in self:
            findings, told = found.get(move, ([], ""))
            move.dunning_findings = told
            move.dunning_findings_now = findings[0].level if findings else False

    def _look_at_dunning_terms(self):
        """Return today's findings about these invoices.

        :return: ``{move: (list of Finding, HTML)}``
        """
        found = PostingFacts(self.sudo()).examine() if self else {}
        looked = {}
        for move in self:
            findings = found.get(move.sudo(), [])
            due = move.invoice_date_due or move.invoice_date or fields.Date.context_today(self)
            looked[move] = findings, tell_all(self.env, findings, due)
        return looked

    def get_dunning_facts(self):
        """Add today's findings about the terms of a posted invoice."""
        facts = self.env["account.dunning.facts"]
        posted = self.filtered(lambda move: move.state != "draft")
        notes = [("light", told) for _findings, told in posted._look_at_dunning_terms().values()]
        title = self._fields["dunning_findings_level"]._description_string(self.env)
        looked = facts._prepare_notes(notes, title=title)
        return super().get_dunning_facts() + facts._keep_told([looked])

    @on("posted")
    def _keep_dunning_findings(self, _before):
        """Store the severity of the findings, in one statement: Odoo would rebalance each entry."""
        found = PostingFacts(self.sudo()).examine()
        levels = {move.id: findings[0].level for move, findings in found.items() if findings}
        kept = [
            (move.id, levels.get(move.id))
            for move in self.sudo()
            if move.is_sale_document()
            and (move.dunning_findings_level or None) != levels.get(move.id)
        ]
        if not kept:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move SET dunning_findings_level = looked.level
                  FROM (VALUES %s) looked (id, level)
                 WHERE account_move.id = looked.id
                """,
                SQL(", ").join(SQL("(%s, %s::varchar)", *row) for row in kept),
            )
        )
        self.invalidate_recordset(["dunning_findings_level"], flush=False)

    def action_post(self):
        """Let the company stop users from posting what is against the law."""
        self._stop_dunning_red()
        return super().action_post()

    def action_validate_moves_with_confirmation(self):
        """As ``action_post``, from a list."""
        self._stop_dunning_red()
        return super().action_validate_moves_with_confirmation()

    def _stop_dunning_red(self):
        """Refuse to post what is against the law, if the company chose so.

        Imports and scheduled actions are never stopped.

        :raise UserError: naming the invoices and the findings about each
        """
        drafts = self.filtered(lambda move: move.state == "draft" and move.auto_post == "no")
        stopping = drafts.sudo().filtered(
            lambda move: move.company_id.dunning_creditor_id.dunning_checks == "stop"
        )
        if self.env.su or not stopping:
            return
        told = [
            f"{move.display_name}: {tell(self.env, finding, move.invoice_date_due)}"
            f" ({finding.source})"
            for move, findings in PostingFacts(stopping).examine().items()
            for finding in findings
            if finding.level == RED
        ]
        if told:
            raise UserError(
                self.env._(
                    "Your company does not post what is against the law. Correct it first:\n%s",
                    "\n".join(told),
                )
            )

    def _lacks_dunning_deposit(self):
        """Return whether the amount calls for a deposit, and the invoice deducts none.

        An addon that knows orders knows which deposits were requested.
        """
        least = self.company_id.dunning_creditor_id.dunning_deposit_from
        if not least or abs(self.amount_total_signed) < least:
            return False
        return all(line.price_subtotal >= 0 for line in self.invoice_line_ids)
