"""Who wrote a message that came back on a reminder."""

# Who wrote an e-mail that came back on a reminder.
DEBTOR, OURS, AUTOMATIC, OTHER = "debtor", "ours", "automatic", "other"
