"""Products: the ladder of what an enquiry may lead to, with what it takes."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from service.actions import products
from service.errors import not_found
from service.records import products as ladder
from service.records.database import Unit
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed_whole
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.products import ProductChanged, ProductSent, ProductShown

router = APIRouter(prefix="/api/v1/products", route_class=JsonRoute, tags=["reference data"])

Code = Annotated[str, Path(max_length=100, description="The product's code.", examples=["rapid_review"])]


def known(call: ManagerCall, code: Code) -> str:
    """Return the code of a product that there is. Raises Problem 404."""
    if call.read(lambda unit: ladder.rung(unit, code)) is None:
        raise not_found("product")
    return code


ProductCode = Annotated[str, Depends(known)]


@router.get("", response_model=Page[ProductShown], responses=PROBLEMS(400))
def list_products(call: ManagerCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
    """The whole ladder, quickest first, retired products too."""
    return call.look_up(lambda unit: listed_whole(call.request, ladder.rungs(unit), limit, cursor, show=_shown))


@router.post("", status_code=201, response_model=ProductShown, responses=PROBLEMS(body=True))
def add_product(call: ManagerCall, body: ProductSent) -> Response:
    """Add a product; plans are counted again at once."""

    def work(unit: Unit) -> Answer:
        made = products.add_product(unit, call.ctx, body)
        return Answer(_shown(made), 201, {"Location": f"{router.prefix}/{made.product.code}"})

    return call.write(work)


@router.get("/{code}", response_model=ProductShown, responses=PROBLEMS(404))
def show_product(call: ManagerCall, code: ProductCode) -> Response:
    """One product, retired or not."""

    def work(unit: Unit) -> Answer:
        found = ladder.rung(unit, code)
        if found is None:
            raise not_found("product")
        return Answer(_shown(found))

    return call.look_up(work)


@router.patch("/{code}", response_model=ProductShown, responses=PROBLEMS(404, body=True))
def change_product(call: ManagerCall, code: ProductCode, body: ProductChanged) -> Response:
    """Change a product, retire it or offer it again; plans are counted again at once."""
    return call.write(lambda unit: Answer(_shown(products.change_product(unit, call.ctx, code, body))))


def _shown(rung: ladder.Rung) -> ProductShown:
    return ProductShown.model_validate({**asdict(rung.product), "is_default": rung.is_default, "version": rung.version})
