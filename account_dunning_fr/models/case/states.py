"""The states of a court file, and in which of them it is out of our hands."""

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
# It left, and is not closed.
LEFT = tuple(state for state, _label in STATES if state not in ("preparation", "closed"))
