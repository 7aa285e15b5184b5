"""What the examination of a court file finds, in words, by code (``core.claim``)."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# The invoices concerned are ``names``; ``credit``, ``limit`` and ``missing`` are facts of the file.
FINDINGS = {
    "certain": _lt("Certain: an order or a contract, and a proof of delivery, are there."),
    "no_contract": _lt("No order, signed quotation or contract is in the file."),
    "no_delivery": _lt("No signed delivery note or proof of performance is in the file."),
    "liquid": _lt("Determined: each sum is known and no credit waits to be allocated."),
    "nothing": _lt("Nothing is claimed: choose the items."),
    "settled": _lt("Nothing is left to pay on %(names)s: take it out."),
    "credits": _lt(
        "Credits and payments of %(credit)s are not allocated: allocate them, or say why "
        "they do not concern this claim.",
    ),
    "currency": _lt("Not in euros: %(names)s. A court orders a sum in euros."),
    "due": _lt("Due: every due date has passed."),
    "not_due": _lt("Not due yet: %(names)s. Take it out of the file."),
    "undisputed": _lt("No dispute is open."),
    "disputed": _lt("A dispute is open on %(names)s: expect an opposition."),
    "solvent": _lt("No insolvency proceedings are on record: check the BODACC of the day."),
    "insolvent": _lt(
        "Insolvency proceedings are open: actions for payment of %(names)s are stopped. "
        "Declare the claim.",
    ),
    "in_time": _lt("Not time-barred: first limitation on %(limit)s at the latest."),
    "time_barred": _lt(
        "The limitation of %(names)s has passed (%(limit)s at the latest): see how it was counted.",
    ),
    "limit_near": _lt(
        "The limitation of %(names)s is near: %(limit)s at the latest. Filing does not "
        "interrupt it, the "
        "service of the order does.",
    ),
    "notice": _lt("A formal notice was sent, its deadline has expired."),
    "no_notice": _lt("No formal notice was sent for %(names)s."),
    "notice_running": _lt("The deadline of the formal notice still runs for %(names)s."),
    "notice_unproven": _lt(
        "No proof that the formal notice of %(names)s was received or refused.",
    ),
    "notice_old": _lt(
        "The formal notice of %(names)s is older than 3 months: some judges want a recent one.",
    ),
    "professional": _lt("The debtor is a professional: limitation of 5 years."),
    "consumer": _lt(
        "The debtor is a consumer: 2 years to act, judicial court and its own form, no "
        "flat indemnity."
    ),
    "public": _lt("The debtor is a public body: no order to pay, the route is administrative."),
    "regime_unknown": _lt("The legal regime of the debtor is not confirmed."),
    "in_france": _lt("The debtor is established in France."),
    "in_europe": _lt(
        "The debtor is established in another country of the European Union. As a rule his own "
        "courts are competent, or those of the place of delivery or performance, or those that a "
        "clause names; a consumer is sued at home. See the European order for payment (form A) "
        "and, up to 5,000 euros of principal, the European small claims procedure."
    ),
    "in_denmark": _lt(
        "The debtor is established in Denmark: the European order for payment and the European "
        "small claims procedure do not bind it. The rules on competent courts do, by an agreement."
    ),
    "lawyer": _lt("Above 10,000 euros a lawyer is compulsory in this procedure."),
    "lawyer_opposition": _lt(
        "Above 10,000 euros: no lawyer for the request, but one is compulsory if the debtor "
        "opposes. Before the judicial court, he is appointed within 15 days of the notification "
        "of the opposition."
    ),
    "contribution": _lt(
        "Above 50,000 euros before an economic activities court: a contribution is due, from the "
        "filing on, by a claimant of 250 employees or more. Check whether this is your case."
    ),
    "abroad": _lt("The debtor is established abroad: the court is that of the debtor’s address."),
    "in_case": _lt("Already claimed in another file: %(names)s."),
    "mentions": _lt("Mentions of the request still missing: %(missing)s."),
    "conciliation": _lt(
        "5,000 euros at most before the judicial court: say which amicable steps were "
        "taken. Whether this applies to an order to pay is not settled."
    ),
}
