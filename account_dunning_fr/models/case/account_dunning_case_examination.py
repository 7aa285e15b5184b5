"""What the examination of a court file finds, in words, by code (``core.claim``)."""

from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.tools import LazyTranslate, format_amount, format_date

from ...core.claim import Facts, Item, Notice, RouteFacts
from ...core.eligibility import examine
from ...core.route import advise
from ..common.due import RECEIVABLE_ITEMS
from ..hold.account_dunning_hold import DISPUTES

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


class AccountDunningCase(models.Model):
    """What speaks for and against the file: the facts gathered, the core's findings in words."""

    _inherit = "account.dunning.case"

    finding_ids = fields.One2many("account.dunning.case.finding", "case_id", string="Examination")
    open_finding_count = fields.Integer(compute="_compute_open_finding_count")
    advice_html = fields.Html(
        string="Routes", compute="_compute_advice_html", sanitize=False, readonly=True
    )

    @api.depends("finding_ids.level", "finding_ids.reason")
    def _compute_open_finding_count(self):
        for case in self:
            case.open_finding_count = len(case.finding_ids.filtered("is_open"))

    @api.depends("item_ids", "merchant", "partner_id", "imputation", "date")
    @api.depends_context("lang")
    def _compute_advice_html(self):
        for case in self:
            case.advice_html = self.env["ir.qweb"]._render(
                "account_dunning_fr.case_advice", {"advices": case._get_advices()}
            )

    # -- Facts -----------------------------------------------------------------------------------

    def _get_formal_notices(self):
        """Return the last formal notice that claimed each item of the file.

        :return: ``{item id: account.dunning.notice}``
        """
        self.ensure_one()
        lines = self.env["account.dunning.notice.line"].search(
            [
                ("move_line_id", "in", self.item_ids.move_line_id.ids),
                ("state", "=", "sent"),
                ("notice_id.has_left", "=", True),
                ("claimed", "=", True),
                ("notice_id.kind", "=", "formal_notice"),
                ("notice_id.partner_id", "child_of", self.partner_id.ids),  # addressed to him
            ]
        )
        return {
            line.move_line_id.id: line.notice_id
            for line in lines.sorted(lambda line: (line.notice_id.date, line.id))
        }

    def _get_facts(self):
        """Return the facts that the core examines; a handful of queries, whatever the items."""
        self.ensure_one()
        lines = self.item_ids.move_line_id
        notices = self._get_formal_notices()
        proven = self._get_proven_notices()
        disputed = self._get_disputed_lines()
        frozen = self.env["account.dunning.accrual"]._get_opening_judgments(lines)
        others = self._get_lines_in_other_cases()
        euro = self.env["res.currency"]._get_dunning_euro()
        ready = set(self.piece_ids.filtered(lambda p: p.state == "ready").mapped("category"))
        items = tuple(
            Item(
                key=item.id,
                due=item.date_maturity,
                left=Decimal(str(item.amount_left)),
                limit=item.limit_on or None,
                in_case=item.move_line_id in others,
                disputed=item.move_line_id in disputed,
                frozen=item.move_line_id.id in frozen,
                in_euros=item.currency_id == euro,
                notice=self._get_notice_fact(notices.get(item.move_line_id.id), proven),
            )
            for item in self.item_ids
        )
        return Facts(
            on=self.date,
            items=items,
            regime=self.partner_id.sudo().dunning_regime or None,
            place=self._get_debtor_place(),
            contract="order" in ready,
            delivery="delivery" in ready,
            credits=self._get_unallocated_credits(),
            missing=tuple(self._get_missing_mentions()),
            commercial=self._is_commercial(),
            activities=self.court_id.kind == "tae",
            route=self.route or None,
        )

    @api.model
    def _get_notice_fact(self, notice, proven):
        return (notice and Notice(notice.date, notice.deadline or None, notice in proven)) or None

    def _get_proven_notices(self):
        """Return the notices of which a proof of receipt or refusal is among the pieces."""
        self.ensure_one()
        return self.piece_ids.filtered(
            lambda piece: piece.state == "ready" and piece.proves_receipt
        ).notice_id

    def _get_disputed_lines(self):
        """Return the items of the file under a dispute that is open."""
        holds = self.env["account.dunning.hold"].search(
            [
                ("partner_id", "in", (self.partner_id | self.move_ids.partner_id).ids),
                ("reason", "in", DISPUTES),
                ("is_current", "=", True),
            ]
        )
        lines = self.item_ids.move_line_id
        return lines.filtered(
            lambda line: any(
                (
                    hold.partner_id in (self.partner_id | line.move_id.partner_id)
                    and not hold.move_id
                )
                or (
                    hold.move_id == line.move_id
                    and (not hold.move_line_id or hold.move_line_id == line)
                )
                for hold in holds
            )
        )

    def _get_lines_in_other_cases(self):
        lines = self.item_ids.move_line_id
        others = (
            self.env["account.dunning.case.item"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", lines.ids),
                    ("is_live", "=", True),
                    ("case_id", "not in", self.ids),
                ]
            )
        )
        return others.move_line_id

    def _get_unallocated_credits(self):
        """Return what the debtor has in credits and payments not yet allocated, in euros.

        What may be his payment counts: it is to be identified before a court is asked.
        """
        plan = self.env["account.dunning.plan"].sudo()
        return plan._get_credit_value(self.company_id, self.partner_id)

    def _get_credits_domain(self):
        return [
            ("partner_id", "child_of", self.partner_id.ids),
            ("company_id", "in", self.company_id._get_dunning_companies().ids),
            *RECEIVABLE_ITEMS,
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", "<", 0),
        ]

    def _get_missing_mentions(self):
        """Return the mentions of the request that nothing on file can fill (CPC 54 and 57)."""
        self.ensure_one()
        company, partner = self.company_id, self.partner_id
        mentions = [
            (company.dunning_legal_form, self.env._("legal form of the creditor")),
            (company.dunning_representative, self.env._("who represents the creditor")),
            (
                company.street and company.zip and company.city,
                self.env._("registered office of the creditor"),
            ),
            (company.partner_id._get_dunning_siren(), self.env._("SIREN of the creditor")),
            (
                partner.street and partner.zip and partner.city,
                self.env._("registered office or domicile of the debtor"),
            ),
            (
                partner._get_dunning_siren()
                or partner.sudo().dunning_siren_wrong
                or not (partner.is_company and partner._is_dunning_french()),
                self.env._("SIREN of the debtor"),
            ),
            (
                not partner.sudo().dunning_siren_wrong,
                self.env._("SIREN of the debtor: the check digits of a number are wrong"),
            ),
            (self.court_id or not self.is_order, self.env._("court")),
            (self.ground, self.env._("ground of the claim")),
        ]
        return [label for value, label in mentions if not value]

    # -- Findings --------------------------------------------------------------------------------

    def action_examine(self):
        """Examine the file again on today's facts; what was accepted stays accepted."""
        self.check_access("read")
        self.env["account.dunning.case.piece"].check_access("write")  # billing prepares files
        for case in self.sudo():
            case._examine()

    def _examine(self):
        """Write the findings of today; a reason given before is kept as long as its point is."""
        self.ensure_one()
        facts = self._get_facts()
        known = {finding.code: finding for finding in self.finding_ids}
        current = []
        for sequence, finding in enumerate(examine(facts)):
            current.append(finding.code)
            vals = {
                "sequence": sequence,
                "code": finding.code,
                "level": finding.level,
                "message": self._get_finding_message(finding, facts),
                "source": finding.source,
                "item_ids": [Command.set(finding.keys)],
            }
            old = known.get(finding.code)
            if old:
                old.write(vals)
            else:
                self.env["account.dunning.case.finding"].create({"case_id": self.id, **vals})
        self.finding_ids.filtered(lambda finding: finding.code not in current).unlink()

    # -- Routes ----------------------------------------------------------------------------------

    def _get_advices(self):
        """Return the routes with their standing and their reasons, in words."""
        self.ensure_one()
        labels = dict(self._fields["route"]._description_selection(self.env))
        reasons = self._get_route_reasons()
        frozen = self.env["account.dunning.accrual"]._get_opening_judgments(
            self.item_ids.move_line_id
        )
        facts = RouteFacts(
            regime=self.partner_id.sudo().dunning_regime or None,
            merchant={"yes": True, "no": False}.get(self.merchant),
            total=Decimal(str(self.amount_total)),
            place=self._get_debtor_place(),
            insolvent=bool(frozen),
            disputed=bool(self._get_disputed_lines()),
            uncontested=self.company_id.dunning_uncontested,
            principal=Decimal(str(self.amount_principal)),
        )
        return [
            {
                "route": advice.route,
                "label": labels[advice.route],
                "standing": advice.standing,
                "reason": " ".join(reasons[code] for code in advice.reasons),
                "source": advice.source,
            }
            for advice in advise(facts)
        ]

    def action_take_advised_route(self):
        """Take the route advised, where there is one."""
        self._check_manage()
        for case in self:
            advised = [a["route"] for a in case._get_advices() if a["standing"] == "advised"]
            case.route = advised[0] if advised else False

    # -- What the core finds and advises, in words for the user ------------------------------------

    def _get_finding_message(self, finding, facts):
        """Return a finding in words, with the invoices it concerns."""
        items = self.item_ids.browse(finding.keys)
        shown = ", ".join(dict.fromkeys(filter(None, items[:6].mapped("invoice_name"))))
        limits = [item.limit_on for item in self.item_ids if item.limit_on]
        sentence = self.env._(FINDINGS[finding.code])
        return sentence % {
            "names": f"{shown}…" if len(items) > 6 else shown,
            "credit": format_amount(self.env, float(facts.credits), self.currency_id),
            "limit": format_date(self.env, min(limits)) if limits else "",
            "missing": ", ".join(facts.missing),
        }

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
            "in_denmark": self.env._(
                "The debtor is established in Denmark: these European procedures do not bind it."
            ),
            "brussels": self.env._(
                "Before his own courts, those of the place of delivery or performance, or those "
                "that a clause names; a consumer is sued at home."
            ),
            "above_european": self.env._("Above 5,000 euros without interest and costs."),
            "written": self.env._("In writing, on a form, without a lawyer."),
            "lawyer": self.env._("A lawyer is compulsory above 10,000 euros."),
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
