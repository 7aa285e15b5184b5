"""What an act on several records did, and what it left out and why, told in one message."""

from collections import Counter

RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}
CLOSE = {"type": "ir.actions.act_window_close"}


def tell(env, done, skipped=(), then=None):
    """Return the action that says what was done, and goes on.

    :param env: of the user
    :param str done: a sentence, such as « Messages confirmed: 3. »
    :param skipped: why each record that was left out was, one reason a record
    :param dict then: the action that follows, ``CLOSE`` from a dialog; the page anew by default
    """
    skipped = list(skipped)
    message = done
    if skipped:
        counted = Counter(skipped)
        reasons = (
            "; ".join(f"{reason}: {count}" for reason, count in counted.most_common())
            if len(skipped) > 1
            else skipped[0]
        )
        left_out = env._("Left out: %(count)s (%(reasons)s).", count=len(skipped), reasons=reasons)
        message = f"{done} {left_out}".strip()
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": "warning" if skipped else "success",
            "message": message,
            "sticky": bool(skipped),
            "next": then or RELOAD,
        },
    }
