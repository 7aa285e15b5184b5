"""The seal of what left: the record, the chain, its verification, and what nobody may touch."""

import json
from base64 import b64encode

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..agreement.test_plan_signature import drawing
from ..case_common import CaseCommon, pdf
from ..dunning_common import DunningCommon, day

ADDON = "account_dunning_fr"
PICTURE = drawing()


class SealCommon(DunningCommon):
    encloses_invoices = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Seal = cls.env["account.dunning.seal"].sudo()
        roles = {
            "biller": "account.group_account_invoice",
            "sender": f"{ADDON}.group_dunning_user",
            "manager": f"{ADDON}.group_dunning_manager",
            "administrator": "base.group_system",
        }
        cls.users = {name: cls.new_user(f"seal_{name}", group) for name, group in roles.items()}
        cls.users["administrator"].group_ids += cls.env.ref(f"{ADDON}.group_dunning_manager")
        cls.partner = cls.customer()

    def letter(self):
        """Print and post a registered letter."""
        move = self.invoice(self.partner, 60)
        self.history(self.firm, "2026-05-01", move)
        return self.send(self.partner)

    def email(self, name="Other"):
        """Send a first e-mail to another customer."""
        partner = self.customer(name)
        self.invoice(partner, 10)
        return self.send(partner)

    def chain(self):
        self.run_cron("seal")

    def verify(self):
        """Let the scheduled action look at everything; return what it found altered."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_dunning_seal SET checked_on = NULL")
        self.env.invalidate_all()
        self.run_cron("verify")
        self.env.invalidate_all()
        return self.Seal.search([("fault", "!=", False)])

    def behind(self, query, *values):
        """Change the database behind Odoo's back, as somebody with its password would."""
        self.env.flush_all()
        self.env.cr.execute(query, values)
        self.env.invalidate_all()

    def refuses(self, what, act):
        """Check that an act is refused, for want of a right or by a rule; nothing stays of it."""
        with self.subTest(what=what), self.assertRaises(UserError), self.env.cr.savepoint():
            act()
            self.env.flush_all()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestSealOfMessages(SealCommon):
    # -- The record --------------------------------------------------------------------------------

    def test_the_record_holds_all_that_the_message_said(self):
        notice = self.letter()
        (seal,) = notice.seal_ids
        record = json.loads(seal.content)["record"]
        self.assertEqual(
            {key: record[key] for key in ("reference", "kind", "customer", "total", "letter")},
            {
                "reference": notice.name,
                "kind": "registered",
                "customer": "Client",
                "total": "100.00 EUR",
                "letter": notice.letter_sha256,
            },
        )
        self.assertEqual(record["deadline"], str(notice.deadline))
        self.assertEqual(record["address"], notice.sent_address)
        self.assertEqual(record["signatory"], self.company.dunning_user_id.name)
        self.assertEqual(record["text"], notice.sent_html)
        self.assertEqual([line["amount"] for line in record["lines"]], ["100.00 EUR"])
        files = json.loads(seal.content)["files"]
        self.assertIn({"name": notice.letter_id.name, "sha256": notice.letter_sha256}, files)

    def test_the_enclosures_are_in_the_record(self):
        notice = self.email()
        enclosed = notice.mail_id.attachment_ids
        self.assertTrue(enclosed)
        self.assertEqual(notice.seal_ids.file_ids.attachment_id, enclosed)
        self.assertEqual(
            notice.seal_ids.file_ids.mapped("sha256"), notice.proof_ids.mapped("sha256")
        )

    def test_a_letter_posted_after_its_email_is_sealed_with_its_own_day(self):
        self.invoice(self.partner, 20)
        self.history(self.first, "2026-05-15", self.partner.invoice_ids)
        notice = self.send(self.partner)
        self.assertTrue(notice.to_post)
        with self.on("2026-06-03"):
            notice.action_print()
            self.post(notice)
        first, *_others, last = notice.seal_ids.sorted("id")
        self.assertEqual(json.loads(first.content)["record"]["posted_on"], "")
        self.assertEqual(json.loads(last.content)["record"]["posted_on"], "2026-06-03")
        self.chain()
        self.assertFalse(self.verify())

    # -- The chain ---------------------------------------------------------------------------------

    def test_sending_waits_for_no_number_and_the_scheduled_action_gives_it(self):
        notices = self.letter() + self.email() + self.email("Third")
        self.assertEqual(notices.seal_ids.mapped("number"), [0, 0, 0])
        self.assertEqual(set(notices.seal_ids.mapped("state")), {"to_chain"})
        self.chain()
        self.assertEqual(notices.seal_ids.sorted("id").mapped("number"), [1, 2, 3])
        self.assertEqual(len(set(notices.seal_ids.mapped("sha256"))), 3)
        self.chain()
        self.assertEqual(notices.seal_ids.sorted("id").mapped("number"), [1, 2, 3])
        fourth = self.email("Fourth")
        self.chain()
        self.assertEqual(fourth.seal_ids.number, 4)

    def test_each_creditor_has_its_own_chain(self):
        first, second = self.letter(), self.email()
        other = self.env["res.company"].create({"name": "Other creditor"})
        second.seal_ids.sudo().company_id = other
        self.chain()
        self.assertEqual((first.seal_ids.number, second.seal_ids.number), (1, 1))

    def test_a_record_of_another_day_without_a_number_is_a_to_do(self):
        notice = self.letter()
        with self.on("2026-06-02"):
            self.run_cron("verify")
            self.run_cron("verify")
            tasks = self.env["account.dunning.today"]._get_tasks(self.company, day("2026-06-02"))
        todo = notice.seal_ids.activity_ids
        self.assertEqual(todo.mapped("summary"), ["Des scellés ne sont pas encore enchaînés"])
        self.assertIn("seals_waiting", [task.key for task in tasks])

    # -- Verified ----------------------------------------------------------------------------------

    def test_what_nobody_touched_is_verified(self):
        notices = self.letter() + self.email()
        self.chain()
        self.assertFalse(self.verify())
        self.assertEqual(set(notices.seal_ids.mapped("state")), {"verified"})

    def test_whatever_changed_in_the_message_is_found_and_named(self):
        notice = self.letter()
        self.chain()
        table = "account_dunning_notice"
        for column, value, name in (
            ("deadline", "2027-01-01", "deadline"),
            ("date", "2025-01-01", "date"),
            ("amount_total", 1, "total"),
            ("sent_html", "<p>Other</p>", "text"),
            ("sent_to", "other@x.example", "email"),
            ("sent_address", "Elsewhere", "address"),
            ("sent_kind", "formal_notice", "kind"),
            ("sent_signatory", "Somebody", "signatory"),
            ("custom_subject", "Other", "subject"),
            ("letter_sha256", "0" * 64, "letter"),
            ("posted_on", "2026-05-02", "posted_on"),
        ):
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self.behind(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, notice.id)
                altered = self.verify()
                self.assertEqual((altered.fault, altered.fault_detail), ("record", name))
                savepoint.rollback()
            self.env.invalidate_all()
        self.behind("UPDATE account_dunning_notice_line SET amount_due = 1")
        self.assertEqual(self.verify().fault_detail, "lines")

    def test_a_record_changed_in_the_chain_is_found(self):
        seals = (self.letter() + self.email() + self.email("Third")).seal_ids.sorted("id")
        self.chain()
        second = seals[1]
        for query, fault, found in (
            ("UPDATE account_dunning_seal SET content = '{}' WHERE id = %s", "content", second),
            ("UPDATE account_dunning_seal SET sha256 = 'x' WHERE id = %s", "chain", seals[1:]),
            ("UPDATE account_dunning_seal SET number = 9 WHERE id = %s", "gap", seals[1:]),
            (
                "UPDATE account_dunning_seal SET erased_on = now(), content = NULL WHERE id = %s",
                "erased",
                second,
            ),
        ):
            with self.subTest(fault=fault), self.env.cr.savepoint() as savepoint:
                self.behind(query, second.id)
                altered = self.verify()
                self.assertEqual(altered.sorted("id"), found)
                self.assertEqual(set(altered.mapped("fault")), {fault})
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_file_swapped_behind_is_found_and_not_given(self):
        notice = self.letter()
        self.chain()
        other = self.env["ir.attachment"].create({"name": "o", "raw": b"other"})
        self.behind(
            "UPDATE ir_attachment SET store_fname = %s, db_datas = %s WHERE id = %s",
            other.store_fname or None,
            other.db_datas or None,
            notice.letter_id.id,
        )
        altered = self.verify()
        self.assertEqual((altered.fault, altered.fault_detail), ("file", notice.letter_id.name))
        binary = self.env["ir.binary"].with_user(self.users["biller"])
        with self.assert_refused(UserError, "not given"):
            binary._get_stream_from(notice.letter_id.with_user(self.users["biller"]))
        with self.assert_refused(UserError, "not given"):
            notice.with_user(self.users["biller"])._get_letters_pdf()

    def test_the_first_difference_leaves_one_to_do(self):
        seals = (self.letter() + self.email()).seal_ids
        self.chain()
        self.behind("UPDATE account_dunning_notice SET amount_total = 1 WHERE state = 'sent'")
        self.assertEqual(self.verify(), seals)
        self.assertEqual(len(seals.activity_ids), 1)
        self.verify()
        self.assertEqual(len(seals.activity_ids), 1)
        self.assertEqual(seals.activity_ids.user_id, self.company.dunning_user_id)
        tasks = self.env["account.dunning.today"]._get_tasks(self.company)
        self.assertIn("seals_altered", [task.key for task in tasks])

    def test_a_reader_verifies_himself(self):
        notice = self.letter()
        self.chain()
        reader = self.new_user("seal_reader", "account.group_account_readonly", lang="en_US")
        said = notice.seal_ids.with_user(reader).action_verify()["params"]
        self.assertEqual((said["type"], said["title"]), ("success", "Intact"))
        self.behind("UPDATE account_dunning_notice SET amount_total = 1")
        said = notice.seal_ids.with_user(reader).action_verify()["params"]
        self.assertEqual((said["type"], said["title"]), ("danger", "Altered"))

    def test_the_chronology_prints_the_number_and_the_sum(self):
        notice = self.letter()
        self.chain()
        page = self.env["account.dunning.chronology.page"].create(
            {"partner_id": self.partner.id, "company_id": self.company.id}
        )
        for text in (f"Seal no. {notice.seal_ids.number}", notice.seal_ids.printed_sha256):
            self.assertIn(text, page.events_html)

    # -- The level ---------------------------------------------------------------------------------

    def test_editing_a_level_changes_no_past(self):
        notice = self.letter()
        level = notice.level_id
        before = (notice.kind, notice.display_name, notice.level_name)
        self.refuses(
            "kind of a used level",
            lambda: level.with_user(self.users["manager"]).write({"kind": "formal_notice"}),
        )
        level.with_user(self.users["manager"]).name = "Renamed"
        self.behind(
            "UPDATE account_dunning_level SET kind = 'formal_notice' WHERE id = %s", level.id
        )
        level.modified(["kind", "name"])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((notice.kind, notice.display_name, notice.level_name), before)
        chronology = self.env["account.dunning.chronology"]
        titles = [e.title for e in chronology._get_events(self.partner, self.company)]
        self.assertNotIn("Renamed", titles)

    def test_the_kind_of_a_level_that_was_never_sent_may_change(self):
        policy = self.new_policy((5, "reminder"), (20, "registered"))
        level = policy.level_ids[-1]
        level.with_user(self.users["manager"]).kind = "formal_notice"
        self.assertEqual(level.kind, "formal_notice")
        self.history(level, "2026-05-01", self.invoice(self.partner, 60))
        self.refuses(
            "kind of a level in the history",
            lambda: level.with_user(self.users["manager"]).write({"kind": "registered"}),
        )

    # -- What nobody may touch ---------------------------------------------------------------------

    def test_no_role_replaces_or_deletes_a_file_that_left(self):
        files = (self.letter() + self.email()).seal_ids.file_ids.attachment_id
        self.assertGreaterEqual(len(files), 2)
        for name, user in self.users.items():
            for file in files.with_user(user):
                self.refuses((name, "raw"), lambda f=file: f.write({"raw": b"x"}))
                self.refuses((name, "empty"), lambda f=file: f.write({"datas": False}))
                self.refuses((name, "moved"), lambda f=file: f.write({"res_id": 1}))
                self.refuses((name, "url"), lambda f=file: f.write({"type": "url", "url": "x"}))
                self.refuses((name, "deleted"), lambda f=file: f.unlink())

    def test_no_role_writes_or_deletes_a_seal(self):
        seal = self.letter().seal_ids
        self.chain()
        for name, user in self.users.items():
            mine = seal.with_user(user)
            self.refuses((name, "write"), lambda s=mine: s.write({"content": "{}"}))
            self.refuses((name, "number"), lambda s=mine: s.write({"number": 7}))
            self.refuses((name, "delete"), lambda s=mine: s.unlink())
            self.refuses((name, "file"), lambda s=mine: s.file_ids.unlink())
            self.refuses((name, "copy"), lambda s=mine: s.copy())
        self.refuses("full rights", lambda: seal.sudo().unlink())

    def test_no_role_rewrites_the_history_of_what_left(self):
        notice = self.email()
        message = notice.mail_id.mail_message_id
        note = notice.with_user(self.users["sender"]).message_post(body="Called")
        for name, user in self.users.items():
            for mine in (message.with_user(user), note.with_user(user), note.sudo()):
                self.refuses((name, "body"), lambda m=mine: m.write({"body": "Other"}))
                self.refuses((name, "moved"), lambda m=mine: m.write({"res_id": 1}))
                self.refuses((name, "author"), lambda m=mine: m.write({"email_from": "x@x.fr"}))
                self.refuses((name, "deleted"), lambda m=mine: m.unlink())
            files = message.with_user(user)
            self.refuses((name, "files"), lambda m=files: m.write({"attachment_ids": [(5,)]}))
            document = notice.with_user(user)
            self.refuses(
                (name, "edited in the chatter"),
                lambda d=document: d._message_update_content(note, body="Other"),
            )

    def test_no_role_changes_or_deletes_the_queued_email(self):
        mail = self.email().mail_id
        user = self.users["administrator"]
        for values in (
            {"body_html": "Other"},
            {"email_to": "x@x.example"},
            {"recipient_ids": [(5,)]},
            {"attachment_ids": [(5,)]},
            {"subject": "Other"},
            {"auto_delete": True},
            {"state": "cancel"},
            {"state": "sent"},
        ):
            self.refuses(values, lambda v=values: mail.with_user(user).write(v))
        self.refuses("deleted", lambda: mail.with_user(user).unlink())
        self.refuses("cancelled", lambda: mail.with_user(user).cancel())

    def test_other_messages_and_emails_may_be_changed_and_deleted(self):
        draft = self.draft(self.customer_with_invoice())
        for record in (self.partner, draft):
            note = record.message_post(body="Note")
            note.body = "Other"
            self.assertIn("Other", note.body)
            note.unlink()
            self.assertFalse(note.exists())
        mails = self.env["mail.mail"].sudo()
        mail = mails.create({"body_html": "x", "email_to": "a@x.example"})
        mail.body_html = "y"
        self.assertIn("y", mail.body_html)
        mail.unlink()
        self.assertFalse(mail.exists())

    def customer_with_invoice(self):
        partner = self.customer("Late")
        self.invoice(partner, 10)
        return partner

    def test_the_email_still_leaves(self):
        notice = self.email()
        (message,) = self.hand_over(notice)
        self.assertEqual(message["Message-Id"], notice.message_ref)
        self.assertEqual(notice.mail_id.state, "sent")
        self.chain()
        self.assertFalse(self.verify())


