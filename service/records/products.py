"""The product ladder as it stands here: the defaults, with the rungs that were changed, added or retired in their place."""

from dataclasses import dataclass

from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import Product as ProductRow
from service.workflows.products import PRODUCTS, Product, merged


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung as it stands here, with what settings show beside it."""

    product: Product
    version: int
    """0 for a default that nobody changed; raised by each change."""
    is_default: bool
    """It is as it was delivered."""
    is_own: bool
    """It was added here: there is no default of that code."""


def ladder(unit: Unit) -> tuple[Product, ...]:
    """Return every rung, quickest first, the retired ones marked (`workflows.products.offered` leaves them out)."""
    return merged(_product(row) for row in unit.exec(select(ProductRow)))


def rungs(unit: Unit) -> list[Rung]:
    """Return every rung with its version, in the order of the ladder."""
    versions = {row.code: row.version for row in unit.exec(select(ProductRow))}
    return [_rung(product, versions.get(product.code, 0)) for product in ladder(unit)]


def rung(unit: Unit, code: str) -> Rung | None:
    """Return the rung with this code, or None."""
    return next((each for each in rungs(unit) if each.product.code == code), None)


def labels(unit: Unit) -> dict[str, str]:
    """Return the names of what may be chosen, by code, as a vocabulary: the retired ones are left out."""
    return {product.code: product.label for product in ladder(unit) if not product.retired}


def locked(unit: Unit, code: str) -> ProductRow | None:
    """Return the row that stands in for a rung, locked to the end of the transaction; None while there is none."""
    return unit.exec(
        select(ProductRow)
        .where(col(ProductRow.code) == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _rung(product: Product, version: int) -> Rung:
    default = PRODUCTS.get(product.code)
    return Rung(product, version, is_default=product == default, is_own=default is None)


def _product(row: ProductRow) -> Product:
    return Product(
        code=row.code,
        label=row.label,
        phrase=row.phrase,
        kind=row.kind,
        typical=row.typical,
        long=row.long,
        least_budget=row.least_budget,
        retired=row.retired_at is not None,
    )
