-- A copy of a database sends nothing, books nothing and opens nothing.

-- Sending, booking and the provider of registered letters, of every company.
UPDATE res_company
   SET dunning_active = false,
       dunning_book_penalties = false,
       dunning_post_penalties = false,
       dunning_debtor_page = false,
       dunning_watch_bodacc = false,
       dunning_watch_register = false,
       dunning_registered_provider = 'manual';

-- What waits to leave asks a person again, even where somebody switches the sending on.
UPDATE account_dunning_notice
   SET state = 'draft', confirmed_by = NULL
 WHERE state = 'ready';
UPDATE account_dunning_notice_line line
   SET state = 'draft'
  FROM account_dunning_notice notice
 WHERE notice.id = line.notice_id AND line.state = 'ready';
UPDATE mail_mail mail
   SET state = 'cancel'
  FROM mail_message message
 WHERE message.id = mail.mail_message_id
   AND mail.state = 'outgoing'
   AND message.model LIKE 'account.dunning.%';

-- Links to court files, to agreements to sign and to the page of a customer: those of the original
-- open nothing here.
UPDATE account_dunning_link SET until = DATE '2000-01-01';
UPDATE account_dunning_case SET share_token = NULL, share_until = NULL;
UPDATE account_dunning_payment_plan SET access_token = NULL;

-- Scheduled actions that write to customers or providers, and work left in the queue.
UPDATE ir_cron
   SET active = false
  FROM ir_model_data data
 WHERE data.model = 'ir.cron'
   AND data.module = 'account_dunning_fr'
   AND data.res_id = ir_cron.id
   AND data.name IN ('ir_cron_send', 'ir_cron_queue', 'ir_cron_registered', 'ir_cron_monthly',
                     'ir_cron_penalties', 'ir_cron_retention', 'ir_cron_bodacc', 'ir_cron_register');
UPDATE account_dunning_run SET state = 'failed' WHERE state IN ('waiting', 'running', 'partial');