@tagged("post_install", "-at_install")
class TestSealOfPlans(SealCommon):
    def signed(self):
        self.invoice(self.partner, 40, 300)
        plans = self.env["account.dunning.payment.plan"].with_user(self.users["biller"])
        plan = plans.create({"partner_id": self.partner.id, "first_date": "2026-06-10"}).sudo()
        plan._sign_online("Jeanne Martin", PICTURE, "192.0.2.7", "Manager")
        return plan

    def test_a_signature_is_sealed_with_its_day_address_and_picture(self):
        plan = self.signed()
        record = json.loads(plan.seal_ids.sorted("id")[0].content)["record"]
        self.assertEqual(
            (record["signer"], record["signed_on"], record["signed_from"]),
            ("Jeanne Martin", "2026-06-01", "192.0.2.7"),
        )
        self.assertEqual(record["agreement"], plan.signed_sha256)
        self.assertEqual(len(record["signature"]), 64)
        self.assertEqual(len(record["instalments"]), 3)
        self.chain()
        self.assertFalse(self.verify())

    def test_a_signature_altered_behind_is_found(self):
        plan = self.signed()
        self.chain()
        for column, value in (
            ("signer", "Other"),
            ("signed_ip", "198.51.100.1"),
            ("signed_on", "2026-05-01"),
            ("penalties", "running"),
        ):
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self.behind(
                    f"UPDATE account_dunning_payment_plan SET {column} = %s WHERE id = %s",
                    value,
                    plan.id,
                )
                self.assertEqual(self.verify().fault, "record")
                savepoint.rollback()
            self.env.invalidate_all()
        self.behind("UPDATE account_dunning_payment_plan_line SET amount = 1")
        self.assertEqual(self.verify().fault_detail, "instalments")

    def test_no_role_replaces_the_signature_or_the_agreement(self):
        plan = self.signed()
        files = plan.seal_ids.file_ids.attachment_id
        self.assertEqual(len(files), 2)
        for name, user in self.users.items():
            for file in files.with_user(user):
                self.refuses((name, "raw"), lambda f=file: f.write({"raw": b"x"}))
                self.refuses((name, "deleted"), lambda f=file: f.unlink())
        self.refuses("picture by code", lambda: plan.write({"signature": False}))
        self.refuses("plan", lambda: plan.unlink())


