"""PyPI's `reconciler`, which reconciles columns of pandas, pointed at `/reconcile`."""

from __future__ import annotations

import pytest

pd = pytest.importorskip("pandas", reason="pandas is not installed: pip install 'aka-resolver[test]'")
reconciler = pytest.importorskip("reconciler", reason="reconciler is not installed: pip install 'aka-resolver[test]'")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # of what it asks of pandas


def test_a_column_is_reconciled_with_a_type_and_a_column_beside_it(service: str) -> None:
    table = pd.DataFrame({"name": ["Dayr az-Zawr", "Tripoli", "الرقة"], "country": ["SY", "Lebanon", "SY"]})
    found = reconciler.reconcile(
        table["name"],
        type_id="place",
        property_mapping={"country": table["country"]},
        reconciliation_endpoint=f"{service}/reconcile",
    )
    best = dict(zip(found["input_value"], found["id"], strict=True))
    assert best == {"Dayr az-Zawr": "deir-ez-zor", "Tripoli": "tripoli-lebanon", "الرقة": "raqqa"}
    assert set(found["type_id"]) == {"place"}
    assert found["match"].all()


def test_all_candidates_of_many_rows_come_back_under_their_own_names(service: str) -> None:
    names = pd.Series(["Deir az-Zur", *["Daesch", "Homs", "Aleppo"] * 8])  # over ten: it asks in batches
    found = reconciler.reconcile(names, top_res="all", reconciliation_endpoint=f"{service}/reconcile")
    assert set(names) == set(found["input_value"])
    assert "islamic-state" in set(found[found["input_value"] == "Daesch"]["id"])
