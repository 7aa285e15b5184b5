"""The measured sending: e-mails, letters, and several workers in parallel."""

import sys
import time

from odoo import Command
from odoo.addons.account_dunning_fr.models.common.private_context import pass_on
from odoo.addons.account_dunning_fr.wizards.notice.account_dunning_letters import PRINTED_TOGETHER
from odoo.addons.base.models.ir_actions_report import IrActionsReport
from odoo.tools import SQL

LETTER = "account_dunning_fr.report_notice_letter"
# Attached to each claimed invoice in place of its PDF, which Odoo itself makes and stores.
DOCUMENT = b"%PDF-1.4\n" + b"% an invoice as it was sent\n" * 1200 + b"%%EOF\n"
TOGETHER = 25  # notices per transaction, for the floor as well as for the addon
# The most each may cost, in floors.
EMAILS, LETTERS, NOTES = 1.5, 1.7, 1.8
# Notices shared by the workers, for each number of workers.
SHARED = 100
WORKERS = (1, 2, 4)
# The minimum that tells a customer what he owes: a text, the same items, their total, Odoo's
# layout.
FLOOR_BODY = """
    <p>Dear <t t-out="object.partner_id.name"/>,</p>
    <p>Unless we are mistaken, these invoices are still unpaid. Please pay them by return.</p>
    <table>
        <tr t-foreach="object.claimed_line_ids" t-as="line">
            <td t-out="line.invoice_name"/>
            <td t-out="format_date(line.invoice_date)"/>
            <td t-out="format_date(line.date_maturity)"/>
            <td t-out="format_amount(line.amount_total, line.currency_id)"/>
            <td t-out="format_amount(line.amount_due, line.currency_id)"/>
        </tr>
    </table>
    <p>Total: <t t-out="format_amount(object.amount_total, object.company_currency_id)"/></p>
    <p>Yours faithfully, <t t-out="object.company_id.name"/></p>
"""


def emails(meter, sent):
    """Queue ``sent`` notices as the scheduled action does, each with its invoices attached.

    The floor is an Odoo template that writes to the same customers about the same items with the
    same files: in batches of the same size, which gives the ratio of the step, and one by one, as
    an ordinary scheduled action uses it. Both are warmed up, the template by the e-mails sent one
    by one, the notices by an earlier batch: neither is charged for templates that a server compiles
    only once.
    """
    env = meter.env
    today = env.company._get_dunning_today()
    ready = get_ready(env, sent + TOGETHER)
    attach_documents(env, ready.line_ids.filtered("claimed").move_id)
    template = _make_floor_template(env)
    for notice in ready:
        notice._get_attachments()
    first, notices = ready[:TOGETHER], ready[TOGETHER:]
    first._send_scheduled(today)
    _result, alone = meter.measure(lambda: _send_alone(template, notices[:SHARED]))
    _result, floor = meter.measure(lambda: _send_in_batches(template, notices))
    env["mail.mail"].search(
        [("model", "=", notices._name), ("id", "not in", first.mail_id.ids)]
    ).unlink()

    def send():
        for group in split(notices):
            group._send_scheduled(today)

    meter.step(f"E-mails to {len(notices)} customers", send, floor=floor, ratio=EMAILS)
    last = meter.results[-1]
    one_by_one = alone["cpu_seconds"] / min(SHARED, len(notices)) * len(notices)
    last["ratio_one_by_one"] = round(last["cpu_seconds"] / max(one_by_one, 0.01), 2)
    print(f"  against the template one by one: {last['ratio_one_by_one']} ×", flush=True)
    states = set(notices.mapped("state"))
    if states != {"sent"}:
        raise RuntimeError(
            f"not all messages were sent: {states}, {notices.mapped('blocking_reason')[:1]}"
        )


def get_ready(env, number):
    return env["account.dunning.notice"].search(
        [("state", "=", "ready"), ("send_email", "=", True)], order="id", limit=number
    )


def _make_floor_template(env):
    return env["mail.template"].create(
        {
            "name": "Floor",
            "model_id": env["ir.model"]._get_id("account.dunning.notice"),
            "subject": "Reminder {{ object.partner_id.name }}",
            "body_html": FLOOR_BODY,
            "email_from": "compta@creancier.example",
            "email_layout_xmlid": "mail.mail_notification_layout",
        }
    )


def _prepare_mail(notice):
    return {
        "attachment_ids": notice._get_attachments().ids,
        "recipient_ids": [Command.link(notice.partner_id.id)],
    }


