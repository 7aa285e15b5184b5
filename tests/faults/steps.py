"""What the processes that are killed do inside Odoo: ``tests.faults.steps:main STEP CUSTOMERS``."""

import os
import signal

from benchmarks import ledger
from sandbox_lib.inside import cut_off

_STARTS = 50  # of a job, at most, to do the work of a day
# In the order of the day. The scheduler starts them one after the other.
JOBS = (
    "account_dunning_fr.ir_cron_prepare",
    "account_dunning_fr.ir_cron_send",
    "mail.ir_cron_mail_scheduler_action",
    "account_dunning_fr.ir_cron_penalties",
)


def main(env, step: str, customers: str) -> None:
    """Do one step of a trial.

    :param step: ``prepare`` the ledger, ``run`` the scheduled actions as the scheduler does,
        ``work`` like one of several workers, ``pay`` for one customer, ``later`` once the delay
        of what was refused has passed, ``broken`` as ``run`` while one company fails
    """
    if victim := os.environ.get("DEADLY_CUSTOMER"):
        _die_of(env, victim)
    print("ready", flush=True)
    STEPS[step](env, int(customers))


def _prepare(env, customers: int) -> None:
    """Fill a ledger: one half of the customers is to be written to, the other owes penalties."""
    cut_off(env)
    company = env.company
    ledger.fill(env, customers * ledger.ITEMS_PER_BUNDLE, customers)
    company.write({"dunning_book_penalties": True, "dunning_post_penalties": True})
    partners = env["res.partner"].search([("email", "like", "@client.example")], order="id")
    debtors = partners[len(partners) // 2 :]
    env["account.dunning.hold"].create(
        [
            {"company_id": company.id, "partner_id": partner.id, "reason": "dispute"}
            for partner in debtors
        ]
    )
    ledger.give_formal_notice(env, debtors)
    # The invoices were sent with their PDF: nothing is printed but the letters.
    invoices = env["account.move"].search([("move_type", "=", "out_invoice")])
    for invoice in invoices:
        env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"%PDF-1.4 invoice",
                "res_model": "account.move",
                "res_field": "invoice_pdf_report_file",
                "res_id": invoice.id,
            }
        )


def _run(env, _customers: int) -> None:
    """Run the scheduled actions of the day, each until it has nothing left to do.

    The scheduler stops a job after some seconds, and starts it again at once.
    """
    for job in JOBS:
        for _time in range(_STARTS):
            env.cr.commit()
            env.ref(job).method_direct_trigger()
            env.cr.commit()
            if not _has_more(env, env.ref(job)):
                break


def _has_more(env, cron) -> bool:
    progress = env["ir.cron.progress"].search([("cron_id", "=", cron.id)], order="id desc", limit=1)
    return bool(progress.remaining)


def _work(env, _customers: int) -> None:
    """Do the day's work without the scheduler's lock, as if several workers had taken the job."""
    env["account.dunning.notice"]._cron_send()
    env.cr.commit()
    env["mail.mail"].process_email_queue()


def _plan(env, _customers: int) -> None:
    env.ref(JOBS[0]).method_direct_trigger()


def _send(env, _customers: int) -> None:
    env.ref(JOBS[1]).method_direct_trigger()


def _mail(env, _customers: int) -> None:
    env.ref(JOBS[2]).method_direct_trigger()


def _pay(env, _customers: int) -> None:
    """Register the payment of all that the first customer who is still chased owes."""
    notice = env["account.dunning.notice"].search(
        [("state", "in", ("ready", "sent")), ("partner_id.ref", "=", False)], order="id", limit=1
    )
    partner = notice.partner_id
    invoices = env["account.move"].search(
        [
            ("partner_id", "=", partner.id),
            ("move_type", "=", "out_invoice"),
            ("payment_state", "in", ("not_paid", "partial")),
        ]
    )
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoices.ids
    ).create({"group_payment": True})._create_payments()
    partner.ref = "paid"


def _later(env, _customers: int) -> None:
    """Let the time pass after which a mail server is asked again."""
    env.cr.execute("UPDATE mail_mail SET scheduled_date = now() - interval '1 day'")


def _broken(env, customers: int) -> None:
    """Run the day while everything fails for a company that comes before all others."""
    company = env["res.company"].create({"name": "Société en panne", "sequence": -1})
    company.write({"dunning_active": True, "dunning_book_penalties": True})
    env.cr.commit()

    def failing(method, position):
        def call(records, *args, **kwargs):
            if args[position] == company:
                raise ValueError("the data of this company are wrong")
            return method(records, *args, **kwargs)

        return call

    for name, method in (
        ("account.dunning.notice.draft", "_follow_plan"),
        ("account.dunning.penalty", "_run"),
        ("account.dunning.hold", "_review_sleeping"),
    ):
        model = env.registry[name]
        setattr(model, method, failing(getattr(model, method), 0))
    env.ref("account_dunning_fr.ir_cron_sleeping").method_direct_trigger()
    _run(env, customers)


def _die_of(env, email: str) -> None:
    """Let the process die as soon as it writes the message of one customer."""
    model = env.registry["account.dunning.notice"]
    leave = model._freeze_and_send

    def deadly(notices, *args, **kwargs):
        if email in notices.partner_id.mapped("email"):
            os.kill(os.getpid(), signal.SIGKILL)
        return leave(notices, *args, **kwargs)

    model._freeze_and_send = deadly


def _tomorrow(env, _customers: int) -> None:
    """Let the day of the failures pass: what failed is tried again on another day."""
    env.cr.execute("UPDATE account_dunning_notice SET failed_on = failed_on - 1")


def _letters(env, _customers: int) -> None:
    """Let the first level go by letter too, so that each sending prints one."""
    env.ref("account_dunning_fr.level_first").send_letter = True


STEPS = {
    "prepare": _prepare,
    "run": _run,
    "work": _work,
    "plan": _plan,
    "send": _send,
    "pay": _pay,
    "mail": _mail,
    "later": _later,
    "broken": _broken,
    "tomorrow": _tomorrow,
    "letters": _letters,
}
