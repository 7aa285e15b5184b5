"""What a status of the e-invoice's life cycle means for dunning, and its reason (XP Z12-012).

House rule: a status saying that the customer contests the invoice or never received it stops its
dunning until a person has looked at it; one that announces a payment leaves time for it to arrive.
The codes of the statuses and of their reasons are those of the French rules BR-FR-CDV-CL-06 and
BR-FR-CDV-CL-09.
"""

from __future__ import annotations

import re

PROOF, NORMAL, RESUMED = "proof", "normal", "resumed"
DISPUTE, DISPUTE_PART = "dispute", "dispute_part"
NEVER_RECEIVED, GRACE, COLLECTED = "never_received", "grace", "collected"

TREATMENTS = {
    "200": PROOF,  # deposited
    "201": PROOF,  # issued
    "202": PROOF,  # received
    "203": PROOF,  # made available
    "204": NORMAL,  # taken in charge
    "205": NORMAL,  # approved
    "206": DISPUTE_PART,  # approved in part
    "207": DISPUTE,  # disputed
    "208": DISPUTE,  # suspended
    "209": RESUMED,  # completed
    "210": DISPUTE,  # refused
    "211": GRACE,  # payment sent
    "212": COLLECTED,
    "213": NEVER_RECEIVED,  # rejected; a dispute if the reason is not the address
    "221": NEVER_RECEIVED,  # routing error
    "501": DISPUTE,  # not admissible
}
STOPS = frozenset((DISPUTE, DISPUTE_PART, NEVER_RECEIVED, GRACE, COLLECTED))
DISPUTES = frozenset((DISPUTE, DISPUTE_PART))
# The order of statuses of one day whose time is unknown: approved after a suspension, refused after
# all of them.
_ORDER = "200 201 202 203 501 221 213 204 207 208 209 206 205 210 211 212"
PLACES = {code: place for place, code in enumerate(_ORDER.split())}
# What a court file shows as proof that the invoice was sent and arrived.
PROOFS = frozenset(code for code, meaning in TREATMENTS.items() if meaning == PROOF)
# Statuses that only the holder of the invoice, or the holder's platform, can issue.
RECEIVED = frozenset(("202", "203", "204", "205", "206", "207", "208", "209", "210", "211"))
# Issued by platforms before the customer had the invoice: no longer valid once it has arrived.
BEFORE_RECEIPT = frozenset(("200", "213", "221", "501"))
NOT_TRANSMITTED = "NON_TRANSMISE"  # deposited, but the customer has no platform
WRONG_ADDRESS = frozenset(("REJ_ADR", "ADR_ERR", "ROUTAGE_ERR", NOT_TRANSMITTED))

# The reason of a status (BR-FR-CDV-CL-09), as a reason of a dispute.
_REASONS = {
    "price": "TX_TVA_ERR MONTANTTOTAL_ERR CALCUL_ERR PU_ERR REM_ERR MODPAI_ERR",
    "goods": "QTE_ERR ART_ERR QUALITE_ERR",
    "delivery": "LIVR_INCOMP",
    "administrative": """JUSTIF_ABS COORD_BANC_ERR NON_CONFORME DOUBLON DEST_INC DEST_ERR EMMET_INC
        CMD_ERR ADR_ERR SIRET_ERR CODE_ROUTAGE_ERR REF_CT_ABSENT REF_ERR REJ_SEMAN REJ_UNI REJ_COH
        REJ_CONT_B2G REJ_REF_PJ REJ_ASS_PJ IRR_VIDE_F IRR_TYPE_F IRR_SYNTAX IRR_TAILLE_PJ
        IRR_NOM_PJ IRR_VID_PJ IRR_EXT_DOC IRR_TAILLE_F IRR_ANTIVIRUS""",
    "not_received": "REJ_ADR ROUTAGE_ERR NON_TRANSMISE",
    "other": "AUTRE TRANSAC_INC CONTRAT_TERM DOUBLE_FACT",
}
REASONS = {code: reason for reason, codes in _REASONS.items() for code in codes.split()}
_CODE = re.compile(r"\[?\s*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|AUTRE|DOUBLON)\b\s*\]?[\s:–-]*")


def treatment(code: str, reason: str = "") -> str | None:
    """Return what a status means for dunning, or None if it has no effect on it.

    >>> treatment("210"), treatment("211"), treatment("299")
    ('dispute', 'grace', None)
    >>> treatment("213"), treatment("213", "REJ_ADR"), treatment("213", "REJ_SEMAN")
    ('never_received', 'never_received', 'dispute')
    >>> treatment("200"), treatment("200", "NON_TRANSMISE")
    ('proof', 'never_received')
    """
    if code == "213" and reason and reason not in WRONG_ADDRESS:
        return DISPUTE
    if code == "200" and reason == NOT_TRANSMITTED:
        return NEVER_RECEIVED
    return TREATMENTS.get(code)


def dispute_reason(code: str, reason: str = "") -> str:
    """Return the reason of the dispute that a status opens.

    >>> dispute_reason("210", "PU_ERR"), dispute_reason("207"), dispute_reason("501")
    ('price', 'other', 'administrative')
    """
    known = REASONS.get(reason, "other")
    return "administrative" if known == "other" and code in ("208", "213", "501") else known


def split_reason(text: str | None) -> tuple[str, str]:
    """Return the code at the beginning of a reason, and its text.

    >>> split_reason("[PU_ERR] Prix unitaire erroné"), split_reason("QTE_ERR"), split_reason("Oups")
    (('PU_ERR', 'Prix unitaire erroné'), ('QTE_ERR', ''), ('', 'Oups'))
    """
    text = (text or "").strip()
    found = _CODE.match(text)
    if not found or found[1] not in REASONS:
        return "", text
    return found[1], text[found.end() :].strip()