def _send_alone(template, notices):
    for notice in notices:
        template.send_mail(notice.id, email_values=_prepare_mail(notice))
        template.env.cr.commit()


def _send_in_batches(template, notices):
    for batch in split(notices):
        own = {notice.id: _prepare_mail(notice) for notice in batch}
        pass_on(template, mail_vals=own).send_mail_batch(batch.ids)
        template.env.cr.commit()


def attach_documents(env, invoices):
    """Give invoices the PDF that Odoo stores with a sent invoice."""
    first = env["ir.attachment"].create(
        {
            "name": "invoice.pdf",
            "raw": DOCUMENT,
            "mimetype": "application/pdf",
            "res_model": "account.move",
            "res_field": "invoice_pdf_report_file",
            "res_id": invoices[:1].id,
        }
    )
    env["ir.attachment"].flush_model()
    env.cr.execute(
        SQL(
            """
            INSERT INTO ir_attachment (name, type, res_model, res_field, res_id, store_fname,
                   file_size, checksum, mimetype, company_id, create_uid, write_uid, create_date,
                   write_date)
            SELECT name, type, res_model, res_field, invoice.id, store_fname, file_size, checksum,
                   mimetype, company_id, create_uid, write_uid, create_date, write_date
              FROM ir_attachment, unnest(%s) invoice (id)
             WHERE ir_attachment.id = %s
            """,
            invoices[1:].ids,
            first.id,
        )
    )
    env.invalidate_all()


def letters(meter, sent):
    """Print ``sent`` letters, as many together as « Print the letters together » does.

    The floor is wkhtmltopdf on the same pages in one document.
    """
    env = meter.env
    notices = env["account.dunning.notice"].search(
        [("state", "in", ("ready", "draft", "sent"))], order="id", limit=sent
    )
    report = env["ir.actions.report"]
    printed(
        meter,
        f"Letters to {len(notices)} customers",
        lambda: [
            report._render_dunning_letters(group) for group in split(notices, PRINTED_TOGETHER)
        ],
        LETTERS,
        [(LETTER, notices[:1])],
    )


def printed(meter, name, function, ratio, first):
    """Measure a step that prints; the floor is wkhtmltopdf on the same pages, once per report.

    The templates are compiled beforehand, as a server does once and not for each batch.

    :param ratio: target: at most this many floors
    :param first: ``(report, record)`` for each report printed, to be rendered beforehand
    """
    report = meter.env["ir.actions.report"]
    for ref, record in first:
        report._for_dunning_engine()._render_qweb_html(ref, record.ids)
    pages = {}
    original = type(report)._run_wkhtmltopdf

    def keep(self, bodies, report_ref=False, **options):
        pages.setdefault(report_ref, []).extend(bodies)
        return original(self, bodies, report_ref=report_ref, **options)

    type(report)._run_wkhtmltopdf = keep
    try:
        meter.step(name, function)
    finally:
        type(report)._run_wkhtmltopdf = original
    together = {ref: [report._join_dunning_bodies(bodies)] for ref, bodies in pages.items()}

    def print_together():
        for ref, bodies in together.items():
            IrActionsReport._run_wkhtmltopdf(report, bodies, report_ref=ref)  # bypassing our engine

    _result, cost = meter.measure(print_together)
    meter.judge(cost, ratio=ratio)


def split(records, number=TOGETHER):
    return [records[start : start + number] for start in range(0, len(records), number)]


def prepare_workers(env):
    """Leave a set of ready notices for each number of workers: see ``benchmarks.workers``.

    The others are postponed, and nothing is left in the queue.
    """
    env.cr.execute("UPDATE mail_mail SET state = 'sent' WHERE state = 'outgoing'")
    env.cr.execute(
        "UPDATE account_dunning_notice SET wait_until = '2100-01-01' WHERE state = 'ready'"
    )
    env.invalidate_all()
    notices = get_ready(env, SHARED * len(WORKERS))
    attach_documents(env, notices.line_ids.filtered("claimed").move_id)
    env.cr.commit()


def work(env):
    """Do the day's sending as one of several workers, without the scheduler's lock.

    Print a line when ready, start when a line is read, and print the processor time used.
    """
    env.ref("account_dunning_fr.mail_template_notice").name  # noqa: B018 - warms the caches
    env.cr.commit()
    print("ready", flush=True)
    sys.stdin.readline()
    spent = time.process_time()
    env["account.dunning.notice"]._cron_send()
    env.cr.commit()
    env["mail.mail"].process_email_queue()
    env.cr.commit()
    print(round(time.process_time() - spent, 2), flush=True)
