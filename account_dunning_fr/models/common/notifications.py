"""One message about an action on several records: what was done, what was left out, and why."""

from collections import Counter

RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}
CLOSE = {"type": "ir.actions.act_window_close"}
NAMED = 10  # of the records left out, by name
LINES = 200  # of a file, listed; the others are counted


def tell(env, done, skipped=(), then=None):
    """Return the action that reports what was done, and continues.

    :param env: environment of the user
    :param str done: a sentence, such as « Messages confirmed: 3. »
    :param skipped: the reason for each record that was left out
    :param dict then: the action that follows, ``CLOSE`` from a dialog; by default, reload the page
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
    """Return the action that shows a message; it stays until closed, unless it is a success.

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
    """Return why lines of a file were refused, one line each; only the first ones of many.

    :param env: environment of the user
    :param problems: list of (line number, reason, value)
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
    """Return who is left out and why, one line each; of many, the first ones and a count.

    :param env: environment of the user
    :param skipped: list of (name, reason)
    """
    lines = [
        env._("%(customer)s: %(reason)s", customer=name, reason=reason)
        for name, reason in skipped[:NAMED]
    ]
    if len(skipped) > NAMED:
        lines.append(env._("and %s others", len(skipped) - NAMED))
    return "\n".join(lines)
