"""The product ladder: add a rung, change one, retire one. The defaults of the code stay; what is recorded stands in for them.

Every plan is counted again at once.
"""

import re
from typing import Annotated, Any

from pydantic import Field

from service import vocabulary
from service.actions.audit import audit
from service.actions.planning import replan
from service.actions.shapes import Name, OneOf, Sent
from service.context import Context
from service.errors import conflict, invalid, not_found
from service.records import products
from service.records.database import Unit
from service.records.products import Rung
from service.records.tables import Product as ProductRow
from service.workflows.products import BANDS, PRODUCTS

ProductKind = Annotated[str, OneOf(vocabulary.PRODUCT_KINDS)]
PayingBand = Annotated[str, OneOf({band: vocabulary.BUDGET_BANDS[band] for band in BANDS})]
Days = Annotated[int, Field(ge=1, le=2_000)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", examples=["rapid_review"])]

_FACTS = ("label", "phrase", "kind", "typical", "long", "least_budget")


class ProductEntry(Sent):
    """A new rung of the ladder."""

    code: Code | None = Field(default=None, description="Made of the label when left out; it never changes.")
    label: Name
    phrase: Name | None = Field(default=None, description="The label inside a sentence; the label when left out.")
    kind: ProductKind
    typical: Days = Field(description="Working days it usually takes.")
    long: Days | None = Field(default=None, description="Working days it may take; null where it has no usual end.")
    least_budget: PayingBand = Field(default="none", description="The lowest budget band that pays for it.")


class ProductChange(Sent):
    """What is to change of a rung; what is not sent stays."""

    label: Name = Field(default_factory=str)
    phrase: Name = Field(default_factory=str)
    kind: ProductKind = Field(default_factory=str)
    typical: Days = Field(default_factory=int)
    long: Days | None = None
    least_budget: PayingBand = Field(default_factory=str)
    retired: bool = Field(default_factory=bool, description="No longer offered; what was agreed keeps its name.")


def add_product(unit: Unit, ctx: Context, entry: ProductEntry) -> Rung:
    """Add a rung and return it. Raises Problem 409 when its code or name is taken, 422 for a long shorter than the typical."""
    code = entry.code or _code_of(entry.label)
    if products.rung(unit, code) is not None:
        raise conflict(f"There is a product with the code {code} already.", existing=code)
    row = ProductRow(
        code=code,
        label=entry.label,
        phrase=entry.phrase or entry.label,
        kind=entry.kind,
        typical=entry.typical,
        long=entry.long,
        least_budget=entry.least_budget,
        updated_at=ctx.now,
    )
    _require_sense(unit, row)
    unit.add(row)
    unit.flush()
    audit(unit, ctx, "create", f"product:{code}", label=row.label)
    replan(unit, ctx)
    return _stands(unit, code)


def change_product(unit: Unit, ctx: Context, code: str, change: ProductChange) -> Rung:
    """Change a rung, a default too, and return it; what stands there already changes nothing.

    Raises Problem 404 for an unknown code, 409 for a name that another has, 422 for a long shorter than the typical.
    """
    facts: dict[str, Any] = change.model_dump(exclude_unset=True)
    row, is_new = _row(unit, ctx, code)
    is_retired = facts.pop("retired", row.retired_at is not None)
    changed = sorted(name for name, value in facts.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, facts[name])
    if is_retired != (row.retired_at is not None):
        row.retired_at = ctx.now if is_retired else None
        changed.append("retired")
    if not changed:
        return _stands(unit, code)
    _require_sense(unit, row)
    row.version = 1 if is_new else row.version + 1
    row.updated_at = ctx.now
    unit.add(row)
    unit.flush()
    audit(unit, ctx, "change", f"product:{code}", changed=changed)
    replan(unit, ctx)
    return _stands(unit, code)


def retire_product(unit: Unit, ctx: Context, code: str) -> Rung:
    """Offer a rung no longer, and return it; `change_product` with `retired` false offers it again."""
    return change_product(unit, ctx, code, ProductChange(retired=True))


def require_offered(unit: Unit, code: str | None) -> None:
    """Raise Problem 422 for the code of a product that may not be chosen; None chooses nothing."""
    offered = products.labels(unit)
    if code is not None and code not in offered:
        raise invalid("product", f"Give one of {', '.join(offered)}.")


def _row(unit: Unit, ctx: Context, code: str) -> tuple[ProductRow, bool]:
    """Return the row that stands in for a rung, or one made of the default that is not there yet."""
    found = products.locked(unit, code)
    if found is not None:
        return found, False
    default = PRODUCTS.get(code)
    if default is None:
        raise not_found("product")
    return ProductRow(code=code, updated_at=ctx.now, **{name: getattr(default, name) for name in _FACTS}), True


def _require_sense(unit: Unit, row: ProductRow) -> None:
    if row.long is not None and row.long < row.typical:
        raise invalid("long", f"Give at least {row.typical}: it cannot take less long than it usually does.")
    for other in products.ladder(unit):
        if other.code != row.code and other.label.casefold() == row.label.casefold():
            raise conflict(f"There is a product called {other.label} already.", existing=other.code)


def _code_of(label: str) -> str:
    """Return the code that a label makes, such as "rapid_review"."""
    code = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_").lstrip("0123456789_")[:60]
    if not code:
        raise invalid("label", "Give it a name with letters from a to z, or a code of its own.")
    return code


def _stands(unit: Unit, code: str) -> Rung:
    found = products.rung(unit, code)
    if found is None:
        raise not_found("product")
    return found
