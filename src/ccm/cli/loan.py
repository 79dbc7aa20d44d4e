"""One loan as a command names it, and how it stands on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ccm.cli.journey import LISTED
from ccm.cli.rights import Standing, clocks_of, roll_of, rules_of, says_period, standing, told_of
from ccm.errors import CcmError

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from ccm.cli.journey import Recorded, Rights, Work
    from ccm.memory import Triage
    from ccm.model import Case, Duty, Figures, Party
    from ccm.rights.clock import Clock
    from ccm.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan of the triage remembered last, on one day; `case` is None where nothing is overdue or due.

    `gone` says that the last triage has it no more: it is then shown as an earlier one saw it.
    """

    triage: Triage
    row: dict[str, Any]
    case: Case | None
    parties: tuple[Party, ...]
    work: Work
    gone: bool = False

    @property
    def loan_no(self) -> str:
        """The loan's number, whole."""
        return str(self.row["loan_no"])

    @property
    def duties(self) -> tuple[Duty, ...]:
        """What it owes on the day, done or not; nothing where it is not overdue."""
        return self.work.items(self.work.ranked)[0].duties if self.work.ranked else ()

    @property
    def figures(self) -> Figures:
        """What the ledger says of it."""
        from ccm.payments import figures_of

        return figures_of(self.row, self.triage.as_of)

    def party(self, asked: str | None) -> Party:
        """Return the party meant: by name or its unique part, or by role where one has it; the borrower by default.

        Raises:
            CcmError: `party-unknown`, with the parties there are.
        """
        from ccm.model import ROLE_TITLES

        if not asked:
            return self.parties[0]
        for fits in (
            [one for one in self.parties if one.name == asked],
            [one for one in self.parties if asked in {one.role, ROLE_TITLES[one.role]}],
            [one for one in self.parties if asked in one.name],
        ):
            if len(fits) == 1:
                return fits[0]
        known = "、".join(f"{ROLE_TITLES[one.role]}{one.name}" for one in self.parties)
        raise CcmError("party-unknown", where=self.loan_no, party=asked, known=known)


def loan_in(place: Workspace, asked: str, as_of: date | None, recorded: Recorded | None = None) -> Loan:
    """Find a loan of the triage remembered last and classify it for `as_of` (that triage's day where None).

    Raises:
        CcmError: `no-triage`, `loan-unknown`, `loan-ambiguous`, `loan-refused`.
    """
    from ccm.cli import journey

    triage = journey.remembered(place)
    return loan_of(place, triage, loan_no_in(triage, asked), as_of, recorded)


def loan_ever_in(place: Workspace, asked: str, as_of: date | None) -> Loan:
    """Find a loan as `loan_in` does, else, by its whole number, in the newest triage that had it.

    Raises:
        CcmError: As `loan_in`.
    """
    from ccm import memory

    try:
        return loan_in(place, asked, as_of)
    except CcmError as error:
        triage = memory.last_with(place.state, asked) if error.code == "loan-unknown" else None
        if triage is None:
            raise
        return replace(loan_of(place, triage, asked, triage.as_of), gone=True)


def loan_of(
    place: Workspace, triage: Triage, number: str, as_of: date | None, recorded: Recorded | None = None
) -> Loan:
    """Return a loan of a triage by its whole number, classified for `as_of` (that triage's day where None)."""
    from ccm.classify import classify
    from ccm.cli import journey

    policy, day = journey.policy_of(place), as_of or triage.as_of
    recorded = replace(recorded or journey.recorded_in(place), rights=_released_in(place))
    book = classify(_of_debtor(triage, number), policy, day)
    book = book.filter(book["loan_no"] == number)
    return loan_from(journey.work_on(book, triage.parties, policy, day, recorded, triage.as_of), triage)


