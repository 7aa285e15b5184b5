"""What an act on several records did, and what it left out and why, told in one message."""

from collections import Counter

RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}
CLOSE = {"type": "ir.actions.act_window_close"}
NAMED = 10  # of those who are left out
LINES = 200  # of a file that are named; the others are counted


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
    return notify(message, tone="warning" if skipped else "success", then=then or RELOAD)


def notify(message, *, title="", tone="success", then=None):
    """Return the action that says something; unless all is well it stays until it is closed.

    :param str tone: ``success``, ``warning`` or ``danger``
    :param dict then: the action that follows; none by default
    """
    params = {"type": tone, "message": message, "sticky": tone != "success"}
    if title:
        params["title"] = title
    if then:
        params["next"] = then
    return {"type": "ir.actions.client", "tag": "display_notification", "params": params}


def name_lines(env, problems, sentences):
    """Return why the lines of a file were not taken, a line each; of many, the first ones.

    :param env: of the user
    :param problems: list of (number of the line, reason, value)
    :param dict sentences: by reason, each with one « %s » for the value
    """
    lines = [
        env._("Line %(line)s: %(problem)s", line=line, problem=sentences[reason] % (value,))
        for line, reason, value in problems[:LINES]
    ]
    if len(problems) > LINES:
        lines.append(env._("… and %s other lines.", len(problems) - LINES))
    return "\n".join(lines)


def name_skipped(env, skipped):
    """Return who is left out and why, a line each; of many, the first ones and how many others.

    :param env: of the user
    :param skipped: list of (name, reason)
    """
    lines = [
        env._("%(customer)s: %(reason)s", customer=name, reason=reason)
        for name, reason in skipped[:NAMED]
    ]
    if len(skipped) > NAMED:
        lines.append(env._("and %s others", len(skipped) - NAMED))
    return "\n".join(lines)
