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
        """Odoo deletes what a user whom it archives had to do."""
        for how in (lambda user: user.action_archive(), lambda user: user.write({"active": False})):
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
