import logging
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from markupsafe import escape

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_amount, format_date

from ...core.instalments import (
    CAUGHT_UP,
    KEPT,
    MISSED,
    VOID,
    WAITING,
    Instalment,
    find,
    judge,
    missed_from,
)
from ...core.money import ZERO, to_decimal
from ...core.reduced_plan import reduced
from ...core.working_days import next_working_day
from ..common.account_dunning_run import is_lost, recorded
from ..common.creditors_day import creditors_day

_logger = logging.getLogger(__name__)

TODO = "mail.mail_activity_data_todo"
REMIND_DAYS = 3  # before each instalment
FAR = fields.Date.to_date("9999-12-31")


class Sums(NamedTuple):
    """What was received for a plan, and what is owed in all: that, and what is still open.

    Of the latter, a part may be disputed: it is not asked for meanwhile.
    """

    received: Decimal
    owed: Decimal
    disputed: Decimal


class Course(NamedTuple):
    """What was received of an instalment, how it stands, and what is asked for of it now."""

    received: Decimal
    state: str
    left: Decimal


def _without_disputed(whole, asked):
    """Return how an instalment stands of which a part may be disputed.

    It is kept once all of it is paid, and missed only for what is not disputed.

    :param Course whole: if all that is owed is asked for
    :param Course asked: if what is disputed is not
    """
    if whole.state == KEPT:
        return whole
    if asked.state == KEPT:
        return Course(whole.received, WAITING, ZERO)
    return Course(whole.received, asked.state, asked.left)


