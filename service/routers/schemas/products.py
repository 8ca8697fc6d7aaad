"""The product ladder as managers send and read it."""

from typing import Any

from pydantic import ConfigDict, Field

from service.actions.products import PayingBand, ProductChange, ProductEntry, ProductKind
from service.routers.schemas.common import Shown

_EXAMPLE: dict[str, Any] = {
    "code": "rapid_review",
    "label": "Rapid review",
    "phrase": "a rapid review",
    "kind": "review",
    "typical": 60,
    "long": 90,
    "least_budget": "5k_to_20k",
    "retired": False,
    "is_default": True,
    "version": 0,
}


class ProductSent(ProductEntry):
    """A new product."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"label": "Citizens' jury", "kind": "evaluation", "typical": 40, "least_budget": "5k_to_20k"}]
        }
    )


class ProductChanged(ProductChange):
    """What is to change of a product; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"typical": 45, "long": 80}, {"retired": True}]})


class ProductShown(Shown):
    """What an enquiry may lead to, how long it takes, and the lowest budget that usually pays for it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    code: str
    label: str
    phrase: str = Field(description="The label inside a sentence.")
    kind: ProductKind
    typical: int = Field(description="Working days it usually takes.")
    long: int | None = Field(description="Working days it may take; null where it has no usual end.")
    least_budget: PayingBand
    retired: bool = Field(description="No longer offered; what was agreed keeps its name.")
    is_default: bool = Field(description="It is as the service was delivered.")
    version: int = Field(description="0 for a default that nobody changed.")
