"""An e-mail that another transaction has, where an administrator limits how long one waits."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..connections import ConnectionsCase

LOCK = "SELECT FROM mail_mail WHERE id = %s FOR UPDATE"


@tagged("post_install", "-at_install")
class TestWaitingForALock(ConnectionsCase):
    """Two real transactions, on connections of their own."""

    def setUp(self):
        super().setUp()
        env = self.open()
        partner = env["res.partner"].create({"name": "Waiting customer"})
        notice = env["account.dunning.notice"].create(
            {
                "company_id": env.ref("base.main_company").id,
                "partner_id": partner.id,
                "level_id": env.ref("account_dunning_fr.level_first").id,
                "state": "sent",
                "delivery": "underway",
            }
        )
        mail = env["mail.mail"].create(
            {"model": notice._name, "res_id": notice.id, "body_html": "Pay", "state": "outgoing"}
        )
        notice.mail_id = mail
        self.ids = {
            "account_dunning_notice": notice.id,
            "mail_mail": mail.id,
            "mail_message": mail.mail_message_id.id,
            "res_partner": partner.id,
        }
        env.cr.commit()
        sending = patch.object(type(env["ir.mail_server"]), "_disable_send", lambda *_args: False)
        self.startPatcher(sending)

    def remove(self, env):
        env.cr.execute(
            "DELETE FROM mail_message WHERE model = 'account.dunning.notice' AND res_id = %s",
            [self.ids["account_dunning_notice"]],
        )
        for table, row_id in self.ids.items():
            env.cr.execute(f"DELETE FROM {table} WHERE id = %s", [row_id])

    def take(self, env):
        return env["mail.mail"].browse(self.ids["mail_mail"])._take_dunning_for_sending(True)

    def get_tries(self):
        env = self.open()
        return env["account.dunning.notice"].browse(self.ids["account_dunning_notice"]).tries

    def test_it_is_left_to_the_other_and_counts_as_no_try(self):
        sender, other = self.open(), self.open()
        sender.cr.execute("SET lock_timeout = '200ms'")
        commit = type(sender["ir.cron"])._commit_progress

        def lose(cron, *args, **kwargs):
            """Let the other transaction take the e-mail as soon as it may."""
            result = commit(cron, *args, **kwargs)
            other.cr.execute(LOCK, [self.ids["mail_mail"]])
            return result

        with patch.object(type(sender["ir.cron"]), "_commit_progress", lose):
            self.assertFalse(self.take(sender))
        sender.cr.commit()
        self.assertEqual(self.get_tries(), 0)
        other.cr.rollback()
        self.assertTrue(self.take(sender), "taken by the next run")
        sender.cr.commit()
        self.assertEqual(self.get_tries(), 1)

    def test_what_another_has_from_the_beginning_is_left_to_him(self):
        sender, other = self.open(), self.open()
        other.cr.execute(LOCK, [self.ids["mail_mail"]])
        self.assertFalse(self.take(sender))
        self.assertEqual(self.get_tries(), 0)

    def test_the_scheduled_sending_goes_on_to_the_next_message(self):
        sender, other = self.open(), self.open()
        other.cr.execute(LOCK, [self.ids["mail_mail"]])
        sender.cr.execute("SET lock_timeout = '200ms'")
        sender.cr.commit()
        notice = sender["account.dunning.notice"].browse(self.ids["account_dunning_notice"])

        def wait(notices, _today):
            notices.env.cr.execute(LOCK, [self.ids["mail_mail"]])

        with mute_logger("odoo.sql_db"), patch.object(type(notice), "_send_locked", wait):
            self.assertTrue(notice._send_scheduled(fields.Date.today()))
        self.assertFalse(notice.blocking_reason, "what goes by itself is told to nobody")