class AccountDunningPaymentPlan(models.Model):
    """The course of a running plan: payments decide, and a scheduled action reviews it daily.

    Each instalment is announced some days before. When all are paid, the plan is kept; when one is
    missed, it ends: at once, or after a notice that gives the customer a reasonable time.
    """

    _inherit = "account.dunning.payment.plan"

    # -- What the payments say ---------------------------------------------------------------------

    def _get_received(self):
        """Return what was received for each plan since it started, ``{plan id: Decimal}``."""
        return defaultdict(
            lambda: ZERO, {key: sums.received for key, sums in self._get_sums().items()}
        )

    def _get_sums(self):
        """Return what was received for each started plan and what is owed of it, ``{id: Sums}``.

        Less is owed than was agreed after a credit note, or once an invoice is cancelled; not after
        a loss or a transfer to doubtful customers.
        """
        plans = self.filtered(lambda plan: isinstance(plan.id, int) and plan.started_on).sudo()
        if not plans:
            return {}
        money = self.env["account.dunning.money.received"]
        all_plans = plans | plans._get_rivals(min(plans.mapped("started_on")))
        asked = [
            plan._prepare_asked()
            for plan in all_plans.sorted(lambda plan: (plan.closed_on or FAR, plan.id))
        ]
        self.env.flush_all()
        matched = money._get_matched(asked)
        allocated = {
            plan.id: max(matched[plan.id].received - to_decimal(plan.allocated_before), ZERO)
            for plan in all_plans
        }
        received = money._get_received(asked, allocated)
        disputed = plans._get_disputed()
        return {
            plan.id: Sums(
                max(received[plan.id], ZERO),
                min(
                    allocated[plan.id]
                    + max(matched[plan.id].given_up, ZERO)
                    + plan._get_open_amount(),
                    to_decimal(plan.amount),
                ),
                disputed[plan.id],
            )
            for plan in plans
        }

    def _prepare_asked(self):
        """Return what to ask ``account.dunning.money.received`` for this started plan."""
        return (
            self.id,
            self.company_id.sudo(),
            self.partner_id,
            self.currency_id,
            self._get_owed_items(),
            self.started_on,
            self.closed_on or FAR,
            to_decimal(self.amount),
        )

    def _get_rival_domain(self, since):
        return [
            ("started_on", "!=", False),
            ("state", "!=", "cancelled"),
            "|",
            ("closed_on", "=", False),
            ("closed_on", ">=", since),
        ]

    def _get_allocated(self):
        """Return what is reconciled with the items since the signature (Decimal)."""
        self.env.flush_all()
        money = self.env["account.dunning.money.received"]
        return money._get_allocated([self._prepare_asked()])[self.id]

    def _get_open_amount(self):
        """Return what is open on the items today (Decimal)."""
        items = self._get_owed_items()
        return max(sum(map(to_decimal, items.mapped("amount_residual_currency")), ZERO), ZERO)

    def _judge(self, today):
        """Check the instalments of these plans on a day.

        :return: ``{line id: Course}``; nothing for a plan that has not started
        """
        sums = self._get_sums()
        judged = {}
        for plan in self:
            if plan.id not in sums:
                continue
            received, owed, disputed = sums[plan.id]
            lines = plan.line_ids.sorted(lambda line: (line.date, line.amount))
            courses = plan._judge_lines(lines, received, owed, today)
            if disputed:
                asked = plan._judge_lines(lines, received, max(owed - disputed, ZERO), today)
                courses = map(_without_disputed, courses, asked)
            judged.update(zip(lines.ids, courses, strict=True))
        return judged

    def _judge_lines(self, lines, received, owed, today):
        """Return the ``Course`` of each of these instalments, if that much is owed in all."""
        company = self.company_id.sudo()
        asked = reduced([Instalment(line.date, to_decimal(line.amount)) for line in lines], owed)
        results = judge(
            asked,
            received,
            min(today, self.closed_on or today),
            tolerance_days=company.dunning_promise_days,
            tolerance=to_decimal(company.dunning_promise_amount),
        )
        return [
            Course(*result, amount - result.received)
            for (_due, amount), result in zip(asked, results, strict=True)
        ]

    @api.model
    def _review(self, creditor, today, partners=None):
        """Close the running plans whose items are settled or no longer owed, or missed.

        :param creditor: ``res.company``
        :param date today: the day of the review
        :param partners: only these customers; all by default
        """
        domain = [("company_id", "=", creditor.id), ("state", "=", "running")]
        if partners is not None:
            domain.append(("partner_id", "in", partners.commercial_partner_id.ids))
        plans = self.search(domain)
        judged = plans._judge(today)
        for plan in plans:
            plan._let_go()
            found = plan._get_finding(judged)
            if found == VOID:
                reason = plan._in_dunning_lang().env._(
                    "None of its invoices is owed by the customer any more"
                )
                plan._close("cancelled", reason)
            elif found == KEPT:
                plan._keep()
            elif found == MISSED:
                missed = plan.line_ids.filtered(lambda line: judged[line.id].state == MISSED)
                plan._miss(missed[0], today)
            elif found == CAUGHT_UP:
                plan.write({"warned_line_id": False, "warned_on": False, "grace_until": False})

    def _get_finding(self, judged):
        """Return the finding of a review of this plan: kept, missed, caught up, void, or None.

        None too while one of its invoices is in draft: what it will be is not known yet.

        :param dict judged: as returned by ``_judge``
        """
        if self._is_being_corrected():
            return None
        return find(
            [judged[line.id].state for line in self.line_ids],
            settled=self._is_settled(),
            warned=bool(self.warned_line_id),
            void=not self._get_owed_items(),
        )

    def _is_being_corrected(self):
        """Whether one of the invoices was reset to draft."""
        return "draft" in self._get_owed_items().mapped("parent_state")

    def _get_lost_items(self):
        """Return the items that were corrected to another customer since."""
        items = self.item_ids.sudo()
        return (items - self._get_owed_items()).filtered(lambda item: item.parent_state == "posted")

    def _let_go(self):
        """Release the holds on invoices of this plan that are another customer's by now."""
        if lost := self._get_lost_items():
            holds = self._get_holds().filtered(lambda hold: hold.move_id in lost.move_id)
            kept = self._get_owed_items().move_id
            holds.filtered(lambda hold: hold.move_id not in kept)._release()

    def _foresee_ends(self, first):
        """Return when these running plans cease to suspend anything if nothing more is paid.

        :param date first: no day before this one
        :return: ``{plan: date}``, None for a plan that goes on
        """
        judged = self._judge(first)
        return {plan: plan._foresee_end(judged, first) for plan in self}

    def _foresee_end(self, judged, first):
        """Return the day from which this plan suspends nothing (``_review`` then ends it), or None.

        :param dict judged: as returned by ``_judge`` for that day
        :param date first: no day before this one
        """
        unpaid = self.line_ids.filtered(lambda line: judged[line.id].state != KEPT)
        if not unpaid or self._is_settled():
            return first
        unpaid = unpaid.filtered(lambda line: judged[line.id].left)
        if not unpaid:
            return None  # all that is left is disputed
        line = unpaid.sorted(lambda line: (line.date, line.amount))[0]
        tolerance = self.company_id.sudo().dunning_promise_days
        missed = max(first, missed_from(line.date, tolerance))
        if self._get_rights().acceleration.at_once:
            return missed
        if self.warned_line_id == line:
            until = self.grace_until
        else:
            until = self._can_be_told() and self._get_grace_until(missed)
        return max(first, until + timedelta(days=1)) if until else None

    def _can_be_told(self):
        """Whether the creditor has an e-mail address, and the customer one that accepts e-mails."""
        creditor, customer = self.company_id, self.partner_id
        if not email_normalize(creditor.email):
            return False
        recipient = customer._get_dunning_recipient()
        return not recipient._find_dunning_email_fault(creditor, customer)

    def _close(self, state, reason):
        self._owned().write(
            {
                "state": state,
                "closed_on": creditors_day(self),
                "close_reason": reason,
            }
        )
        self._release_holds()

    def _keep(self):
        """Close a kept plan; the penalties it suspended are waived, as agreed."""
        self._close("kept", self.env._("All the instalments were paid"))
        if self.penalties != "running":
            penalties = self.env["account.dunning.penalty"].sudo()
            today = creditors_day(self)
            due = penalties._update(self.company_id, self.item_ids, today)
            due._waive(self.env._("Payment plan %s kept", self.name))

    def _get_counted_days(self):
        """Return the first and last day on which money received counts for this kept plan."""
        return self.started_on, self.closed_on

    def _follow_lost_money(self):
        self._ask_about_lost_money()

    def _ask_about_lost_money(self):
        """Ask the person in charge of these kept plans what comes next: their money left the books.

        Only ask: a person decides about the waived penalties.
        """
        for plan in self:
            speaking = plan._in_dunning_lang().with_context(mail_activity_quick_update=True)
            asked = speaking.env._(
                "A payment that kept this plan was cancelled: %s", plan.partner_id.display_name
            )
            if asked in plan.activity_ids.mapped("summary"):
                continue  # several payments of one plan, or one reported twice
            speaking.activity_schedule(
                TODO,
                user_id=plan.user_id.id or self.env.uid,
                summary=asked,
                note=escape(
                    speaking.env._(
                        "Look at what is open again. Penalties given up with the plan are claimed "
                        "again once their waiver is undone."
                    )
                ),
            )

    def _miss(self, line, today):
        """Handle a missed instalment: the plan ends, at once or after a reasonable time.

        :param line: the missed instalment
        :param date today: the day of the review
        """
        warned = self.warned_line_id == line
        over = warned and self.grace_until and self.grace_until < today
        if self._get_rights().acceleration.at_once or over:
            self._break(line, today)
        elif not warned:
            self._warn(line, today)

    def _warn(self, line, today):
        """Ask for a missed instalment and give a reasonable time; the plan goes on meanwhile.

        Without an e-mail address the time starts when a person has told the customer.
        """
        until = self._get_grace_until(today)
        # The e-mail states the last day, so it has to be written first.
        self.write({"warned_line_id": line.id, "warned_on": today, "grace_until": until})
        told = self._send("account_dunning_fr.mail_template_plan_missed", line)
        if not told:
            self.grace_until = False
        speaking = self._in_dunning_lang()
        note = (
            speaking.env._(
                "The customer was asked to pay it by %s; the plan ends only after that day.",
                format_date(speaking.env, until),
            )
            if told
            else speaking.env._(
                "No e-mail reaches the customer: write to him, then record it on the plan. The "
                "plan ends only after the time that you leave him."
            )
        )
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            TODO,
            date_deadline=today,
            user_id=self.user_id.id or self.env.uid,
            summary=speaking.env._("Instalment missed by %s", self.partner_id.display_name),
            note=escape(note),
        )

    def _get_grace_until(self, today):
        """Return the last day of the reasonable time, a working day where the customer is."""
        company, partner = self.company_id.sudo(), self.partner_id
        place = partner._get_dunning_territory()
        return next_working_day(today + timedelta(days=company.dunning_plan_grace_days), place)

    def action_told(self):
        """Record that the customer was told by letter of what he missed: his time starts today."""
        self.check_access("write")
        today = creditors_day(self)
        for plan in self:
            if plan.state != "running" or not plan.warned_line_id or plan.grace_until:
                raise UserError(self.env._("No missed instalment waits to be told."))
            plan.sudo().write({"warned_on": today, "grace_until": plan._get_grace_until(today)})

    def _break(self, line, today):
        """End the plan after a missed instalment: tell the customer, ask the person in charge.

        :param line: the missed instalment
        :param date today: the day of the review
        """
        speaking = self._in_dunning_lang()
        reason = speaking.env._(
            "The instalment of %(amount)s due on %(date)s was not paid",
            amount=format_amount(speaking.env, line.amount, self.currency_id),
            date=format_date(speaking.env, line.date),
        )
        self._close("broken", reason)
        told = self._send("account_dunning_fr.mail_template_plan_broken", line)
        self.item_ids.move_id._message_log_batch(
            bodies=dict.fromkeys(
                self.item_ids.move_id.ids,
                speaking.env._("Payment plan %(name)s: %(reason)s", name=self.name, reason=reason),
            )
        )
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            TODO,
            date_deadline=today,
            user_id=self.user_id.id or self.env.uid,
            summary=speaking.env._("Payment plan broken by %s", self.partner_id.display_name),
            note=escape(
                reason
                if told
                else speaking.env._("%s. No e-mail reaches the customer: tell him.", reason)
            ),
        )

    def _send(self, template, line):
        """Queue an e-mail about this plan to the customer, with the payment code of an instalment.

        :param str template: external identifier
        :param line: the instalment concerned
        :return: whether there is an address to send it to
        """
        if not self._can_be_told():
            return False
        recipient = self.partner_id._get_dunning_recipient()
        self.env.ref(template).sudo().send_mail(
            self.id,
            email_values={
                "auto_delete": False,
                "recipient_ids": [Command.link(recipient.id)],
                "attachment_ids": [Command.set(self._make_qr_attachment(line).ids)],
            },
        )
        return True

    def _make_qr_attachment(self, line):
        """Return the transfer code of an instalment as an image to attach, or nothing."""
        code = self._get_qr_code(self.currency_id.round(line.left))
        attachments = self.env["ir.attachment"].sudo()
        if not code:
            return attachments
        return attachments.create(
            {
                "name": f"{self._get_file_name()}-QR.png",
                "datas": code.partition(",")[2],
                "mimetype": "image/png",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    # -- Announcements ---------------------------------------------------------------------------

    def _remind(self, today):
        """Announce the unpaid instalments of the next days, once each."""
        judged = self._judge(today)
        for plan in self:
            soon = plan._get_lines_to_announce(judged, today)
            if soon and plan._send("account_dunning_fr.mail_template_plan_reminder", soon[0]):
                soon.sudo().reminded_on = today

    def _get_lines_to_announce(self, judged, today):
        """Return the instalments of the next days that are neither paid nor announced yet.

        :param dict judged: as returned by ``_judge``
        """
        if self._is_being_corrected():
            return self.line_ids.browse()
        return self.line_ids.filtered(
            lambda line: (
                not line.reminded_on
                and today <= line.date <= today + timedelta(days=REMIND_DAYS)
                and judged[line.id].state == "waiting"
                and judged[line.id].left
            )
        )

    def _get_announced_line(self):
        """Return the instalment that the announcement is about: the next unpaid one."""
        self.ensure_one()
        today = creditors_day(self)
        return self.line_ids.filtered(
            lambda line: line.state != "kept" and line.left and line.date >= today
        )[:1]

    def _get_missed_line(self):
        """Return the first unpaid instalment."""
        self.ensure_one()
        return self.line_ids.filtered(lambda line: line.state != "kept")[:1]

    @api.model
    @recorded("plans")
    def _cron_review(self):
        """Review the running plans and announce their instalments.

        One commit for each plan that needs anything; which plans these are is found for all at
        once. Then check which dividends of insolvency plans are missing.
        """
        plans = self.search([("state", "=", "running")])
        days = self.env["res.company"]._split_dunning_days(plans)
        todo = [(today, plan) for today, found in days for plan in found._get_to_review(today)]
        self.env["ir.cron"]._commit_progress(len(plans) - len(todo), remaining=len(todo))
        for today, plan in todo:
            if plan.try_lock_for_update():
                with self.env["account.dunning.run"]._working_on(plan):
                    plan._review(plan.company_id, today, plan.partner_id)
                    if plan.state == "running":
                        plan._remind(today)
            if not self.env["ir.cron"]._commit_progress(1):
                return
        # The plan of insolvency proceedings has instalments too.
        self.env["account.dunning.insolvency"]._review_dividends()

    def _get_to_review(self, today):
        """Return those of these running plans that need a review or an announcement.

        If this fails for one of them, return them all.
        """
        try:
            with self.env.cr.savepoint():
                judged = self._judge(today)
                return self.filtered(
                    lambda plan: (
                        plan._get_finding(judged)
                        or plan._get_lost_items()
                        or plan._get_lines_to_announce(judged, today)
                    )
                )
        except Exception as error:
            if is_lost(error):
                raise
            # One by one, so that only the plan with the error fails, and is reported.
            _logger.info("Payment plans %s go one by one", self.ids)
            return self
