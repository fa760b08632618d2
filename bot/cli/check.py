"""``parvis check``: the findings as a table; exit 0 only when all is well."""

import asyncio

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.checkup import Finding, check_everything
from bot.cli.terminal import say, spoken
from bot.i18n.marks import N_
from bot.settings import load_settings
from bot.startup import use_endpoint


def check() -> int:
    """Look at everything and show it; 0 when all is well, else 1."""
    settings = load_settings()
    if settings.discord_url is not None:
        use_endpoint(settings.discord_url)

    async def work() -> list[Finding]:
        return [finding async for finding in check_everything(settings)]

    findings = asyncio.run(work())
    Console().print(_table(findings))
    if any(finding.problem for finding in findings):
        say(N_("Not everything is well: see the lines above."))
        return 1
    say(N_("All is well."))
    return 0


def _table(findings: list[Finding]) -> Table:
    t = spoken()
    table = Table(t(N_("What")), t(N_("Where")), t(N_("State")))
    for finding in findings:
        problem = finding.problem
        state = Text(t(problem.message, **problem.params), "red") if problem else Text("✓", "green")
        table.add_row(t(finding.subject), Text(finding.where), state)
    return table
