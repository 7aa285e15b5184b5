"""The states of a court file, those in which it is out of our hands, and its choices."""

STATES = [
    ("preparation", "In preparation"),
    ("handed_over", "Handed on"),
    ("commanded", "Commandement served"),
    ("contested", "Contested"),
    ("recorded", "Record of non-contestation"),
    ("filed", "Filed"),
    ("order", "Order made"),
    ("served", "Served"),
    ("opposition", "Opposition"),
    ("enforceable", "Enforceable"),
    ("executed", "Executed"),
    ("closed", "Closed"),
]
# It has left, and is not closed.
LEFT = tuple(state for state, _label in STATES if state not in ("preparation", "closed"))
CLOSE_REASONS = [
    ("paid", "Paid in full"),
    ("lost", "Irrecoverable"),
    ("withdrawn", "Withdrawn: ordinary reminders go on"),
]
MANDATE_SCOPES = [
    ("amicable", "Amicable recovery only"),
    ("order", "Order to pay, service and execution"),
    ("service", "Service and execution of an order"),
    ("all", "All useful steps"),
]
