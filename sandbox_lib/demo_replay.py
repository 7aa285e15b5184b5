"""The demo's past: the scheduled actions of the last weeks, one day after the other.

The demonstration data say what is owed; who was reminded of it when is not data but the work of
the addon. So the clock is set back and the addon does that work, day by day, up to waited_since.
"""

from datetime import datetime, time, timedelta
from io import BytesIO

from freezegun import freeze_time
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from odoo import fields
from odoo.addons.account_dunning_fr.core.working_days import is_working_day

from .demo_days import past_days
from .demo_story import Story

DAYS = 60
DAYS_TO_DELIVER = 3
# The person in charge lets these letters go as soon as they are drafted; others wait in the list.
POSTED_WITHOUT_DELAY = {
    "demo_partner_transports": ("registered",),
    "demo_partner_negoce": ("registered", "formal_notice"),
}


def replay(env) -> None:
    """Run the addon's scheduled actions on each of the last days, up to waited_since."""
    midnight = datetime.combine(fields.Date.context_today(env.user), time())
    # The e-mails of the past are only recorded: nothing may leave late.
    env = env(context={**env.context, "mail_notify_force_send": False})
    first_day = midnight - timedelta(days=DAYS) + timedelta(hours=7)
    story = Story(env)
    days = past_days(midnight.date(), DAYS, list(story.acts), is_working_day)
    with freeze_time(first_day) as clock:
        for number, day in enumerate(days):
            clock.move_to(first_day + timedelta(days=number))
            for act in day.acts:
                story.play(act)
            _replay_day(env, day.works)


def _replay_day(env, works: bool) -> None:
    """Run the scheduled actions of a day, and what people do where it is one on which they work."""
    notices = env["account.dunning.notice"]
    env["account.dunning.promise"]._cron_review()
    notices._cron_prepare()
    notices._cron_send()
    notices._cron_expire()
    env["account.dunning.payment.plan"]._cron_review()
    if works:
        _work_in_the_office(env)
        _follow_registered_letters(env)
    env["mail.mail"].search([("state", "=", "outgoing")]).write({"state": "sent"})
    env.cr.commit()


def _work_in_the_office(env) -> None:
    """Do what a person does every day: post the letters, make the calls."""
    user = env.ref("account_dunning_fr.demo_user")
    notices = env["account.dunning.notice"].with_user(user).with_company(user.company_id)
    for partner, kinds in POSTED_WITHOUT_DELAY.items():
        drafts = notices.search(
            [
                ("partner_id", "=", env.ref(f"account_dunning_fr.{partner}").id),
                ("state", "=", "draft"),
                ("kind", "in", kinds),
            ]
        )
        drafts.action_confirm()
        drafts.action_print()
        drafts.action_mark_posted()
    waiting = notices.search([("state", "=", "sent"), ("to_post", "=", True)])
    today = fields.Date.context_today(notices)
    if late := waiting.filtered(lambda notice: notice.letter_date != today):
        late.action_print()  # a letter bears the day on which it is posted
    waiting.action_mark_posted()
    calls = env["account.dunning.call"].with_user(user).with_company(user.company_id)
    waited_since = fields.Date.context_today(calls) - timedelta(days=2)
    for call in calls.search([("state", "=", "todo"), ("date", "<=", waited_since)]):
        call._record("message", "Standard", "Message laissé au service comptable")


def _follow_registered_letters(env) -> None:
    """Number the letters posted without delay, and file what the post brings back."""
    user = env.ref("account_dunning_fr.demo_user")
    partners = [env.ref(f"account_dunning_fr.{name}").id for name in POSTED_WITHOUT_DELAY]
    letters = env["account.dunning.registered"].with_user(user)
    today = fields.Date.context_today(user)
    for letter in letters.search([("partner_id", "in", partners), ("posted_on", "!=", False)]):
        if not letter.number:
            letter.number = f"1A{99500000000 + letter.id}"
            letter.deposit_ids = _demo_proof(letter, "Preuve de dépôt", letter.posted_on)
        elif not letter.delivered_on and (today - letter.posted_on).days >= DAYS_TO_DELIVER:
            letter.write({"presented_on": today, "delivered_on": today})
            letter.receipt_ids = _demo_proof(letter, "Avis de réception", today)


def _demo_proof(letter, title, on):
    """Return a page that stands for the scan of a proof, and says that it is a demonstration."""
    stream = BytesIO()
    page = Canvas(stream, pagesize=A5)
    lines = (title, letter.number, f"{on:%d/%m/%Y}", "Document de démonstration, sans valeur")
    for index, line in enumerate(lines):
        page.drawString(50, 500 - 24 * index, line)
    page.save()
    name = f"{title} {letter.number}.pdf"
    return letter.env["ir.attachment"].create({"name": name, "raw": stream.getvalue()})