@tagged("post_install", "-at_install")
class TestSealOfCourtFiles(CaseCommon):
    """Hole 09: a court file that left."""

    refuses = SealCommon.refuses
    behind = SealCommon.behind
    verify = SealCommon.verify

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_once("make_left")

    def make_left(self):
        self.left = self.hand_case_over(self.ready_case(), sending="none").sudo()
        self.run_cron("seal")

    def roles(self):
        return {"biller": self.biller, "manager": self.manager}

    def test_the_file_its_documents_and_pieces_are_in_the_record(self):
        case = self.left
        (seal,) = case.seal_ids
        record = json.loads(seal.content)["record"]
        self.assertEqual(record["file"], case.dossier_sha256)
        self.assertEqual(len(record["pieces"]), case.piece_count)
        self.assertEqual(len(record["items"]), 2)
        files = seal.file_ids.attachment_id
        self.assertLessEqual(case.dossier_id | case.document_ids.attachment_id, files)
        self.assertLessEqual(case._get_included_pieces().attachment_id, files)
        self.Seal = self.env["account.dunning.seal"].sudo()
        self.assertFalse(self.verify())

    def test_nobody_replaces_or_deletes_what_left(self):
        case = self.left
        for name, user in self.roles().items():
            for file in case.seal_ids.file_ids.attachment_id.with_user(user):
                self.refuses((name, "raw"), lambda f=file: f.write({"raw": b"x"}))
                self.refuses((name, "deleted"), lambda f=file: f.unlink())

    def test_nobody_changes_a_piece_that_left(self):
        case = self.left
        piece = case.piece_ids.filtered(lambda p: p.key and p.attachment_id)[:1]
        other = self.attachment(case)
        for name, user in self.roles().items():
            mine = piece.with_user(user)
            for values in (
                {"key": False},
                {"attachment_id": other.id},
                {"name": "changed"},
                {"sequence": 1},
                {"category": "order"},
                {"file": b64encode(pdf("other"))},
                {"has_left": False},
            ):
                self.refuses((name, values), lambda m=mine, v=values: m.write(v))
            self.refuses((name, "deleted"), lambda m=mine: m.unlink())
            self.refuses((name, "left out"), lambda m=mine: m._leave_out("Because"))

    def test_no_context_key_opens_a_closed_file(self):
        case = self.left
        case._close("paid")
        for key in ("dunning_case_life", "dunning_recall", "dunning_reprint", "dunning_withdraw"):
            piece = case.piece_ids[:1].with_user(self.biller).with_context(**{key: 1})
            self.refuses(key, lambda p=piece: p.write({"name": "changed"}))

    def test_a_piece_may_still_be_added_after_the_hand_over_and_gathering_changes_none(self):
        case = self.left
        added = self.add_piece(case, "exchange", name="Reply")
        self.assertFalse(added.has_left)
        before = {piece: piece.attachment_id for piece in case.piece_ids}
        with self.fast_print():
            case.action_gather()
        for piece, attachment in before.items():
            self.assertEqual(piece.attachment_id, attachment)
        added.unlink()

    def test_a_file_taken_back_is_worked_on_and_what_left_once_is_not_deleted(self):
        case = self.left
        first = case.dossier_id
        manager = case.with_user(self.manager)
        manager.action_back_to_preparation()
        piece = case.piece_ids.filtered("has_left")[:1].with_user(self.biller)
        self.refuses("renamed", lambda: piece.write({"name": "Renamed"}))
        self.add_piece(case, "exchange", name="Reply")
        self.refuses("deleted", lambda: manager.unlink())
        self.refuses("its date emptied", lambda: manager.write({"handover_on": False}))
        self.refuses("deleted after its date was emptied", lambda: manager.unlink())
        self.refuses("first file", lambda: first.with_user(self.manager).unlink())
        self.Seal = self.env["account.dunning.seal"].sudo()
        self.assertFalse(self.verify())

    def test_a_day_corrected_is_sealed_again(self):
        case = self.left
        case.handover_on = "2026-05-30"  # the code with full rights: no person writes it
        self.run_cron("seal")
        self.assertEqual(case.seal_ids.sorted("id").mapped("number"), [1, 2])
        self.Seal = self.env["account.dunning.seal"].sudo()
        self.assertFalse(self.verify())
        self.behind("UPDATE account_dunning_case_item SET amount_at_handover = 1")
        self.assertEqual(self.verify().fault_detail, "items")
