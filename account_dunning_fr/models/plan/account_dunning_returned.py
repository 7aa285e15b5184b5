from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ...core.debit_returns import ACCOUNT, CONTESTED, FUNDS, find_reason, treatment
from ..common.due import MONEY_JOURNALS
from ..common.marks import RETURNED, get_sources, tells_returned

OTHER_REASON = "other"  # a reason given by the bank that is none of these

# Why a bank returns a direct debit (ISO 20022), as in ``core.debit_returns``.
RETURN_REASONS = [
    ("AM04", "AM04 – Insufficient funds"),
    ("MD01", "MD01 – No mandate, or not authorised"),
    ("MD06", "MD06 – Refund asked by the customer"),
    ("MS02", "MS02 – Refused by the customer"),
    ("SL01", "SL01 – Blocked by the customer at his bank"),
    ("AC01", "AC01 – Wrong account number"),
    ("AC04", "AC04 – Account closed"),
    ("AC06", "AC06 – Account blocked"),
    ("AC13", "AC13 – Account of a consumer"),
    ("AG01", "AG01 – Direct debit forbidden on this account"),
    ("BE05", "BE05 – Creditor not recognised"),
    ("MD02", "MD02 – Mandate data missing"),
    ("RC01", "RC01 – Wrong bank identifier"),
    ("MD07", "MD07 – The customer died"),
    ("AM05", "AM05 – Presented twice"),
    ("MS03", "MS03 – No reason given"),
    (OTHER_REASON, "Another reason"),
]


class AccountDunningReturned(models.AbstractModel):
    """A payment that the bank took back: which one it was, and what is unpaid again.

    A mixin of items; its columns are on ``account.move.line``.
    """

    _name = "account.dunning.returned"
    _description = "Returned Payments of an Item"

    def _is_dunning_returned(self):
        """Whether the item is a returned payment that is not linked to its invoice yet."""
        self.ensure_one()
        move = self.move_id
        return (
            move.move_type == "entry"
            and self.journal_id.type in MONEY_JOURNALS
            and not move.origin_payment_id
        )

    @api.model
    def _get_dunning_returns_domain(self, companies=None, partner=None):
        """Return the domain of returned payments that nobody linked to their invoice."""
        return (
            self._get_dunning_domain(companies, partner)
            & Domain("move_id.move_type", "=", "entry")
            & Domain("journal_id.type", "in", MONEY_JOURNALS)
            & Domain("move_id.origin_payment_id", "=", False)
        )

    def _get_dunning_return_candidates(self):
        """Return the customer's payments that this debit may have taken back, latest first."""
        self.ensure_one()
        return self.search(
            [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    self.partner_id.commercial_partner_id.id,
                ),
                ("parent_state", "=", "posted"),
                ("currency_id", "=", self.currency_id.id),
                ("journal_id.type", "in", MONEY_JOURNALS),
                ("move_id.move_type", "=", "entry"),
                ("balance", "<", 0),
                ("date", "<=", self.date),
            ],
            order="date DESC, id DESC",
        )

    def _get_dunning_returned_payment(self):
        """Return the proposed payment: the latest of the same amount not returned already."""
        self.ensure_one()
        for payment in self._get_dunning_return_candidates():
            same = self.currency_id.compare_amounts(
                -payment.amount_currency, self.amount_residual_currency
            )
            taken_back = payment.matched_debit_ids.debit_move_id.journal_id.filtered(
                lambda journal: journal.type in MONEY_JOURNALS
            )
            if same == 0 and not taken_back:
                return payment
        return self.browse()

    def _get_dunning_return_reason(self):
        """Return why the bank took this money back, according to its statement line, or False."""
        self.ensure_one()
        line = self.move_id.statement_line_id
        told = (self.name, line.payment_ref, line.narration, self.move_id.ref)
        return find_reason(" ".join(html2plaintext(each) for each in told if each)) or False

    def action_dunning_link_return(self):
        """Ask which payment this debit took back."""
        self.ensure_one()
        self.check_access("write")
        link = self.env["account.dunning.return.link"].create({"item_id": self.id})
        return link._get_records_action(
            name=self.env._("Link a returned payment"), target="new", context={}
        )

    def _link_dunning_return(self, payment, code=""):
        """Reconcile a payment with its return; whatever is left of the payment pays what it paid.

        :param payment: the receivable item of the payment
        :param str code: why the bank returned it, a key of ``RETURN_REASONS``; empty if unknown
        :raise UserError: if it is no payment of this customer, or is settled otherwise
        """
        self.ensure_one()
        self.check_access("write")
        if payment not in self._get_dunning_return_candidates() or self.reconciled:
            raise UserError(self.env._("This payment is not one that the bank took back."))
        paid = payment.matched_debit_ids.debit_move_id
        payment.remove_move_reconcile()
        (self + payment).reconcile()
        if not payment.reconciled and paid:
            (payment + paid).reconcile()
        paid.filtered(lambda item: not item.reconciled)._follow_dunning_return(self.date, code)

    def _return_dunning_payment(self, on, code):
        """Take a returned payment off what it paid, which is unpaid again at once.

        It is reconciled with the bank's line if that is in the books; else it pays nothing until
        the line comes (``plan.query.credits``).

        :param date on: day of the return
        :param str code: a key of ``RETURN_REASONS``
        """
        self.ensure_one()
        returned = self.search(
            self._get_dunning_returns_domain(self.company_id, self.partner_id.commercial_partner_id)
            & Domain("currency_id", "=", self.currency_id.id)
        ).filtered(
            lambda item: (
                self in item._get_dunning_return_candidates()
                and item.currency_id.compare_amounts(
                    item.amount_residual_currency, -self.amount_currency
                )
                == 0
            )
        )
        if returned:
            returned[0]._link_dunning_return(self, code)
            return
        paid = self.matched_debit_ids.debit_move_id
        self.remove_move_reconcile()
        self._open_dunning_cycles_of(self.move_id)
        paid.filtered(lambda item: not item.reconciled)._follow_dunning_return(on, code)

    def _follow_dunning_return(self, on, code):
        """Store why the payment of these items was returned, and let each room react.

        :param date on: day of the return
        :param str code: a key of ``RETURN_REASONS``; empty if unknown
        """
        items = self.sudo()
        items._forget_dunning_unmatched()  # the bank did it, and said why
        items.write({"dunning_returned_on": on, "dunning_return_code": code or False})
        for name in get_sources(items, RETURNED):
            getattr(items, name)(code)

    @tells_returned
    def _ask_about_dunning_return(self, code):
        """Schedule an activity for the person in charge, unless the customer contests the debit."""
        if not code or treatment(code) == CONTESTED:
            return
        label = dict(self._fields["dunning_return_code"]._description_selection(self.env))[code]
        for move in self.move_id:
            creditor = move.company_id.dunning_creditor_id
            lang = creditor.partner_id._get_dunning_lang()
            speaking = move.with_context(lang=lang, mail_activity_quick_update=True)
            summaries = {
                FUNDS: speaking.env._("Debit returned (%s): present it again, or remind", label),
                ACCOUNT: speaking.env._("Debit returned (%s): ask for the bank details", label),
            }
            speaking.activity_schedule(
                "account_dunning_fr.mail_activity_type_debit_returned",
                user_id=move._get_dunning_responsible().id,
                summary=summaries.get(
                    treatment(code), speaking.env._("Debit returned (%s): see why", label)
                ),
            )
