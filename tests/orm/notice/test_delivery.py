"""What a mail server does with a message: taken, refused for a time, refused for good, in part.

The server is a real one on this machine: what it answers is what ``smtplib`` raises.
"""

import smtplib
import socketserver
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import config, html2plaintext, mute_logger

from ..dunning_common import DunningCommon, day

MAIL_LOG = "odoo.addons.mail.models.mail_mail"
SERVER_LOG = "odoo.addons.base.models.ir_mail_server"


class RefusingServer(socketserver.ThreadingTCPServer):
    """A mail server on a free port, which answers as it is told and keeps what it takes."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.answers = {}  # by address: what it says instead of 250
        self.data_answer = None
        self.hangs_up = False
        self.taken = []  # (addresses, message)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Dialogue(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 test")
        recipients = []
        while line := self.rfile.readline():
            command = line.decode("utf-8", "replace").strip()
            verb = command[:4].upper()
            if verb == "EHLO":
                self.say("250 test")
            elif verb == "RCPT":
                address = command.partition("<")[2].partition(">")[0]
                answer = self.server.answers.get(address, "250 ok")
                recipients += [address] if answer.startswith("2") else []
                self.say(answer)
            elif verb == "DATA" and self.server.hangs_up:
                return
            elif verb == "DATA" and self.server.data_answer:
                self.say(self.server.data_answer)
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
                    lines.append(line)
                self.server.taken.append((recipients, b"".join(lines)))
                recipients = []
                self.say("250 taken")
            elif verb == "QUIT":
                return
            else:
                recipients = [] if verb in ("MAIL", "RSET") else recipients
                self.say("250 ok")

    def say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())


@tagged("post_install", "-at_install")
class TestDelivery(DunningCommon):
    mails_leave = False

    def setUp(self):
        super().setUp()
        self.company.partner_id.dunning_lang = "en_US"  # in which the to-dos speak
        self.server = RefusingServer()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.port = self.server.server_address[1]
        self.partner = self.customer()
        self.move = self.invoice(self.partner, 10)

    @contextmanager
    def connected(self, port=None):
        """Let Odoo send for good, to the server of the test."""
        servers = self.env["ir.mail_server"].search([])
        servers.active = False
        with (
            patch.object(type(self.env["ir.mail_server"]), "_disable_send", lambda *_args: False),
            patch.dict(
                config.options, {"smtp_server": "127.0.0.1", "smtp_port": port or self.port}
            ),
            mute_logger(MAIL_LOG, SERVER_LOG),
        ):
            yield

    def process(self, notice, port=None):
        """Let the queue of e-mails try what is due now."""
        with self.connected(port):
            self.env["mail.mail"].process_email_queue(email_ids=notice.mail_id.ids)
        self.env.invalidate_all()

    def closed_port(self):
        """Return a port on which nothing listens."""
        with socketserver.TCPServer(("127.0.0.1", 0), None) as free:
            return free.server_address[1]

    def sent(self, partner=None):
        notice = self.draft(partner or self.partner)
        notice.action_send()
        return notice

    def claims(self, on):
        """Return whether a level would be taken on another day."""
        rows = self.plan._simulate(self.company, day(on), self.partner)
        return any(row.final_role == "claimed" and row.take_level_id for row in rows)

    def chronology(self):
        events = self.env["account.dunning.chronology"]._get_events(self.partner, self.company)
        return [event for event in events if event.kind == "notice"]

    def todos(self, notice):
        return notice.activity_ids.mapped("summary")

    # -- Taken -------------------------------------------------------------------------------------

    def test_a_message_counts_as_left_once_a_server_took_it(self):
        notice = self.sent()
        self.assertEqual((notice.delivery, notice.has_left), ("underway", False))
        self.assertFalse(self.chronology())
        self.process(notice)
        self.assertEqual((notice.delivery, notice.has_left), ("taken", True))
        self.assertEqual(notice.served_to, self.partner.email)
        self.assertEqual(notice.mail_id.state, "sent")
        self.assertEqual(len(self.chronology()), 1)

    def test_an_e_mail_that_odoo_deletes_once_it_left_stops_nothing(self):
        notice = self.sent()
        copies = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    {"email_to": to, "subject": "Copy", "auto_delete": True, "model": model}
                    for to in ("a@x.example", "b@x.example")
                    for model in (False, notice._name)
                ]
            )
        )
        with self.connected():
            (copies | notice.mail_id).send()
        self.assertFalse(copies.exists())
        self.assertEqual(notice.delivery, "taken")
        self.assertEqual(len(self.server.taken), 5)

    # -- Refused for a time ------------------------------------------------------------------------

    def test_a_temporary_refusal_is_tried_again_with_a_growing_delay_until_it_is_taken(self):
        refusals = {
            "connection refused": {"port": self.closed_port()},
            "greylisted": {"answers": {self.partner.email: "451 4.7.1 try later"}},
            "mailbox full": {"answers": {self.partner.email: "452 4.2.2 full"}},
            "busy": {"data_answer": "421 4.3.2 busy"},
            "hung up": {"hangs_up": True},
        }
        notice = self.sent()
        moments = []
        for number, (name, how) in enumerate(refusals.items(), 1):
            with self.subTest(name):
                self.server.answers = how.get("answers", {})
                self.server.data_answer = how.get("data_answer")
                self.server.hangs_up = how.get("hangs_up", False)
                notice.mail_id.sudo().scheduled_date = False
                self.process(notice, how.get("port"))
                self.assertEqual((notice.state, notice.delivery), ("sent", "underway"))
                self.assertEqual(
                    (notice.mail_id.state, notice.delivery_attempts), ("outgoing", number)
                )
                self.assertTrue(notice.delivery_reason)
                self.assertFalse(notice.has_left)
                moments.append(notice.mail_id.scheduled_date)
        self.assertEqual(moments, sorted(moments))
        self.assertLess(moments[1] - moments[0], moments[3] - moments[2])
        self.server.answers, self.server.data_answer, self.server.hangs_up = {}, None, False
        self.process(notice)
        self.assertFalse(self.server.taken, "not before its time")
        with self.on("2026-06-03"):
            self.process(notice)
        self.assertEqual(len(self.server.taken), 1)
        self.assertEqual((notice.delivery, str(notice.left_on)), ("taken", "2026-06-03"))

    def test_on_its_way_it_holds_level_interval_and_list_and_proves_nothing(self):
        notice = self.sent()
        self.process(notice, self.closed_port())
        for on in ("2026-06-05", "2026-06-13", "2026-07-20"):
            with self.subTest(on=on):
                self.assertFalse(self.claims(on))
        self.assertIn(notice, notice.search(notice._get_not_sent_domain()))
        self.assertFalse(self.chronology())
        other = self.invoice(self.partner, 40)
        self.history(self.first, "2026-05-10", other)
        later = self.Notice.browse().previous_notice_ids
        self.assertNotIn(notice, later)
        self.assertEqual(self.row(self.move).reason, "waiting")

    def test_the_interval_counts_from_the_day_on_which_it_left(self):
        notice = self.sent()
        self.process(notice, self.closed_port())
        with self.on("2026-06-05"):
            self.process(notice)
        self.assertEqual(str(notice.left_on), "2026-06-05")
        row = self.row(self.move)
        self.assertGreaterEqual(row.next_date, day("2026-06-12"))

    def test_past_its_printed_deadline_it_is_made_anew_and_somebody_is_told(self):
        notice = self.sent()
        self.process(notice, self.closed_port())
        self.assertEqual(str(notice.deadline), "2026-06-09")
        with self.on("2026-06-10"):
            self.process(notice)
            self.assertFalse(self.server.taken)
            self.assertEqual((notice.state, notice.delivery), ("cancelled", "refused"))
            self.assertEqual(notice.mail_id.state, "cancel")
            self.assertIn("Reminder not delivered", self.todos(notice))
            again = self.live(self.partner)
            self.assertEqual((again.level_id, str(again.deadline)), (self.first, "2026-06-18"))
            again.action_send()
            self.process(again)
        self.assertEqual(len(self.server.taken), 1)
        self.assertFalse(notice.undelivered, "a later message arrived")

    def test_what_was_queued_and_not_tried_on_its_day_is_made_anew(self):
        notice = self.sent()
        with self.on("2026-06-02"):
            self.process(notice)
            self.assertFalse(self.server.taken)
            self.assertEqual(notice.state, "cancelled")
            again = self.live(self.partner)
            self.assertEqual(str(again.date), "2026-06-02")

    def test_a_courtesy_does_not_leave_after_the_due_date_that_it_announces(self):
        partner = self.customer("Bientôt")
        self.invoice(partner, -3)
        notice = self.sent(partner)
        self.assertEqual((notice.kind, str(notice.mail_until)), ("courtesy", "2026-06-04"))
        self.process(notice, self.closed_port())
        with self.on("2026-06-05"):
            self.process(notice)
        self.assertFalse(self.server.taken)
        self.assertEqual(notice.state, "cancelled")

    def test_the_server_s_own_trouble_is_temporary_whatever_its_code(self):
        notice = self.sent()
        error = smtplib.SMTPAuthenticationError(535, b"wrong password")
        with patch("smtplib.SMTP.ehlo_or_helo_if_needed", side_effect=error):
            self.process(notice)
        self.assertEqual((notice.delivery, notice.mail_id.state), ("underway", "outgoing"))

    # -- Refused for good --------------------------------------------------------------------------

    def test_a_permanent_refusal_is_told_at_once_and_gives_the_level_back(self):
        refusals = {
            "unknown": {"answers": {"client@client.example": "550 5.1.1 no such user"}},
            "no relay": {"answers": {"client@client.example": "554 5.7.1 relay denied"}},
            "too large": {"data_answer": "552 5.3.4 message too large"},
        }
        for name, how in refusals.items():
            with self.subTest(name):
                partner = self.customer("Client")
                move = self.invoice(partner, 10)
                self.server.answers = how.get("answers", {})
                self.server.data_answer = how.get("data_answer")
                notice = self.sent(partner)
                self.process(notice)
                self.assertEqual((notice.state, notice.delivery), ("cancelled", "refused"))
                self.assertIn(next(iter(how.values())) and name and "5", notice.delivery_reason)
                self.assertEqual(self.todos(notice), ["Reminder not delivered"])
                self.assertIn(notice, notice.search(notice._get_not_sent_domain()))
                again = self.live(partner)
                self.assertEqual(again.level_id, self.first)
                self.assertIn("refused", again.blocking_reason)
                self.assertFalse(self.items(move).dunning_level_id)

    def test_an_address_that_cannot_be_written_is_refused_at_once(self):
        for email in ("compta@société.example", "dépôt@client.example"):
            with self.subTest(email):
                partner = self.customer("Accent", email=email)
                self.invoice(partner, 10)
                notice = self.draft(partner).sudo()
                notice._send_by_email(self.env.user)
                self.process(notice)
                self.assertEqual(notice.delivery, "refused")
                self.assertEqual(self.todos(notice), ["Reminder not delivered"])

    def test_the_scheduled_sending_leaves_a_refused_address_alone_until_it_is_corrected(self):
        self.server.answers = {self.partner.email: "550 no such user"}
        notice = self.sent()
        self.process(notice)
        self.run_day()
        self.assertEqual(self.live(self.partner).state, "ready")
        self.partner.email = "new@client.example"
        with self.on("2026-06-02"):
            self.run_day()
            again = self.Notice.search(
                [("partner_id", "=", self.partner.id), ("state", "=", "sent")]
            )
            self.process(again)
        self.assertEqual([to for to, _message in self.server.taken], [["new@client.example"]])
        self.assertFalse(notice.undelivered)

    def test_once_dealt_with_the_same_address_may_be_tried_again(self):
        self.server.answers = {self.partner.email: "550 no such user"}
        notice = self.sent()
        self.process(notice)
        self.assertIn("refused", self.live(self.partner)._get_email_problem())
        notice.action_settle_delivery()
        self.assertFalse(self.live(self.partner)._get_email_problem())
        self.assertNotIn(notice, notice.search(notice._get_not_sent_domain()))

    def test_the_level_stays_where_the_letter_of_the_message_was_posted(self):
        self.first.send_letter = True
        self.server.answers = {self.partner.email: "550 no such user"}
        notice = self.sent()
        self.post(notice)
        self.process(notice)
        self.assertEqual((notice.state, notice.delivery), ("sent", "refused"))
        self.assertTrue(notice.has_left)
        self.assertEqual(self.items(self.move).dunning_level_id, self.first)
        (event,) = self.chronology()
        self.assertNotIn("E-mail", event.detail)
        self.assertIn("Letter", event.detail)

    def test_the_level_stays_where_the_call_of_the_message_reached_the_customer(self):
        for outcome, state in (("message", "sent"), ("unreachable", "cancelled")):
            with self.subTest(outcome):
                partner = self.customer("Appel")
                self.invoice(partner, 10)
                self.server.answers = {partner.email: "550 no such user"}
                notice = self.sent(partner)
                notice.call_ids._record(outcome, "", "")
                self.process(notice)
                self.assertEqual(notice.state, state)

    # -- Several addresses -------------------------------------------------------------------------

    def test_one_refused_of_several_is_told_and_who_was_served_is_not_served_again(self):
        self.partner.email = "one@client.example, two@client.example, three@client.example"
        self.server.answers = {
            "two@client.example": "550 no such user",
            "three@client.example": "451 try later",
        }
        notice = self.sent()
        self.process(notice)
        self.assertEqual([to for to, _message in self.server.taken], [["one@client.example"]])
        self.assertEqual((notice.state, notice.delivery), ("sent", "partial"))
        self.assertEqual(notice.refused_to, "two@client.example")
        self.assertEqual(self.todos(notice), ["Reminder refused by an address"])
        self.assertTrue(notice.has_left)
        self.server.answers = {}
        with self.on("2026-06-02"):
            self.process(notice)
        self.assertEqual(
            [to for to, _message in self.server.taken],
            [["one@client.example"], ["three@client.example"]],
        )
        identifiers = {
            next(line for line in message.splitlines() if line.lower().startswith(b"message-id"))
            for _to, message in self.server.taken
        }
        self.assertEqual(len(identifiers), 1)
        self.assertEqual((notice.delivery, notice.mail_id.state), ("partial", "sent"))

    def test_a_message_that_reached_one_address_is_not_recalled_by_a_payment(self):
        self.partner.email = "one@client.example, two@client.example"
        self.server.answers = {"two@client.example": "451 try later"}
        notice = self.sent()
        self.process(notice)
        self.pay(self.move)
        with self.on("2026-06-02"):
            self.process(notice)
        self.assertEqual(len(self.server.taken), 1)
        self.assertEqual((notice.state, notice.delivery), ("sent", "taken"))

    # -- What others do ----------------------------------------------------------------------------

    def test_an_email_cancelled_by_other_code_is_not_delivered(self):
        notice = self.sent()
        notice.mail_id.sudo().cancel()
        self.assertEqual((notice.state, notice.delivery), ("cancelled", "refused"))

    def test_an_email_of_a_message_that_was_cancelled_does_not_leave(self):
        self.server.answers = {self.partner.email: "550 no such user"}
        notice = self.sent()
        self.process(notice)
        self.server.answers = {}
        notice.mail_id.sudo().mark_outgoing()
        self.process(notice)
        self.assertFalse(self.server.taken)

    def test_the_court_file_and_the_page_of_the_chronology_say_nothing_of_it(self):
        notice = self.sent()
        self.process(notice, self.closed_port())
        notice.action_chronology()
        page = self.env["account.dunning.chronology.page"].search([], order="id desc", limit=1)
        self.assertNotIn("E-mail", html2plaintext(str(page.events_html)))
        case = self.env["account.dunning.case"].create(
            {"company_id": self.company.id, "partner_id": self.partner.id}
        )
        self.env["account.dunning.case.item"].create(
            {"case_id": case.id, "move_line_id": self.items(self.move).id}
        )
        self.assertFalse(case._get_notices())
