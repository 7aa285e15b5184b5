"""What `./sandbox faults` reads from a database: how far a run came, and what must never be."""

DONE = """
    SELECT (SELECT count(*) FROM account_dunning_notice WHERE state = 'sent'),
           (SELECT count(*) FROM account_dunning_notice notice
              JOIN mail_mail mail ON mail.id = notice.mail_id AND mail.state = 'sent'),
           (SELECT count(DISTINCT move_id) FROM account_move_line
             WHERE dunning_penalty_id IS NOT NULL)
"""
BOOKED = """
    SELECT partner.name, dunning_penalty_part, sum(line.balance)
      FROM account_move_line line JOIN res_partner partner ON partner.id = line.partner_id
     WHERE dunning_penalty_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
"""
GAPS = """
    SELECT max(sequence_number) - min(sequence_number) + 1 - count(*)
      FROM account_move JOIN account_journal journal ON journal.id = journal_id
     WHERE journal.code = 'PEN' AND state = 'posted'
"""
# What must never be, whatever happened: each line is one thing that is wrong.
NEVER = """
    SELECT 'a customer has two messages of one day: ' || min(partner_id)
      FROM account_dunning_notice WHERE state = 'sent' GROUP BY partner_id, date
    HAVING count(*) > 1
     UNION ALL
    SELECT 'a message sent without its mail: ' || notice.id
      FROM account_dunning_notice notice LEFT JOIN mail_mail mail ON mail.id = notice.mail_id
     WHERE notice.state = 'sent' AND notice.send_email AND mail.id IS NULL
     UNION ALL
    SELECT 'an e-mail given up silently: ' || mail.id
      FROM mail_mail mail JOIN account_dunning_notice notice ON notice.mail_id = mail.id
     WHERE mail.state = 'exception' AND (notice.state = 'sent' OR NOT notice.undelivered)
     UNION ALL
    SELECT 'a message said to have left that no server took: ' || notice.id
      FROM account_dunning_notice notice JOIN mail_mail mail ON mail.id = notice.mail_id
     WHERE notice.has_left AND mail.state <> 'sent'
     UNION ALL
    SELECT 'an item took a level twice: ' || line.move_line_id
      FROM account_dunning_notice_line line
      JOIN account_dunning_notice notice ON notice.id = line.notice_id
     WHERE notice.state = 'sent' AND line.level_id IS NOT NULL
     GROUP BY line.move_line_id, line.level_id HAVING count(*) > 1
     UNION ALL
    SELECT 'an entry of penalties out of balance: ' || move_id
      FROM account_move_line WHERE move_id IN (
           SELECT move_id FROM account_move_line WHERE dunning_penalty_id IS NOT NULL)
     GROUP BY move_id HAVING sum(balance) <> 0
     UNION ALL
    SELECT 'an entry of penalties without its note: ' || move.id
      FROM account_move move JOIN account_journal journal ON journal.id = move.journal_id
     WHERE journal.code = 'PEN' AND move.state = 'posted' AND move.dunning_note_id IS NULL
     UNION ALL
    SELECT 'two entries of penalties of a customer on one day: ' || move.partner_id
      FROM account_move move JOIN account_journal journal ON journal.id = move.journal_id
     WHERE journal.code = 'PEN' AND move.state = 'posted' AND move.partner_id IS NOT NULL
     GROUP BY move.partner_id, move.date HAVING count(*) > 1
"""
_UNTOLD = """
    SELECT 'nobody is told of the customer who was not written to'
     WHERE NOT EXISTS (
        SELECT FROM account_dunning_notice notice
          JOIN mail_activity activity ON activity.res_model = 'account.dunning.notice'
           AND activity.res_id = notice.id
         WHERE {})
"""
# What a trial must leave beside: by kind, each line is one thing that is wrong.
TOLD = {
    "unknown": _UNTOLD.format("notice.undelivered AND notice.state = 'cancelled'"),
    "deadly": _UNTOLD.format("notice.blocking_reason IS NOT NULL AND notice.state = 'ready'"),
}
UNTOLD_COMPANY = """
    SELECT 'the failures of the company are noted on ' || count(DISTINCT run.kind) || ' runs, not 3'
      FROM account_dunning_run_failure failure JOIN account_dunning_run run ON run.id = run_id
     WHERE failure.res_model = 'res.company'
    HAVING count(DISTINCT run.kind) <> 3
"""
