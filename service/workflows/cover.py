"""How far confirmed funding covers what a project costs."""

from decimal import Decimal


def short_by(*, cost: Decimal, cost_in_money: Decimal, confirmed: Decimal, confirmed_in_money: Decimal) -> Decimal:
    """Return how much is missing, in pounds; zero once the cost is covered.

    `cost_in_money` and `confirmed_in_money` are the parts of the sums that are money. Money may stand in for a
    contribution in kind, but never the other way round.
    """
    return max(cost - confirmed, cost_in_money - confirmed_in_money, Decimal("0.00"))
