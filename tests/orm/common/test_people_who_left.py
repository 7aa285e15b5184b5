"""What somebody had to do before he left is still to be done, by somebody who is there."""

from odoo.tests import tagged

from ..dunning_common import DunningCommon, day

MANAGER = "account_dunning_fr.group_dunning_manager"


@tagged("post_install", "-at_install")
class TestPeopleWhoLeft(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaver = cls.new_user("leaver", MANAGER)
        cls.contact = cls.new_user("contact", MANAGER)
        cls.company.dunning_user_id = cls.contact
        cls.debtor = cls.customer(dunning_user_id=cls.leaver.id)
        cls.move = cls.invoice(cls.debtor, 40)

    def judged(self):
        """Record proceedings that the person who leaves looks after."""
        return self.env["account.dunning.insolvency"].create(
            {
                "partner_id": self.debtor.id,
                "date_opening": "2026-05-20",
                "date_published": "2026-05-26",
                "user_id": self.leaver.id,
            }
        )

    def test_the_time_limits_of_who_leaves_are_another_s(self):
        """Odoo deletes what a user whom it archives had to do, or whom it deletes."""
        for how in (
            lambda user: user.action_archive(),
            lambda user: user.write({"active": False}),
            lambda user: user.sudo().unlink(),
        ):
            with self.env.cr.savepoint() as savepoint:
                judged = self.judged()
                deadlines = judged.activity_ids.mapped("date_deadline")
                self.assertEqual(judged.activity_ids.user_id, self.leaver)
                self.assertIn(day("2026-07-26"), deadlines)
                how(self.leaver)
                self.env.invalidate_all()
                self.assertEqual(judged.activity_ids.mapped("date_deadline"), deadlines)
                self.assertEqual(judged.activity_ids.user_id, self.contact)
                savepoint.rollback()

    def test_what_we_left_on_odoos_documents_is_another_s_too(self):
        kinds = ("receipt_moved", "debit_returned", "einvoice")
        for kind in kinds:
            self.move.activity_schedule(
                f"account_dunning_fr.mail_activity_type_{kind}", user_id=self.leaver.id
            )
        review = self.env.ref("account_dunning_fr.mail_activity_type_review")
        for partner in (self.company.partner_id, self.debtor):
            partner.activity_schedule(activity_type_id=review.id, user_id=self.leaver.id)
        todos = (self.move | self.env["account.move"]).activity_ids
        todos |= self.company.partner_id.activity_ids | self.debtor.activity_ids
        self.assertEqual(len(todos), len(kinds) + 2)
        self.leaver.action_archive()
        self.env.invalidate_all()
        self.assertEqual(todos.exists().mapped("user_id"), self.contact)
        self.assertEqual(len(todos.exists()), len(kinds) + 2)
        later = self.move.activity_schedule(
            "account_dunning_fr.mail_activity_type_einvoice", user_id=self.leaver.id
        )
        self.assertEqual(later.user_id, self.contact)

    def test_a_review_handed_on_leaves_one_for_its_deputy(self):
        review = self.env.ref("account_dunning_fr.mail_activity_type_review")
        itself, holds = self.company.partner_id, self.env["account.dunning.hold"]
        self.hold(self.debtor, date_until=False, user_id=self.contact.id)
        for user in (self.leaver, self.contact):
            itself.activity_schedule(activity_type_id=review.id, user_id=user.id)
        self.leaver.action_archive()
        self.assertEqual(len(itself.activity_ids), 2)
        self.debtor.sudo().dunning_user_id = self.contact
        holds.sudo()._review_sleeping(self.company, day("2026-06-01"))
        self.assertEqual(itself.activity_ids.mapped("user_id"), self.contact)
        self.assertEqual(len(itself.activity_ids), 1)

    def test_no_word_of_a_context_keeps_our_to_dos_from_being_made_or_closed(self):
        for key in ("mail_activity_automation_skip", "default_active"):
            value = key != "default_active"
            with self.subTest(key), self.env.cr.savepoint() as savepoint:
                model = self.env["account.dunning.insolvency"].with_context(**{key: value})
                judged = model.create(
                    {
                        "partner_id": self.debtor.id,
                        "date_opening": "2026-05-20",
                        "date_published": "2026-05-26",
                    }
                )
                self.env.invalidate_all()
                todos = judged.with_env(self.env).activity_ids
                self.assertIn(day("2026-07-26"), todos.mapped("date_deadline"))
                move = self.move.with_context(**{key: value})
                kind = "account_dunning_fr.mail_activity_type_einvoice"
                move.activity_schedule(kind, user_id=self.contact.id)
                self.assertEqual(len(self.move.activity_search([kind])), 1)
                move.activity_unlink([kind])
                self.assertFalse(self.move.activity_search([kind]))
                savepoint.rollback()

    def test_what_is_not_ours_goes_as_odoo_decides(self):
        self.debtor.activity_schedule("mail.mail_activity_data_todo", user_id=self.leaver.id)
        self.leaver.action_archive()
        self.assertFalse(self.debtor.activity_ids)

    def test_what_comes_up_later_is_for_who_is_there(self):
        self.leaver.action_archive()
        self.assertEqual(self.judged().activity_ids.user_id, self.contact)
        self.assertEqual(self.move._get_dunning_responsible(), self.contact)

    def test_without_a_contact_a_manager_of_the_creditor_does_it(self):
        self.company.dunning_user_id = self.leaver
        stranger = self.env["res.company"].create({"name": "Other company"})
        self.new_user("stranger", MANAGER, company=stranger)
        self.leaver.action_archive()
        deputy = self.judged().activity_ids.user_id
        self.assertTrue(deputy.active and self.company in deputy.company_ids)
        self.assertTrue(deputy.has_group(MANAGER))

    def test_what_the_scheduler_leaves_is_for_a_person(self):
        robot = self.env.ref("base.user_root")
        todo = self.judged().activity_schedule("mail.mail_activity_data_todo", user_id=robot.id)
        self.assertEqual(todo.user_id, self.contact)
