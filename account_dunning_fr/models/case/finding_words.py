"""Findings and advice of the examination of a court file, in words, by code (``core.claim``)."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# ``names`` are the invoices concerned; ``credit``, ``owed``, ``limit`` and ``missing`` are facts.
FINDINGS = {
    "certain": _lt("Certain: an order or a contract, and a proof of delivery, are there."),
    "no_contract": _lt("No order, signed quotation or contract is in the file."),
    "no_delivery": _lt("No signed delivery note or proof of performance is in the file."),
    "liquid": _lt("Determined: each sum is known and no credit waits to be allocated."),
    "nothing": _lt("Nothing is claimed: choose the items."),
    "settled": _lt("Nothing is left to pay on %(names)s: take it out."),
    "unposted": _lt(
        "No longer posted in the books: %(names)s. Post it again, or take it out of the file."
    ),
    "other_customer": _lt("Another customer’s in the books: %(names)s. Take it out of the file."),
    "credits": _lt(
        "Credits and payments of %(credit)s are not allocated: allocate them, or say why "
        "they do not concern this claim.",
    ),
    "set_off": _lt(
        "You owe the debtor %(owed)s as your supplier: he may set it off against this claim. "
        "Record the set-off, or say why it does not apply.",
    ),
    "currency": _lt("Not in euros: %(names)s. A court orders a sum in euros."),
    "due": _lt("Due: every due date has passed."),
    "not_due": _lt("Not due yet: %(names)s. Take it out of the file."),
    "undisputed": _lt("No dispute is open."),
    "disputed": _lt("A dispute is open on %(names)s."),
    "solvent": _lt("No insolvency proceedings are on record: check the BODACC of the day."),
    "insolvent": _lt(
        "Insolvency proceedings are open: actions for payment of %(names)s are stopped. "
        "Declare the claim.",
    ),
    "liquidated": _lt(
        "A liquidation of the debtor, opened after %(names)s, was closed. If it was for "
        "insufficient assets, creditors do not have their individual actions back, but for the "
        "exceptions of the law, and an order to pay is not open to them: read the judgment."
    ),
    "in_time": _lt("Not time-barred: first limitation on %(limit)s at the latest."),
    "time_barred": _lt(
        "The limitation of %(names)s has passed (%(limit)s at the latest): see how it was counted.",
    ),
    "limit_near": _lt(
        "The limitation of %(names)s is near: %(limit)s at the latest. No letter interrupts it, "
        "nor a formal notice: an acknowledgement by the debtor does, a claim before a judge, or an "
        "act of execution."
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
    "public": _lt(
        "The debtor is a public body: no order to pay, no seizure. Choose the administrative "
        "route: a written demand for payment, then the administrative court, by an interim "
        "payment (référé-provision) where the debt cannot seriously be contested; what it orders "
        "is paid by the prefect if need be (mandatement d’office)."
    ),
    "public_route": _lt(
        "The debtor is a public body: before the administrative court, it is asked for payment in "
        "writing. Where the debt cannot seriously be contested, the judge grants an interim "
        "payment (référé-provision); what he orders is paid by the prefect if need be (mandatement "
        "d’office), never by a seizure."
    ),
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
    "route_closed": _lt("The route chosen is closed here – %(route)s: %(why)s Choose another one."),
    "court_kind": _lt(
        "The court chosen, %(court)s, is of the wrong kind for this route: %(courts)s."
    ),
    "court_place": _lt(
        "The court chosen, %(court)s, is not that of the place of the debtor: %(courts)s."
    ),
    "decree": _lt("Switched on by a manager, who read that the procedure is in force: %(decree)s."),
    "no_decree": _lt(
        "The procedure for uncontested claims is not switched on: in the settings, type the decree "
        "that is in force, or choose another way."
    ),
    "traders": _lt(
        "Invoiced between traders: check the status of both parties. Artisans and liberal "
        "professions are not assumed to be covered."
    ),
    "traders_unknown": _lt(
        "It is not known whether the debtor is a trader, and only traders are covered: check it."
    ),
    "not_traders": _lt("Only for claims invoiced between traders: choose another way."),
    "invoiced": _lt("Each item was invoiced."),
    "not_invoiced": _lt("Without an invoice: %(names)s. Take it out, or choose another way."),
    "contested": _lt(
        "A dispute is open on %(names)s: any contestation ends this procedure, choose another way."
    ),
}

# The words that a finding has on some routes, by what ``core.chosen_route.words_of`` says of them.
FINDINGS_BY_ROUTE = {
    "limit_near": {
        "order": _lt(
            "The limitation of %(names)s is near: %(limit)s at the latest. Filing does not "
            "interrupt it, the service of the order does."
        ),
        "claim": _lt(
            "The limitation of %(names)s is near: %(limit)s at the latest. The claim brought "
            "before the judge interrupts it, even for an interim payment: a summons, once it is "
            "served."
        ),
        "apart": _lt(
            "The limitation of %(names)s is near: %(limit)s at the latest. Nothing done on this "
            "route is counted as interrupting it: an acknowledgement by the debtor does, a claim "
            "before a judge, or an act of execution."
        ),
        "public": _lt(
            "The limitation of %(names)s is near: %(limit)s at the latest. The claim brought "
            "before the court interrupts it; what a written demand to the public body does is "
            "not counted here: check it."
        ),
        "declaration": _lt(
            "The limitation of %(names)s is near: %(limit)s at the latest. The declaration of "
            "the claim interrupts it."
        ),
        "uncontested": _lt(
            "The limitation of %(names)s is near: %(limit)s at the latest. Whether the "
            "commandement interrupts it was read in no text, and is not counted: check it with "
            "the commissaire de justice."
        ),
    },
    "disputed": {
        "order": _lt("A dispute is open on %(names)s: expect an opposition."),
        "claim": _lt("A dispute is open on %(names)s: the judge tries it."),
        "apart": _lt(
            "A dispute is open on %(names)s: settle it first, or tell whoever has the claim in "
            "hand."
        ),
        "public": _lt(
            "A dispute is open on %(names)s: an interim payment is granted only where the debt "
            "cannot seriously be contested."
        ),
        "declaration": _lt(
            "A dispute is open on %(names)s: the claim is declared in full all the same, and may "
            "be contested there."
        ),
    },
    "conciliation": {
        "claim": _lt(
            "5,000 euros at most before the judicial court: an attempt to settle comes first, or "
            "the judge may refuse to hear the claim. Say which amicable steps were taken."
        ),
    },
    "mentions": {
        "claim": _lt("Mentions of the parties still missing: %(missing)s."),
    },
}

# Why a route is advised, possible or closed (``core.route``).
ROUTE_REASONS = {
    "order": _lt("Contractual cause and determined amount; no hearing unless the debtor opposes."),
    "opposition_likely": _lt("A dispute is open: an opposition is likely."),
    "after_liquidation": _lt(
        "A liquidation of the debtor was closed: if it was for insufficient assets, an order to "
        "pay is not open."
    ),
    "merchant_unknown": _lt("It is not known whether the debtor owes as a merchant."),
    "merchant": _lt("Between merchants the commercial court is competent."),
    "not_merchant": _lt("The debtor does not owe as a merchant."),
    "consumer": _lt("The debtor is a consumer."),
    "not_consumer": _lt("The debtor is not a consumer."),
    "credit_or_lease": _lt("Only for a consumer credit or a lease."),
    "above_small": _lt("Above 5,000 euros, principal and interest."),
    "between_merchants": _lt(
        "For claims invoiced between merchants, this procedure is read as replaced by the "
        "law of 23 April 2026: check."
    ),
    "silence_refuses": _lt(
        "By a commissaire de justice; the debtor’s silence for a month is a refusal, and "
        "the costs stay with the creditor."
    ),
    "adversarial": _lt("A hearing, against a debtor who cannot seriously contest."),
    "quick": _lt("Quick, and it interrupts the limitation."),
    "serious_dispute": _lt("Only if the dispute is not serious."),
    "dispute_tried": _lt("A dispute is open: the judge tries it."),
    "slow": _lt("Slower and costlier: for what the other ways cannot decide."),
    "in_europe": _lt("The debtor is established in another country of the European Union."),
    "in_denmark": _lt(
        "The debtor is established in Denmark: these European procedures do not bind it."
    ),
    "brussels": _lt(
        "Before his own courts, those of the place of delivery or performance, or those "
        "that a clause names; a consumer is sued at home."
    ),
    "above_european": _lt("Above 5,000 euros without interest and costs."),
    "written": _lt("In writing, on a form, without a lawyer."),
    "lawyer": _lt("A lawyer is compulsory above 10,000 euros."),
    "abroad": _lt("The debtor is established outside the European Union."),
    "in_france": _lt("The debtor is established in France."),
    "public": _lt(
        "The debtor is a public body: administrative court, no seizure; the prefect has paid what "
        "it orders."
    ),
    "not_public": _lt("The debtor is not a public body."),
    "insolvent": _lt("Insolvency proceedings are open: individual actions are stopped."),
    "not_insolvent": _lt("No insolvency proceedings are on record."),
    "only_merchants": _lt("Only for claims invoiced between merchants."),
    "contested": _lt("Any contestation ends this procedure."),
    "decree_to_check": _lt(
        "Switched on by a manager. No implementing decree was found: check it on "
        "Légifrance with the commissaire de justice before using it."
    ),
    "prior_attempt": _lt(
        "Before a judicial court, up to 5,000 euros, an attempt to settle comes first: mediation, "
        "conciliation or a participatory procedure."
    ),
    "amicable": _lt("Amicable only: an agency writes and calls, it gets no title."),
    "costs_stay": _lt(
        "Against a consumer the costs of amicable recovery stay with the creditor, and are not "
        "asked of him."
    ),
    "dispute_settled_first": _lt("A dispute is open: settle it first, or tell the agency."),
    "insured": _lt("The claim is covered: what to tell the insurer, and when, is in the contract."),
    "dispute_insured": _lt(
        "A dispute is open: many contracts do not cover a disputed claim, see yours."
    ),
}

# Whether a route needs a lawyer (``core.representation.lawyer_need``).
LAWYER = {
    "no": _lt("None is compulsory."),
    "yes": _lt("Compulsory above 10,000 euros, as here."),
    "if_opposed": _lt(
        "None for the request; above 10,000 euros, as here, one if the debtor opposes."
    ),
    "check": _lt("Whether one is compulsory depends on the rules of that procedure."),
}

# What a route requires, and what an opposition leads to (``core.filing``).
ROUTE_POINTS = {
    "request": _lt(
        "The creditor, or any agent, files the request at the registry of the court of the "
        "debtor’s place, with its breakdown and the list of the pieces."
    ),
    "form_commercial": _lt("Form Cerfa 12946 may be used: see which version is in force."),
    "form_judicial": _lt("Form Cerfa 12948 may be used: see which version is in force."),
    "form_protection": _lt("Form Cerfa 16040 may be used: see which version is in force."),
    "fees": _lt("The fees of the registry are deposited within 15 days, else the request lapses."),
    "served": _lt(
        "A commissaire de justice serves the order within 3 months of its date, 6 for one made "
        "before 1 September 2026."
    ),
    "commissaire": _lt(
        "The creditor asks a commissaire de justice of the debtor’s court of appeal, who invites "
        "the debtor to agree."
    ),
    "summoned": _lt("A commissaire de justice serves a summons on the debtor."),
    "contribution": _lt(
        "Before a judicial court a contribution is due by who sues; an order to pay is said to be "
        "exempt."
    ),
    "form_a": _lt("On form A of the European order for payment."),
    "european_form": _lt("In writing, on the form of the regulation."),
    "public_invoice": _lt(
        "See that the invoice was received, on Chorus Pro as a rule: the period for payment runs "
        "from there."
    ),
    "public_claim": _lt(
        "The public body is asked for payment in writing, with proof of receipt: without its "
        "decision, or its silence for two months, the court does not look at the claim."
    ),
    "public_interim": _lt(
        "Then the administrative court: the judge grants an interim payment (référé-provision) "
        "where the debt cannot seriously be contested; else it is asked for on the merits."
    ),
    "public_expense": _lt(
        "Against a local authority, without a court: the regional chamber of accounts says that "
        "the expense is compulsory, and the prefect has it paid (mandatement d’office)."
    ),
    "public_paid": _lt(
        "Its assets cannot be seized. A sum that a final decision fixes is paid within two months; "
        "else the prefect, or the body’s supervisor, has it paid (mandatement d’office), the "
        "accountant of the State where the State owes it."
    ),
    "declared": _lt(
        "The creditor declares his claim to the representative of the creditors, within two "
        "months of the publication in the BODACC."
    ),
    "commandement": _lt(
        "A commissaire de justice serves an order to pay: one month to pay or to contest, then "
        "8 days at the earliest before the record that nobody contested, which the registry of "
        "the commercial court makes enforceable."
    ),
    "record_served": _lt("The enforceable record is served within 6 months."),
    "silence": _lt("His silence for a month is a refusal: another way is taken."),
    "contest_ends": _lt(
        "Any contestation ends the procedure: an order to pay can then be asked for, with the "
        "same sums."
    ),
    "opposed": _lt(
        "Within one month of the service, before the same court: the claim is then tried at a "
        "hearing."
    ),
    "opposed_fees": _lt(
        "The creditor deposits the fees within 15 days of the registry’s invitation, else his "
        "demand lapses."
    ),
    "opposed_lawyer": _lt(
        "The creditor appoints a lawyer within 15 days of the notification of the opposition, else "
        "the proceedings end."
    ),
    "act_of_service": _lt("The creditor communicates the act of service before the hearing."),
    "attempt": _lt(
        "Either party asks a conciliator of justice, free of charge, or a mediator, before the "
        "court is seized."
    ),
    "attempt_order": _lt("Whether an order to pay asks for it is not settled."),
    "attempt_kept": _lt(
        "Without an agreement, keep the proof of the attempt: the request or the summons tells the "
        "steps taken."
    ),
    "convention": _lt(
        "The creditor signs a convention with the agency: the sums and what they are made of, its "
        "pay, how the money comes back, and its power to receive it."
    ),
    "agency_letter": _lt("The agency writes to the debtor what the law lists."),
    "no_title": _lt(
        "It gives no title: if the debtor contests or does not answer, the claim comes back and "
        "another way is taken."
    ),
    "insurer_told": _lt(
        "The creditor tells the insurer within the periods of the contract, with the pieces that "
        "it lists."
    ),
    "insurer_disputed": _lt("The claim comes back until the dispute is settled: see the contract."),
    "european_opposed": _lt(
        "The case goes on before the courts of the state where the order was asked for."
    ),
    "european_contested": _lt("The court goes on with what the debtor answers in writing."),
}
