"""What an auditor finds: the rules there are, and how often each was broken, as a table."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SENTENCE = "callers left without a sentence"
LOGGED = "calls, texts or voicemails unlogged"
PROMISE = "promises without an owner, a time and an end"
TWICE = "texts sent twice"
BACKWARDS = "statuses gone backwards"
STUCK = "rows stuck"
# Found by `tests.chaos.leaks`.
TOLD = "numbers, names and words in logs and queues"
RULES: Final = (SENTENCE, LOGGED, PROMISE, TWICE, BACKWARDS, STUCK, TOLD)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was promised; `what` names rows and sids."""

    rule: str
    what: str


@dataclass(frozen=True)
class Report:
    """What was found, and how much there was to look at."""

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]

    def table(self) -> str:
        """For people: the counts, then each rule with how often it was broken, and where."""
        found = Counter(finding.rule for finding in self.findings)
        lines = [f"{count:>7}  {what}" for what, count in self.counts.items()]
        lines += ["", *(f"{found[rule]:>7}  {rule}" for rule in dict.fromkeys((*RULES, *found)))]
        for rule in found:
            named = [finding.what for finding in self.findings if finding.rule == rule]
            lines += ["", rule, *(f"    {what}" for what in named[:20])]
            if len(named) > 20:
                lines.append(f"    and {len(named) - 20} more")
        return "\n".join(lines)
