from odoo import api, fields, models
from odoo.tools import format_date

from ...core.clocks import LEADS
from ...core.insolvency_clocks import ProceedingsDates, running
from ...core.insolvency_clocks import clocks as all_clocks
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from .account_dunning_insolvency_step import ADMITTED, LIQUIDATION
from .res_partner import CLOSED_LIQUIDATION, UNDER_WAY

TODO = "mail.mail_activity_data_todo"
OPEN, DECLARED = "open", "declared"
DATES = "create open declared"  # while the proceedings are under way
# The steps that decide about the claim, and those that end the observation period.
ON_THE_CLAIM = {"contested", "answered", ADMITTED, "rejected"}
ENDS_OBSERVATION = ("plan", LIQUIDATION, "observation")
LATER_LEAD = LEADS[0]  # days; earlier than that, the year of L. 622-17 is not shown every day


class AccountDunningInsolvencyCourse(models.AbstractModel):
    """The course of insolvency proceedings: standing of the claim, running clocks, pending tasks.

    ``liquidation_on`` is the day of the judgment of liquidation, whether at the opening or by
    conversion. Everything that begins with a liquidation (VAT, loss) reads this field, on
    proceedings that are not cancelled.
    """

    _name = "account.dunning.insolvency.course"
    _inherit = ["account.dunning.guarded"]
    _description = "Course of Insolvency Proceedings"

    euro_id = fields.Many2one("res.currency", compute="_compute_euro_id")
    step_ids = fields.One2many(
        "account.dunning.insolvency.step", "insolvency_id", string="Steps", copy=False
    )
    amount_declared = fields.Monetary(
        string="Amount declared",
        currency_field="euro_id",
        copy=False,
        tracking=True,
        help="The total of the declaration as it was sent, in euros.",
        writer=DATES,
    )
    amount_admitted = fields.Monetary(
        string="Amount admitted", currency_field="euro_id", compute="_compute_claim", store=True
    )
    claim_state = fields.Selection(
        [
            ("to_declare", "To declare"),
            ("declared", "Declared"),
            ("contested", "Claim contested"),
            ("answered", "Contestation answered"),
            (ADMITTED, "Admitted"),
            ("partly", "Admitted in part"),
            ("rejected", "Not admitted"),
        ],
        string="Our claim",
        compute="_compute_claim",
        store=True,
        tracking=True,
    )
    plan_on = fields.Date(string="Plan adopted on", compute="_compute_judgments", store=True)
    liquidation_on = fields.Date(
        string="Liquidation since",
        compute="_compute_judgments",
        store=True,
        index="btree_not_null",
        tracking=True,
        help="Judgment of liquidation: of the opening, or of the conversion.",
    )
    next_term_on = fields.Date(string="Next term", compute="_compute_clocks")
    clocks_html = fields.Html(
        string="Clocks", compute="_compute_clocks", sanitize=False, readonly=True
    )

    closing_note = fields.Char(compute="_compute_closing_note")

    @api.depends("state", "liquidation_on")
    @api.depends_context("lang")
    def _compute_closing_note(self):
        """What the law leaves of the claim, once a liquidation is closed."""
        closed = self.filtered_domain(CLOSED_LIQUIDATION)
        closed.closing_note = closed and closed._explain_closed_liquidation()
        (self - closed).closing_note = False

    def _compute_euro_id(self):
        self.euro_id = self.env["res.currency"]._get_dunning_euro()

    @api.depends(
        "step_ids.kind", "step_ids.date", "step_ids.amount", "declared_on", "amount_declared"
    )
    def _compute_claim(self):
        for record in self:
            steps = record._get_steps().filtered(lambda step: step.kind in ON_THE_CLAIM)
            last = steps[-1:].kind
            admitted = steps.filtered(lambda step: step.kind == ADMITTED)[-1:].amount
            partly = last == ADMITTED and admitted < record.amount_declared
            known = last or ("declared" if record.declared_on else "to_declare")
            record.claim_state = "partly" if partly else known
            record.amount_admitted = admitted if last != "rejected" else 0.0

    @api.depends("step_ids.kind", "step_ids.date", "kind", "date_opening")
    def _compute_judgments(self):
        for record in self:
            days = record._get_days()
            record.plan_on = days.get("plan")
            opened = record.date_opening if record.kind == LIQUIDATION else False
            record.liquidation_on = opened or days.get(LIQUIDATION)

    @api.depends(
        "date_published",
        "creditor_abroad",
        "step_ids.kind",
        "step_ids.date",
        "declared_on",
        "state",
        "retention_of_title",
        "good_ids.claimed",
    )
    @api.depends_context("lang")
    def _compute_clocks(self):
        today = creditors_day(self)
        for record in self:
            found = all_clocks(record._get_proceedings_dates())
            under_way = record.state in UNDER_WAY
            ours = [c for c in found if under_way and c.deadline.ours and not c.done_on]
            record.next_term_on = min((c.deadline.prudent for c in ours), default=False)
            record.clocks_html = self.env["ir.qweb"]._render(
                "account_dunning_fr.insolvency_clocks",
                {"rows": [record._prepare_clock(clock, today) for clock in found]},
            )

    # -- What happened -----------------------------------------------------------------------------

    def _get_steps(self):
        """Return the steps in the order in which they happened."""
        self.ensure_one()
        dated = self.step_ids.filtered("date")
        return dated.sorted(lambda step: (step.date, step._origin.id or 0))

    def _get_days(self):
        """Return the day of the last step of each kind, by kind."""
        return {step.kind: step.date for step in self._get_steps()}

    def _get_proceedings_dates(self):
        """Return the events as the core needs them for its clocks (``ProceedingsDates``)."""
        self.ensure_one()
        days = self._get_days()
        contested = days.get("contested")
        settled = [days.get(kind) for kind in ("answered", ADMITTED, "rejected")]
        ends = [days[kind] for kind in ENDS_OBSERVATION if days.get(kind)]
        return ProceedingsDates(
            published_on=self.date_published or None,
            abroad=self.creditor_abroad,
            declared_on=self.declared_on if self.state != OPEN else None,
            relief_on=days.get("relief"),
            goods=self._claims_goods(),
            asked_on=days.get("goods_asked"),
            refused_on=days.get("goods_refused"),
            settled_on=days.get("goods_agreed"),
            judge_on=days.get("goods_judge"),
            contested_on=contested,
            answered_on=min(
                (on for on in settled if contested and on and on >= contested), default=None
            ),
            observed_until=min(ends, default=None),
            later=bool(ends and self._get_later_items()),
            told_on=days.get("later"),
        )

    # -- Clocks and to-dos -------------------------------------------------------------------------

    def _get_clock_labels(self):
        """Return what each clock asks for, in a few words, by kind of clock."""
        return {
            "declaration": self.env._("Declare the claim"),
            "relief": self.env._("Ask for relief: the claim was not declared in time"),
            "retention": self.env._("Claim the goods under retention of title"),
            "retention_answer": self.env._("Answer of the administrator on the goods"),
            "retention_judge": self.env._("Ask the juge-commissaire for the goods"),
            "contestation": self.env._("Answer the contestation of the claim"),
            "later": self.env._("Tell the representative what is unpaid since the judgment"),
        }

    def _prepare_clock(self, clock, today):
        """Return a clock as shown on the form."""
        deadline = clock.deadline
        return {
            "label": self._get_clock_labels()[clock.kind],
            "day": format_date(self.env, deadline.prudent),
            "left": False if clock.done_on else (deadline.prudent - today).days,
            "done": clock.done_on and format_date(self.env, clock.done_on),
            "ours": deadline.ours,
            "source": deadline.source,
            "to_check": clock.to_check,
        }

    def _get_pressing_clocks(self, today):
        """Return the pending tasks of these proceedings, the most urgent first.

        The declaration is shown elsewhere while it has not been sent; relief is only for those who
        missed it.
        """
        self.ensure_one()
        found = []
        for clock in running(self._get_proceedings_dates()):
            left = (clock.deadline.prudent - today).days
            missed = clock.kind == "relief" and not self._missed_declaration(today)
            quiet = clock.kind == "later" and left > LATER_LEAD
            if clock.deadline.ours and clock.kind != "declaration" and not missed and not quiet:
                found.append(clock)
        return found

    def _get_acts(self, today):
        """Return the pending tasks of these proceedings, as ``(what, by when and why)``."""
        self.ensure_one()
        labels = self._get_clock_labels()
        acts = [
            (labels[clock.kind], self._explain_clock(clock))
            for clock in self._get_pressing_clocks(today)
        ]
        for line in self._get_missed_dividends(today):
            expected = self.env._("expected on %s", format_date(self.env, line.date))
            acts.append((self.env._("Dividend not received"), expected))
        return acts

    def _explain_clock(self, clock):
        """Return until when a clock runs, under which article, and whether that is verified."""
        words = {"day": format_date(self.env, clock.deadline.prudent), "law": clock.deadline.source}
        if clock.to_check:
            return self.env._("by %(day)s (%(law)s, to check)", **words)
        return self.env._("by %(day)s (%(law)s)", **words)

    def _missed_declaration(self, today):
        return bool(self.date_deadline and (self.declared_on or today) > self.date_deadline)

    def _get_wanted_todos(self):
        """Return the activities required, in the creditor's language: {what: last day}."""
        self.ensure_one()
        today = creditors_day(self)
        if self.state not in UNDER_WAY:
            summary = self._get_liquidation_summary()  # as long as nobody has done it
            asked = self.activity_ids.filtered(lambda activity: activity.summary == summary)
            return {summary: asked[0].date_deadline} if asked else {}
        if self.to_confirm:
            return {
                self.env._("Confirm the proceedings found in the BODACC, or cancel them"): today
            }
        labels = self._get_clock_labels()
        wanted = {
            labels[clock.kind]: clock.deadline.prudent
            for clock in self._get_pressing_clocks(today)
            if clock.kind != "later"
        }
        if self.state == OPEN and self.date_deadline:
            wanted[labels["declaration"]] = self.date_deadline
        elif self.state == OPEN:
            look = self.env._("Look for the publication in the BODACC, then declare the claim")
            wanted[look] = today
        return wanted | self._get_dividend_todo(today)

    def _sync_todos(self, *, done=False):
        """Keep exactly the activities that the proceedings require; those of users are not touched.

        :param bool done: whether activities that are no longer required were done, and are marked
            as such
        """
        for record in self:
            speaking = record._in_dunning_lang().with_context(mail_activity_quick_update=True)
            wanted = speaking._get_wanted_todos()
            user = record.user_id.id or self.env.uid
            todo = self.env.ref(TODO)
            for activity in speaking.activity_ids.filtered("automated"):
                if activity.activity_type_id != todo:
                    continue
                same = activity.user_id.id == user and activity.date_deadline
                if same and wanted.get(activity.summary) == same:
                    del wanted[activity.summary]
                elif done and activity.summary not in wanted:
                    activity.sudo().action_feedback()
                else:
                    activity.sudo().unlink()
            for summary, day in wanted.items():
                speaking.activity_schedule(TODO, date_deadline=day, user_id=user, summary=summary)

    # -- After the closing of a liquidation --------------------------------------------------------

    @api.model
    def _get_liquidated(self, creditor, items):
        """Return the items that arose before a liquidation which was closed since.

        :param creditor: ``res.company``
        :param items: ``account.move.line``
        """
        records = self.sudo().search(
            [
                ("company_id", "=", creditor.id),
                ("partner_id", "in", items.partner_id.commercial_partner_id.ids),
                *CLOSED_LIQUIDATION,
            ]
        )
        last = {}
        for record in records:
            opened = last.get(record.partner_id, record.date_opening)
            last[record.partner_id] = max(opened, record.date_opening)
        return items.filtered(
            lambda item: (
                (opened := last.get(item.partner_id.commercial_partner_id))
                and (item.move_id.invoice_date or item.date) < opened
            )
        )

    def _explain_closed_liquidation(self):
        """Return what the closing of a liquidation leaves of the claim; a person decides."""
        return self.env._(
            "Closed for insufficient assets, a liquidation does not give creditors back the "
            "individual exercise of their actions against the debtor (C. com. L. 643-11 I). "
            "Exceptions: goods of an inheritance opened during the liquidation, a claim born of an "
            "offence of which the debtor was found guilty or attached to the person of the "
            "creditor (I 1° and 2°); faillite personnelle, banqueroute, an earlier liquidation "
            "closed for insufficient assets less than five years before the opening, territorial "
            "proceedings (III); fraud against a creditor, where the court authorises it (IV, to "
            "check). Who has his action back asks the president of the court for a title, not for "
            "an order to pay (R. 643-20). Closed because the debts are paid, it is another matter: "
            "read the judgment. A person decides whether what is left is chased, or booked as a "
            "loss."
        )

    def _tell_closed_liquidation(self):
        """Tell what the closing leaves, and keep it on hold until a person decides about it."""
        for record in self.filtered("liquidation_on"):
            speaking = record._in_dunning_lang()
            told = speaking._explain_closed_liquidation()
            left = record._get_earlier_items().filtered(lambda item: not item.reconciled)
            if left:
                speaking._hold_what_is_left()
                told = f"{told} {speaking._explain_what_is_held()}"
            record._message_log(body=told)
            if left:
                speaking.with_context(mail_activity_quick_update=True).activity_schedule(
                    TODO,
                    date_deadline=creditors_day(record),
                    user_id=record.user_id.id or self.env.uid,
                    summary=speaking._get_liquidation_summary(),
                    note=told,
                )

    def _hold_what_is_left(self):
        """Put what arose before the judgment on a hold of its own, which a person ends."""
        self.ensure_one()
        self.env["account.dunning.hold"].sudo().create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "claims_before": self.date_opening,
                "note": self._get_liquidation_summary(),
                "user_id": self.user_id.id or self.env.uid,
            }
        )

    def _explain_what_is_held(self):
        return self.env._(
            "Until then it stays on hold, without an end: who decides to chase it ends that hold."
        )

    def _get_liquidation_summary(self):
        return self.env._(
            "Liquidation closed: decide what becomes of what is left (C. com. L. 643-11)"
        )

    # -- Claims from after the judgment ------------------------------------------------------------

    def _get_later_items(self):
        """Return the overdue items that the judgment does not suspend."""
        self.ensure_one()
        if not self.date_opening or not self.partner_id:
            return self.env["account.move.line"]
        items = self._get_overdue_items(self.partner_id, self.company_id)
        return items.filtered(
            lambda item: (item.move_id.invoice_date or item.date) >= self.date_opening
        )

    def action_view_later(self):
        """Open what has remained unpaid since the judgment."""
        self.ensure_one()
        return self._get_later_items()._get_records_action(
            name=self.env._("Unpaid since the judgment")
        )

    def action_record_step(self):
        """Open the form that records a step."""
        self.ensure_one()
        return open_dialog(
            "account.dunning.insolvency.step",
            self.env._("Record a step"),
            {"default_insolvency_id": self.id},
        )
