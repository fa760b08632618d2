"""What each click makes of the answers, as plain functions of what they were; a transaction applies them."""

from typing import TYPE_CHECKING, Any

from bot.capabilities import Blueprint, UnknownCapability
from bot.guilds.shape import shape_of
from cogs.administration.setup.drafts import Answers, Edit
from cogs.administration.setup.wishes import Wish, blueprints, key_of

if TYPE_CHECKING:
    from cogs.administration.setup.site import Site


def setting(field: str, value: Any) -> Edit:
    """Answer one of the plain questions."""
    return lambda answers: {**answers, field: value}


def turning(key: str, *, on: bool) -> Edit:
    """Put a capability in, or leave it out."""
    return lambda answers: {**answers, "capabilities": {**answers.get("capabilities", {}), key: on}}


def choosing(site: "Site", place: str, ids: tuple[int, ...]) -> Edit:
    """Use what exists. Where several may stand, one that is created stays in."""
    several = is_several(blueprint_of(site, place))
    create = several and site.wanted.places[place].create and not ids
    return _placing(place, Wish(ids, create))


def creating(site: "Site", place: str, *, on: bool) -> Edit:
    """Have it created, or not. Where one stands only, what was chosen gives way."""
    chosen = site.wanted.places[place].ids if is_several(blueprint_of(site, place)) else ()
    return _placing(place, Wish(chosen, on))


def blueprint_of(site: "Site", place: str) -> Blueprint:
    """Raises UnknownCapability when no feature asks for it any more."""
    return next((one for _, one in blueprints(site.bot) if key_of(one) == place), None) or _gone()


def page_of(site: "Site", place: str) -> str:
    """The page on which it is asked. Raises UnknownCapability."""
    for capability, blueprint in blueprints(site.bot):
        if key_of(blueprint) == place:
            return f"of.{capability.key}" if capability else "team"
    return str(_gone())


def is_several(blueprint: Blueprint) -> bool:
    """Whether the field holds several ids."""
    return shape_of(blueprint.section, blueprint.field).item is not None


def _gone() -> Blueprint:
    raise UnknownCapability


def _placing(place: str, wish: Wish) -> Edit:
    kept = {"ids": list(wish.ids), "create": wish.create}

    def edit(answers: Answers) -> Answers:
        return {**answers, "places": {**answers.get("places", {}), place: kept}}

    return edit
