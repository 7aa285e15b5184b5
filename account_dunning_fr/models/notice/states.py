"""The states of a notice, its channels, and who writes back."""

STATES = [("draft", "To confirm"), ("ready", "Ready"), ("sent", "Sent"), ("cancelled", "Cancelled")]
# In these states a person may change what the notice says; its figures follow the books.
OPEN = "draft ready"
LIVE = tuple(OPEN.split())
CHANNELS = ("send_email", "send_letter", "send_registered", "make_call")
WAITING = ("underway", "partial")  # states of delivery in which an e-mail may still be sent
# A call with any other outcome reached the person, or left a message.
NO_CONTACT = "unreachable"
# Who wrote an e-mail received in reply to a notice.
DEBTOR, OURS, AUTOMATIC, OTHER = "debtor", "ours", "automatic", "other"
