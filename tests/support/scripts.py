"""The shipped scripts as they are sent: what they share stands before them."""

from bot import catalog
from bot.settings import shipped_runbooks

#: Text by file name.
SENT = {
    f"{step.run[3]}.sh": step.run[2]
    for runbook in catalog.load(shipped_runbooks()).runbooks.values()
    for step in runbook.steps
    if step.run[:2] == ("sh", "-c")
}