def _released_in(place: Workspace) -> Rights:
    """Count of one loan who is released, and no more: it has no place in an order, and shows its clocks by itself."""

    def count(book: pl.DataFrame, parties: pl.DataFrame, as_of: date) -> Standing:
        import polars as pl

        own = parties.filter(pl.col("loan_no").is_in(book["loan_no"].to_list()))
        if own.filter(says_period()).is_empty():
            return Standing()  # without a look at the whole journal
        return replace(standing(place, book, own, as_of), ending={})

    return count


def _of_debtor(triage: Triage, number: str) -> pl.DataFrame:
    """The loans of whoever owes one: a company's decide its class together."""
    import polars as pl

    from ccm.frame import LOAN_COLUMNS

    loans = triage.loans.select(list(LOAN_COLUMNS))
    owner = loans.filter(pl.col("loan_no") == number)["id_no"]
    return loans.filter((pl.col("loan_no") == number) | pl.col("id_no").is_in(owner.drop_nulls().to_list()))


def loan_from(work: Work, triage: Triage) -> Loan:
    """Return the loan of a book of one."""
    from ccm.cases import parties_of

    row = work.book.row(0, named=True)
    case = work.ranked[0].case if work.ranked else None
    return Loan(triage, row, case, case.parties if case else parties_of(row, triage.parties), work)


def loan_no_in(remembered: Triage, asked: str) -> str:
    """Return the number of the loan meant: by number, by its unique end or beginning, or by the borrower's name.

    Raises:
        CcmError: `loan-unknown` with the nearest numbers, `loan-ambiguous` with the loans it may be, `loan-refused`.
    """
    import polars as pl

    asked, loans = asked.strip(), remembered.loans.select("loan_no", "borrower")
    number, name = pl.col("loan_no"), pl.col("borrower")
    if loans.filter(number == asked).height == 1:
        return asked
    for note in remembered.refused:
        if note.loan_no == asked:
            raise CcmError("loan-refused", loan_no=asked, place=note.place, reasons="；".join(note.reasons))
    ways = [name == asked]
    if len(asked) >= 2:
        ways += [number.str.ends_with(asked), number.str.starts_with(asked), name.str.contains(asked, literal=True)]
    for way in ways:
        found = loans.filter(way)
        if found.height == 1:
            return str(found.item(0, "loan_no"))
        if found.height:
            raise _ambiguous(asked, found)
    raise _unknown(asked, loans, remembered.files)


def _ambiguous(asked: str, found: pl.DataFrame) -> CcmError:
    shown = "、".join(f"{number} {name}" for number, name in found.head(LISTED).iter_rows())
    more = f" 等{found.height}笔" if found.height > LISTED else ""
    return CcmError("loan-ambiguous", asked=asked, found=f"{shown}{more}")


def _unknown(asked: str, loans: pl.DataFrame, files: tuple[str, ...]) -> CcmError:
    from difflib import get_close_matches

    near = get_close_matches(asked, loans["loan_no"].to_list(), 3) or get_close_matches(
        asked, loans["borrower"].unique(maintain_order=True).to_list(), 3
    )
    return CcmError(
        "loan-unknown",
        files="、".join(files),
        loan_no=asked,
        near=f"；是不是 {'、'.join(near)}？" if near else "",
    )


def of_loan(place: Workspace, loan: Loan) -> list[Clock]:
    """Return the clocks of one loan on its day, those that matter first."""
    from ccm.rights.clock import in_order

    work, told = loan.work, told_of(place, loan.work.as_of)
    return in_order(clocks_of(place, work.book, loan.triage.parties, work.as_of, told)[loan.loan_no])


def accelerated_on(place: Workspace, loan: Loan) -> date | None:
    """Return the day on which all of a loan fell due by a notice that arrived, None where no notice did."""
    from ccm.claims import facts_of
    from ccm.rights.count import accelerated_on as counted

    as_of = loan.work.as_of
    [facts] = facts_of(loan.work.book, loan.triage.parties, as_of)
    events = told_of(place, as_of).events.get(loan.loan_no, ())
    return counted(facts, events, as_of, rules_of(place), roll_of(place))
