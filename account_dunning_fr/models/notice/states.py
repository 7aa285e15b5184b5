"""The states of a notice, the ways in which it leaves, and who writes back."""

STATES = [("draft", "To confirm"), ("ready", "Ready"), ("sent", "Sent"), ("cancelled", "Cancelled")]
# While these last, a person may change what the message says; the figures follow the books.
OPEN = "draft ready"
LIVE = tuple(OPEN.split())
CHANNELS = ("send_email", "send_letter", "send_registered", "make_call")
WAITING = ("underway", "partial")  # states of delivery in which an e-mail may still leave
# A call with any other outcome reached the person, or left a message.
NO_CONTACT = "unreachable"
# Who wrote an e-mail that came back on a reminder.
DEBTOR, OURS, AUTOMATIC, OTHER = "debtor", "ours", "automatic", "other"
