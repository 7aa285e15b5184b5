"""The findings of the check of an invoice, in words, by rule (``core.invoice_terms``)."""

from markupsafe import Markup

from odoo.tools import LazyTranslate, format_date

from ...core.invoice_terms import RED

_lt = LazyTranslate(__name__)

FINDINGS = {
    "term": _lt("Due on %(due)s: the latest day that the law allows is %(limit)s."),
    "term_reading": _lt(
        "Due on %(due)s: « 45 days end of month » reaches that day in one of its two readings "
        "only; in the other it ends on %(limit)s."
    ),
    "rate_floor": _lt("The rate of its penalties is below three times the legal rate."),
    "other_rate": _lt("Its text states another rate of late payment than the letters will claim."),
    "silent": _lt("Nothing on it states the penalties and the indemnity of 40 €."),
    "no_siren": _lt("The SIREN of the customer is missing or wrong."),
    "no_order": _lt("It comes from an order, and bears no reference of the customer."),
    "no_place": _lt("It is delivered to another address, which is not complete."),
    "not_accepted": _lt("The customer has not accepted the general terms in force."),
    "no_deposit": _lt("The amount asks for a deposit, and none was asked."),
    "no_operation": _lt("A line says neither goods nor services, by its product or its tax."),
    "no_due": _lt("It bears no due date: enter it, or choose its payment term again."),
    "no_account": _lt(
        "It bears no account to be paid into: enter it on the bank journal, and choose it on the "
        "invoice (Other Info, Recipient Bank)."
    ),
    "other_account": _lt(
        "Its account is archived, or on no bank journal of the creditor, and the letters will not "
        "give it: choose another on the invoice, or enter it on its bank journal."
    ),
    "no_iban": _lt("Its account is no valid IBAN: compare it with the RIB of the bank."),
    "wrong_key": _lt("The RIB key in its IBAN is wrong: compare it with the RIB of the bank."),
    "other_currency": _lt(
        "Its account is kept in another currency: choose one for that of the invoice."
    ),
    "late_invoice": _lt("By its delivery, it was to be issued on %(limit)s at the latest."),
}
LEVELS = {"red": _lt("Law"), "orange": _lt("To check")}
_ROW = Markup('<li><span class="badge %s me-1">%s</span>%s%s</li>')
_LIST = Markup('<ul class="list-unstyled mb-0">%s</ul>')
_SOURCE = Markup(' <span class="text-muted">(%s)</span>')


def tell(env, finding, due):
    """Return a finding in the user's language.

    :param finding: ``core.invoice_terms.Finding``
    :param date due: due date of the invoice
    """
    facts = {
        "due": format_date(env, due),
        "limit": format_date(env, finding.limit) if finding.limit else "",
    }
    sentence = env._(FINDINGS[finding.rule])
    return sentence % facts


def tell_all(env, findings, due):
    """Return the findings as HTML for the banner of an invoice; empty if there are none."""
    rows = [
        _ROW
        % (
            "text-bg-danger" if finding.level == RED else "text-bg-warning",
            env._(LEVELS[finding.level]),
            tell(env, finding, due),
            _SOURCE % finding.source if finding.source else "",
        )
        for finding in findings
    ]
    return _LIST % Markup("").join(rows) if rows else Markup("")
