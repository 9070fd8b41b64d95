"""Optional job: nomenklatura's YenteEnricher over `/yente`. `python tests/clients/yente_enricher.py http://127.0.0.1:8080` prints what it found.

Not among the tests, since nomenklatura (pip install nomenklatura) wants ICU and a good minute to install. Last output (nomenklatura 4.17.4):

    Qassem Soleimani -> qasem-soleimani
    Daesch -> islamic-state
    Nobody At All Here -> nothing
    expanded islamic-state -> islamic-state
"""

from __future__ import annotations

import sys
from typing import Any

QUESTIONS = (("Person", "Qassem Soleimani"), ("Organization", "Daesch"), ("Person", "Nobody At All Here"))


def main(address: str) -> None:
    """Address of the service -> the matches of three entities, and one entity expanded, on standard output."""
    from followthemoney import Dataset, StatementEntity
    from nomenklatura.cache import Cache
    from nomenklatura.db import Session, get_engine
    from nomenklatura.enrich.yente import YenteEnricher

    dataset = Dataset.make({"name": "aka", "title": "aka"})
    cache = Cache(Session(get_engine("sqlite://")), dataset, create=True)
    enricher: Any = YenteEnricher(dataset, cache, {"api": f"{address}/yente/", "cache_days": 0})
    for schema, name in QUESTIONS:
        asked = StatementEntity.from_data(dataset, {"id": "q", "schema": schema, "properties": {"name": [name]}})
        found = [match.id for match in enricher.match(asked)]
        print(name, "->", found[0] if found else "nothing")
    asked = StatementEntity.from_data(
        dataset, {"id": "islamic-state", "schema": "Organization", "properties": {"name": ["Daesch"]}}
    )
    (match, *_) = enricher.match(asked)
    print("expanded", match.id, "->", next(iter(enricher.expand(asked, match))).id)


if __name__ == "__main__":
    main(sys.argv[1])
