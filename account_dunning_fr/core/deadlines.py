"""The deadline modules under their former name: letters and proceedings."""

from .letter_deadline import letter_deadline
from .procedure_deadlines import (
    Deadline,
    add_months,
    claim_declaration,
    execution,
    fee_deposit,
    lawyer,
    opposition,
    order_service,
    public_interest_payment,
)

__all__ = [
    "Deadline",
    "add_months",
    "claim_declaration",
    "execution",
    "fee_deposit",
    "lawyer",
    "letter_deadline",
    "opposition",
    "order_service",
    "public_interest_payment",
]
