from odoo import models
from odoo.tools import format_amount, format_date


class AccountDunningCase(models.Model):
    """What the core finds and advises, in words for the user."""

    _inherit = "account.dunning.case"

    def _get_finding_message(self, finding, facts):
        """Return a finding in words, with the invoices it concerns."""
        items = self.item_ids.browse(finding.keys)
        shown = ", ".join(dict.fromkeys(filter(None, items[:6].mapped("invoice_name"))))
        names = f"{shown}…" if len(items) > 6 else shown
        limits = [item.limit_on for item in self.item_ids if item.limit_on]
        credit = format_amount(self.env, float(facts.credits), self.currency_id)
        limit = format_date(self.env, min(limits)) if limits else ""
        missing = ", ".join(facts.missing)
        messages = {
            "certain": self.env._(
                "Certain: an order or a contract, and a proof of delivery, are there."
            ),
            "no_contract": self.env._("No order, signed quotation or contract is in the file."),
            "no_delivery": self.env._(
                "No signed delivery note or proof of performance is in the file."
            ),
            "liquid": self.env._(
                "Determined: each sum is known and no credit waits to be allocated."
            ),
            "nothing": self.env._("Nothing is claimed: choose the items."),
            "settled": self.env._("Nothing is left to pay on %(names)s: take it out.", names=names),
            "credits": self.env._(
                "Credits and payments of %(credit)s are not allocated: allocate them, or say why "
                "they do not concern this claim.",
                credit=credit,
            ),
            "currency": self.env._(
                "Not in euros: %(names)s. A court orders a sum in euros.", names=names
            ),
            "due": self.env._("Due: every due date has passed."),
            "not_due": self.env._("Not due yet: %(names)s. Take it out of the file.", names=names),
            "undisputed": self.env._("No dispute is open."),
            "disputed": self.env._(
                "A dispute is open on %(names)s: expect an opposition.", names=names
            ),
            "solvent": self.env._(
                "No insolvency proceedings are on record: check the BODACC of the day."
            ),
            "insolvent": self.env._(
                "Insolvency proceedings are open: actions for payment of %(names)s are stopped. "
                "Declare the claim.",
                names=names,
            ),
            "in_time": self.env._("Not time-barred: first limitation on %(limit)s.", limit=limit),
            "time_barred": self.env._(
                "The limitation of %(names)s has passed (%(limit)s): see how it was counted.",
                names=names,
                limit=limit,
            ),
            "limit_near": self.env._(
                "The limitation of %(names)s is near: %(limit)s. Filing does not interrupt it, the "
                "service of the order does.",
                names=names,
                limit=limit,
            ),
            "notice": self.env._("A formal notice was sent, its deadline has expired."),
            "no_notice": self.env._("No formal notice was sent for %(names)s.", names=names),
            "notice_running": self.env._(
                "The deadline of the formal notice still runs for %(names)s.", names=names
            ),
            "notice_unproven": self.env._(
                "No proof that the formal notice of %(names)s was received or refused.",
                names=names,
            ),
            "notice_old": self.env._(
                "The formal notice of %(names)s is older than 3 months: some judges want a recent "
                "one.",
                names=names,
            ),
            "professional": self.env._("The debtor is a professional: limitation of 5 years."),
            "consumer": self.env._(
                "The debtor is a consumer: 2 years to act, judicial court and its own form, no "
                "flat indemnity."
            ),
            "public": self.env._(
                "The debtor is a public body: no order to pay, the route is administrative."
            ),
            "regime_unknown": self.env._("The legal regime of the debtor is not confirmed."),
            "in_france": self.env._("The debtor is established in France."),
            "in_europe": self.env._(
                "The debtor is established in another country of the European Union: see the "
                "European order for payment (form A)."
            ),
            "abroad": self.env._(
                "The debtor is established abroad: the court is that of the debtor’s address."
            ),
            "in_case": self.env._("Already claimed in another file: %(names)s.", names=names),
            "mentions": self.env._(
                "Mentions of the request still missing: %(missing)s.", missing=missing
            ),
            "conciliation": self.env._(
                "5,000 euros at most before the judicial court: say which amicable steps were "
                "taken. Whether this applies to an order to pay is not settled."
            ),
        }
        return messages[finding.code]

    def _get_route_reasons(self):
        return {
            "order": self.env._(
                "Contractual cause and determined amount; no hearing unless the debtor opposes."
            ),
            "opposition_likely": self.env._("A dispute is open: an opposition is likely."),
            "merchant_unknown": self.env._(
                "It is not known whether the debtor owes as a merchant."
            ),
            "merchant": self.env._("Between merchants the commercial court is competent."),
            "not_merchant": self.env._("The debtor does not owe as a merchant."),
            "consumer": self.env._("The debtor is a consumer."),
            "not_consumer": self.env._("The debtor is not a consumer."),
            "credit_or_lease": self.env._("Only for a consumer credit or a lease."),
            "above_small": self.env._("Above 5,000 euros, principal and interest."),
            "between_merchants": self.env._(
                "For claims invoiced between merchants, this procedure is read as replaced by the "
                "law of 23 April 2026: check."
            ),
            "silence_refuses": self.env._(
                "By a commissaire de justice; the debtor’s silence for a month is a refusal, and "
                "the costs stay with the creditor."
            ),
            "adversarial": self.env._("A hearing, against a debtor who cannot seriously contest."),
            "quick": self.env._("Quick, and it interrupts the limitation."),
            "serious_dispute": self.env._("Only if the dispute is not serious."),
            "dispute_tried": self.env._("A dispute is open: the judge tries it."),
            "slow": self.env._("Slower and costlier: for what the other ways cannot decide."),
            "in_europe": self.env._(
                "The debtor is established in another country of the European Union."
            ),
            "abroad": self.env._("The debtor is established outside the European Union."),
            "in_france": self.env._("The debtor is established in France."),
            "public": self.env._("The debtor is a public body: administrative courts, no seizure."),
            "not_public": self.env._("The debtor is not a public body."),
            "insolvent": self.env._(
                "Insolvency proceedings are open: individual actions are stopped."
            ),
            "not_insolvent": self.env._("No insolvency proceedings are on record."),
            "only_merchants": self.env._("Only for claims invoiced between merchants."),
            "contested": self.env._("Any contestation ends this procedure."),
            "decree_to_check": self.env._(
                "Switched on by a manager. No implementing decree was found: check it on "
                "Légifrance with the commissaire de justice before using it."
            ),
        }
