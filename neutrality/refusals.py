"""Refusal: an anticipated "no", with a code for machines and words for people. Anything else that is raised is a bug.

class NotDraft(Refusal):
    code = "not_draft"
    message = _("This inventory was submitted; start a correction instead.")

raise NotDraft                     raise NotDraft(_("…"), field="state")
raise Refusal("too_late", _("…"))  raise Refusal.many(problems)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is (`field`, `row`, both optional) and what to do."""

    code: str
    message: Any
    field: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        return f"{self.row}: {self.message}" if self.row is not None else str(self.message)


class Refusal(Exception):
    """Raised by operations; shown by views with status 422, the form kept."""

    code: str = "refused"
    message: Any = ""
    problems: tuple[Problem, ...]

    def __init__(self, *said: Any, field: str | None = None, row: int | None = None):
        code, message = (type(self).code, type(self).message)
        if len(said) == 1:
            (message,) = said
        elif len(said) == 2:
            code, message = said
        super().__init__(code)
        self._hold((Problem(code, message, field, row),))

    @classmethod
    def many(cls, problems: Iterable[Problem]) -> Self:
        """One refusal for all problems at once; there is at least one."""
        refusal = cls()
        refusal._hold(tuple(problems))
        return refusal

    def _hold(self, problems: tuple[Problem, ...]) -> None:
        if not problems:
            raise ValueError("a refusal names at least one problem")
        self.problems = problems
        self.code = problems[0].code
        self.message = problems[0].message

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)

    def put_on(self, form: Any) -> None:
        """Show every problem on `form`: beside its field where the form has it, else on top."""
        for problem in self.problems:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
