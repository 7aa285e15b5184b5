"""Who answered a reminder: the debtor, one of ours, a program, or somebody else."""

from odoo import Command
from odoo.tests import tagged

from .. import case_common

MAIL = """Return-Path: <{path}>
From: {sender}
To: catchall@creancier.example
Subject: {subject}
Message-ID: <{number}@mx.example>
In-Reply-To: {reference}
References: {reference}
Date: Mon, 01 Jun 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
{headers}
{words}
"""


@tagged("post_install", "-at_install")
class TestReplies(case_common.CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("mail.catchall.alias", "catchall")
        cls.partner.email = "compta@debiteur.example"
        cls.company.partner_id.dunning_lang = "en_US"  # of to-dos and of the names of pieces
        cls.contact = cls.env["res.partner"].create(
            {"name": "Marie", "parent_id": cls.partner.id, "email": "marie@debiteur.example"}
        )
        cls.colleague = cls.new_user(
            "colleague", "account.group_account_invoice", email="paul@creancier.example"
        )
        cls.numbers = iter(range(1000))

    def sent(self):
        """Return a reminder sent to an address that is on no contact any more."""
        notice = self.notice(self.first, "2026-05-20", *self.moves)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_dunning_notice SET sent_to = %s, message_ref = %s WHERE id = %s",
            (
                "Old address <ancienne@debiteur.example>, direction@holding.example",
                f"<notice{notice.id}-openerp-{notice.id}-account.dunning.notice@creancier.example>",
                notice.id,
            ),
        )
        notice.invalidate_recordset()
        return notice

    def receive(self, notice, sender, subject="Re: Relance", path="x@y.example", headers=""):
        """Receive an e-mail on the reminder by the mail gateway, and return it."""
        self.env["mail.thread"].message_process(
            notice._name,
            MAIL.format(
                sender=sender,
                subject=subject,
                path=path,
                headers=f"{headers}\n" if headers else "",
                number=next(self.numbers),
                reference=notice.message_ref,
                words="Nous payons vendredi.",
            ),
            thread_id=notice.id,
        )
        return notice.message_ids.sorted("id")[-1]

    def assert_origin(self, origin, *mails):
        notice = self.sent()
        for mail in mails:
            with self.subTest(**mail):
                message = self.receive(notice, **mail)
                self.assertIn("vendredi", message.body)
                self.assertEqual(message._get_dunning_origin(notice), origin)
        return notice

    def test_his_contacts_and_the_exact_address_written_to_are_the_debtor(self):
        self.partner.email = "a@debiteur.example; compta@debiteur.example"
        notice = self.assert_origin(
            "debtor",
            {"sender": "Marie <marie@debiteur.example>"},
            {"sender": "MARIE@debiteur.example"},
            {"sender": "compta@debiteur.example"},
            {"sender": "ancienne@debiteur.example"},
            {"sender": "La direction <direction@holding.example>"},
        )
        self.assertEqual(
            notice.activity_ids.mapped("summary"), ["The customer answered the reminder"]
        )

    def test_anybody_else_is_told_by_his_name(self):
        other = self.customer("Avocat", email="maitre@avocat.example")
        notice = self.assert_origin(
            "other",
            {"sender": f"Maître <{other.email}>"},
            {"sender": "inconnu@debiteur.example"},
            {"sender": "xmarie@debiteur.example"},
            {"sender": "marie@debiteur.example.attacker.example"},
        )
        for summary in notice.activity_ids.mapped("summary"):
            self.assertRegex(summary, "^Received on the reminder, from ")

    def test_a_colleague_is_one_of_ours(self):
        notice = self.assert_origin(
            "ours",
            {"sender": "Paul <paul@creancier.example>"},
            {"sender": "PAUL@creancier.example"},
        )
        self.colleague.active = False
        message = self.receive(notice, "paul@creancier.example")
        self.assertEqual(message._get_dunning_origin(notice), "ours")
        self.assertFalse(notice.activity_ids)

    def test_what_a_program_sent_is_no_answer(self):
        notice = self.assert_origin(
            "automatic",
            {"sender": "marie@debiteur.example", "headers": "Auto-Submitted: auto-replied"},
            {"sender": "marie@debiteur.example", "headers": "X-Autoreply: yes"},
            {"sender": "marie@debiteur.example", "headers": "Precedence: auto_reply"},
            {"sender": "compta@debiteur.example", "subject": "Réponse automatique : congés"},
            {"sender": "compta@debiteur.example", "subject": "Automatic reply: away"},
            {"sender": "compta@debiteur.example", "subject": "Absence du bureau"},
            {"sender": "compta@debiteur.example", "subject": "Lu : Relance"},
        )
        self.assertFalse(notice.activity_ids)

    def test_an_answer_that_speaks_of_an_absence_is_one(self):
        self.assert_origin(
            "debtor",
            {"sender": "marie@debiteur.example", "subject": "Re: absence du bureau de contrôle"},
            {"sender": "marie@debiteur.example", "headers": "Auto-Submitted: no"},
            {"sender": "marie@debiteur.example", "subject": "Votre réponse automatique"},
        )

    def test_the_file_tells_each_as_what_it_is(self):
        notice = self.sent()
        for sender, subject, headers in (
            ("marie@debiteur.example", "Nous payons", ""),
            ("maitre@avocat.example", "Je conteste", ""),
            ("paul@creancier.example", "Rappel", ""),
            ("marie@debiteur.example", "Absente", "Auto-Submitted: auto-replied"),
        ):
            self.receive(notice, sender, subject, headers=headers)
        case = self.prepare_case()
        names = case.piece_ids.filtered(lambda piece: piece.category == "exchange").mapped("name")
        self.assertEqual(len(names), 3)
        told = " | ".join(names)
        # A file is in the language of its court.
        self.assertRegex(told, r"(E-mail of the debtor|E-mail du débiteur) [^|]*:\sNous payons")
        self.assertRegex(told, r"(received from|reçu de) maitre@avocat.example\s?:\sJe conteste")
        self.assertRegex(told, r"(Our|Notre) e-mail [^|]*:\sRappel")
        self.assertNotIn("Absente", told)
        events = self.env["account.dunning.chronology"]._get_events(self.partner, self.company)
        titles = [event.title for event in events if event.kind in ("email_in", "email_out")]
        self.assertEqual(
            sorted(titles),
            [
                "Automatic answer",
                "E-mail of the customer",
                "E-mail received from somebody else",
                "Message sent",
            ],
        )

    def test_its_files_are_those_of_who_answered(self):
        notice = self.sent()
        self.env["mail.message"].create(
            {
                "model": notice._name,
                "res_id": notice.id,
                "message_type": "email",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "date": "2026-05-25 09:00:00",
                "email_from": "marie@debiteur.example",
                "dunning_automatic": True,
                "attachment_ids": [Command.link(self.attachment(notice, "congés.pdf").id)],
            }
        )
        case = self.prepare_case()
        self.assertFalse(case.piece_ids.filtered(lambda piece: "congés" in (piece.name or "")))
