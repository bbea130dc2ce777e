"""What the settings allow a project and a pledge to be; every number has its unit in its name."""

from dataclasses import dataclass
from datetime import timedelta

from services.funding.domain.errors import OutOfBounds, TooManyOpenProjects, TooManyPledges, WrongAsset


@dataclass(frozen=True, slots=True)
class FundingLimits:
    title_max_characters: int
    description_max_characters: int
    target_min_minor: int
    target_max_minor: int
    pledge_min_minor: int
    pledge_max_minor: int
    deadline_min_seconds: int
    deadline_max_seconds: int
    open_projects_per_member: int
    pledges_per_project: int


def check_project(
    limits: FundingLimits, title: str, description: str, target_minor: int, runs_for: timedelta
) -> None:
    """`runs_for`: from now to the deadline. Raises OutOfBounds naming the first field that does not fit."""
    _within("title", len(title), 1, limits.title_max_characters)
    _within("description", len(description), 0, limits.description_max_characters)
    _within("target", target_minor, limits.target_min_minor, limits.target_max_minor)
    seconds = runs_for // timedelta(seconds=1)
    _within("deadline_seconds", seconds, limits.deadline_min_seconds, limits.deadline_max_seconds)


def check_pledge(limits: FundingLimits, pledged_minor: int) -> None:
    """Raises OutOfBounds."""
    _within("debit", pledged_minor, limits.pledge_min_minor, limits.pledge_max_minor)


def check_asset(asset: str, expected_asset: str) -> None:
    """Raises WrongAsset: no target is in another union's token."""
    if asset != expected_asset:
        raise WrongAsset(asset, expected_asset)


def check_open_projects(limits: FundingLimits, open_count: int) -> None:
    """Raises TooManyOpenProjects when one more would be too many."""
    if open_count >= limits.open_projects_per_member:
        raise TooManyOpenProjects(limits.open_projects_per_member)


def check_pledges(limits: FundingLimits, pledges_count: int) -> None:
    """Raises TooManyPledges when one more would be too many."""
    if pledges_count >= limits.pledges_per_project:
        raise TooManyPledges(limits.pledges_per_project)


def _within(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise OutOfBounds(field, value, least, most)
