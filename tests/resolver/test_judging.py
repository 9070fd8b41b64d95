"""Two entities that a person judged to be one are one, over new versions of their lists, until the person takes it back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aliases import corrections, joined, judgements
from aliases.entity import Alias
from aliases.errors import AkaError, InvalidError, MissingDataError, UnknownError
from aliases.judgements import Judgement
from aliases.store import FILE, Store
from resolver import Resolver, cli, judging, publish

US = """id,name,type,aliases,country,birth
us-1,Samir Ahmad AL-MITHAL,person,Sameer Al Methal|Abu Mithal,SY,
us-2,Example Shipping LLC,organization,,PA,
us-3,Karim Nadir HASSOUN,person,,IQ,
"""
UN = """id,name,type,aliases,country
un-7,Samir Ahmed al-Mithal,person,سمير أحمد المثال,SY
un-8,Entirely Other Trust,organization,,CH
un-9,Karim Nader Hassoun,person,,TR
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two lists that have one person in common."""
    monkeypatch.delenv("AKA_DATA", raising=False)
    for name, content in (("us", US), ("un", UN)):
        imported(tmp_path / "data", name, content)
    return tmp_path / "data"


def imported(data: Path, name: str, content: str) -> publish.Summary:
    file = data.parent / f"{name}.csv"
    file.write_text(content)
    return publish.import_list(data, format="csv", file=file, list_name=name)


def same(data: Path, keep: str, *others: str, **more: object) -> judging.Judged:
    return judging.judge(data, keep, others, **{"verdict": "same", "by": "ada", **more})  # type: ignore[arg-type]


# ---------------------------------------------------------------- what is served


def test_a_merged_entity_has_the_names_and_lists_of_both(data: Path) -> None:
    """It is found by the names of either list, once, and by either id."""
    judged = same(data, "us-1", "un-7", note="same birth place")
    assert judged.served
    resolver = Resolver.open(data)
    found = [candidate.entity for candidate in resolver.lookup("سمير أحمد المثال")]
    assert [(one.id, one.lists) for one in found] == [("us-1", ("un", "us"))]
    assert {"Samir Ahmed al-Mithal", "Sameer Al Methal", "سمير أحمد المثال"} <= {alias.form for alias in found[0].aliases}
    assert found[0].properties[joined.JOINED] == ["un-7"]
    assert resolver.entity("un-7") == resolver.entity("us-1")
    assert resolver.index.entity_count == 5


def test_a_merge_that_is_taken_back_leaves_both_as_they_were(data: Path) -> None:
    """Byte for byte: the same generation answers again."""
    before = Resolver.open(data).generation
    same(data, "us-1", "un-7")
    undone = judging.judge(data, "us-1", ["un-7"], verdict="open", by="ada")
    assert undone.generation == before
    assert Resolver.open(data).entity("un-7") is not None
    with Store.open(data / FILE) as store:
        assert [one.verdict for one in judgements.recorded(store)] == ["same", "open"]
        assert judgements.in_force(judgements.recorded(store)) == []


def test_a_judgement_survives_a_new_version_of_the_list(data: Path) -> None:
    """What the new version says of the entity is taken in; who is gone takes no part, and comes back into the group."""
    same(data, "us-1", "un-7")
    imported(data, "un", UN.replace("سمير أحمد المثال", "Abu Samir"))
    entity = Resolver.open(data).entity("un-7")
    assert entity is not None
    assert (entity.id, "Abu Samir" in {alias.form for alias in entity.aliases}) == ("us-1", True)
    imported(data, "us", US.replace("us-1,Samir Ahmad AL-MITHAL", "us-5,Somebody Else Entirely"))
    entity = Resolver.open(data).entity("un-7")
    assert entity is not None
    assert (entity.id, entity.lists) == ("un-7", ("un",))
    imported(data, "us", US)
    entity = Resolver.open(data).entity("un-7")
    assert entity is not None
    assert entity.lists == ("un", "us")


def test_the_lists_themselves_do_not_change(data: Path) -> None:
    """Neither the history nor the entities of a version know of judgements; the rows say what each list says."""
    with Store.open(data / FILE) as store:
        versions, entities = store.versions(), list(store.live_entities())
    same(data, "us-1", "un-7")
    with Store.open(data / FILE) as store:
        assert (store.versions(), list(store.live_entities())) == (versions, entities)


def test_a_judgement_for_later_waits_for_the_next_import(data: Path) -> None:
    """It is in the record at once, and also a list that did not change brings it to be served."""
    before = Resolver.open(data).generation
    judged = same(data, "us-1", "un-7", serve=False)
    assert (judged.served, judged.generation, Resolver.open(data).generation) == (False, before, before)
    assert [one.other for one in judging.pending(data)] == ["un-7"]
    imported(data, "un", UN)
    assert judging.pending(data) == []
    assert Resolver.open(data).index.merged == {"un-7": "us-1"}


def test_a_judgement_whose_compiling_failed_is_kept_and_waits(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person need not judge twice; what is served is as it was."""
    before = Resolver.open(data).generation
    with monkeypatch.context() as patch:
        patch.setattr(publish.compiling, "compile_generation", lambda *values, **named: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(AkaError, match="could not be written"):
            same(data, "us-1", "un-7")
    assert Resolver.open(data).generation == before
    assert [one.keep for one in judging.pending(data)] == ["us-1"]
    publish.rebuild(data)
    assert judging.pending(data) == []


# ---------------------------------------------------------------- what is refused


def test_what_contradicts_is_refused_by_name(data: Path) -> None:
    """Two that are different do not become one by way of a third."""
    judging.judge(data, "us-1", ["un-9"], verdict="different", by="ada")
    same(data, "us-1", "un-7")
    with pytest.raises(InvalidError, match="'us-1' and 'un-9' would be one"):
        same(data, "un-7", "un-9")
    assert [(one.keep, one.other) for one in _in_force(data)] == [("us-1", "un-9"), ("us-1", "un-7")]


@pytest.mark.parametrize(
    ("keep", "other", "more", "error", "says"),
    [
        ("us-1", "nobody", {}, UnknownError, "no entity has the id 'nobody'"),
        ("nobody", "us-1", {}, UnknownError, "no entity has the id 'nobody'"),
        ("us-1", "us-1", {}, InvalidError, "cannot be judged against itself"),
        ("us-1", "un-7", {"by": " "}, InvalidError, "it is not said who judges"),
        ("us-1", "un-7", {"note": "x" * 3_000}, InvalidError, "has 3000 characters"),
        ("us-1", "un-7", {"verdict": "open"}, UnknownError, "there is nothing to undo"),
    ],
)
def test_a_wrong_judgement_changes_nothing(
    data: Path, keep: str, other: str, more: dict[str, str], error: type[AkaError], says: str
) -> None:
    """And says what is wrong."""
    before = Resolver.open(data).generation
    with pytest.raises(error, match=says):
        same(data, keep, other, **more)
    assert _in_force(data) == []
    assert Resolver.open(data).generation == before


def test_without_a_list_there_is_nothing_to_judge(tmp_path: Path) -> None:
    """And no directory is made for it."""
    with pytest.raises(MissingDataError):
        same(tmp_path / "none", "a", "b")
    assert not (tmp_path / "none").exists()


def _in_force(data: Path) -> list[Judgement]:
    with Store.open(data / FILE) as store:
        return judgements.in_force(judgements.recorded(store))


# ---------------------------------------------------------------- groups


def _same(*pairs: str) -> list[Judgement]:
    return [
        Judgement(
            id=number, keep=pair[0], other=pair[-1], verdict="same" if len(pair) == 2 else "different", judged_at="",
            judged_by="a", note="", score=None, generation="",
        )
        for number, pair in enumerate(pairs)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pairs", "groups"),
    [
        ((), []),
        (("ab",), [("a", "b")]),
        (("ab", "bc"), [("a", "b", "c")]),
        (("bc", "ab"), [("a", "b", "c")]),
        (("ab", "ba"), [("b", "a")]),  # one pair, judged anew
        (("ab", "bc", "ca"), [("a", "b", "c")]),  # a circle
        (("ab", "cd"), [("a", "b"), ("c", "d")]),
        (("ab", "cb"), [("a", "b", "c")]),
        (("ab", "a-b"), []),  # judged anew: different
    ],
)
def test_pairs_become_groups_known_by_the_one_that_was_kept(pairs: tuple[str, ...], groups: list[tuple[str, ...]]) -> None:
    """The same whatever way they were joined."""
    found = judgements.groups(_same(*pairs))
    assert [group[0] for group in found] == [group[0] for group in groups]
    assert [sorted(group) for group in found] == [sorted(group) for group in groups]


# ---------------------------------------------------------------- suggestions


def test_those_that_are_alike_on_two_lists_are_suggested_and_no_others(data: Path) -> None:
    """By name in another spelling and by country; where the country differs, the score is lower."""
    found = judging.suggestions(data)
    assert {found[0].keep.id, found[0].other.id} == {"us-1", "un-7"}
    assert {"country"} <= {why.feature for why in found[0].reasons}
    pairs = [{one.keep.id, one.other.id} for one in found]
    assert {"us-2", "un-8"} not in pairs
    assert len(pairs) == len({frozenset(pair) for pair in pairs})
    karim = [one.score for one in judging.suggestions(data, min_score=0) if one.keep.id in ("us-3", "un-9")]
    assert max(karim) < found[0].score


def test_what_was_judged_is_not_suggested_again(data: Path) -> None:
    """Neither as one nor as two, until it is taken back."""
    judging.judge(data, "us-1", ["un-7"], verdict="different", by="ada")
    assert all({one.keep.id, one.other.id} != {"us-1", "un-7"} for one in judging.suggestions(data))
    judging.judge(data, "us-1", ["un-7"], verdict="open", by="ada")
    assert any({one.keep.id, one.other.id} == {"us-1", "un-7"} for one in judging.suggestions(data))
    with pytest.raises(UnknownError, match="there is no list 'eu'"):
        judging.suggestions(data, list_name="eu")


# ---------------------------------------------------------------- corrections


def test_corrections_by_hand_hold_over_a_new_version(data: Path) -> None:
    """A name added, a name dropped, a property set, the name changed; each can be undone."""
    judging.add_names(data, [("us-2", Alias("Beispiel Schifffahrt", source="review"))], by="ada")
    judging.correct(data, "us-1", lambda store: corrections.drop_name(store, "us-1", "Abu Mithal", by="ada"))
    judging.correct(data, "us-3", lambda store: corrections.set_field(store, "us-3", "birth_date", "1970", by="ada"))
    judging.correct(data, "us-3", lambda store: corrections.set_field(store, "us-3", "name", "Karim N. Hassoun", by="ada"))
    for _ in range(2):
        resolver = Resolver.open(data)
        assert [found.entity.id for found in resolver.lookup("Beispiel Schifffahrt")] == ["us-2"]
        assert [found.entity.id for found in resolver.lookup("Abu Mithal", min_score=0.9)] == []
        third = resolver.entity("us-3")
        assert third is not None
        assert (third.name, third.properties["birth_date"], third.aliases[0].form) == (
            "Karim N. Hassoun", "1970", "Karim Nadir HASSOUN",
        )  # fmt: skip
        imported(data, "us", US.replace(",PA,", ",MT,"))
    judging.correct(data, "us-1", lambda store: corrections.undo(store, 2, by="ada"))
    assert [found.entity.id for found in Resolver.open(data).lookup("Abu Mithal")] == ["us-1"]
    with Store.open(data / FILE) as store:
        assert len(corrections.recorded(store)) == 5
        assert len(corrections.in_force(corrections.recorded(store))) == 3


def test_corrections_follow_the_entity_into_a_merge(data: Path) -> None:
    """What was dropped from the one that is merged away stays dropped."""
    judging.correct(data, "un-7", lambda store: corrections.drop_name(store, "un-7", "سمير أحمد المثال", by="ada"))
    same(data, "us-1", "un-7")
    entity = Resolver.open(data).entity("us-1")
    assert entity is not None
    assert "سمير أحمد المثال" not in {alias.form for alias in entity.aliases}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda store: corrections.add_name(store, "us-1", Alias("---"), by="ada"), "no letter or digit"),
        (lambda store: corrections.set_field(store, "us-1", "type", "ship", by="ada"), "type 'ship' is unknown"),
        (lambda store: corrections.set_field(store, "us-1", "lists", ["x"], by="ada"), "cannot be set"),
        (lambda store: corrections.set_field(store, "us-1", "name", 7, by="ada"), "must be a text"),
        (lambda store: corrections.set_field(store, "us-1", "x", "\0", by="ada"), "holds U"),
        (lambda store: corrections.undo(store, 9, by="ada"), "no correction 9 in force"),
        (lambda store: corrections.drop_name(store, "us-1", "x1", by=""), "not said who"),
    ],
)
def test_a_wrong_correction_changes_nothing(data: Path, change: object, says: str) -> None:
    """And says what is wrong."""
    with pytest.raises(AkaError, match=says):
        judging.correct(data, "us-1", change)  # type: ignore[arg-type]
    with Store.open(data / FILE) as store:
        assert corrections.recorded(store) == []


def test_a_correction_of_nobody_is_refused(data: Path) -> None:
    """All of several, when one of them is of nobody."""
    with pytest.raises(UnknownError, match="no entity has the id 'us-99'"):
        judging.add_names(data, [("us-1", Alias("Other")), ("us-99", Alias("Name"))], by="ada")
    with Store.open(data / FILE) as store:
        assert corrections.recorded(store) == []


# ---------------------------------------------------------------- the command line


def test_a_person_judges_on_the_command_line(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Suggest, merge, look, take back."""
    where = ["--data", str(data)]
    assert cli.run(["suggest-merges", "--json", *where]) == 0
    first = json.loads(capfd.readouterr().out.splitlines()[0])
    assert {first["keep"]["id"], first["other"]["id"]} == {"us-1", "un-7"}
    assert cli.run(["suggest-merges", *where]) == 0
    assert cli.run(["merge", "us-1", "un-7", "--by", "ada", "--note", "same person", *where]) == 0
    assert "us-1 is one with un-7; generation " in capfd.readouterr().out
    assert cli.run(["merges", *where]) == 0
    assert "same person" in capfd.readouterr().out
    assert cli.run(["merge", "--undo", "us-1", "un-7", "--later", "--json", *where]) == 0
    assert json.loads(capfd.readouterr().out)["served"] is False
    assert cli.run(["merges", "--all", "--json", *where]) == 0
    assert [json.loads(line)["verdict"] for line in capfd.readouterr().out.splitlines()] == ["same", "open"]
    assert cli.run(["rebuild", *where]) == 0
    assert cli.run(["merge", "us-1", "nobody", *where]) == 2
    assert cli.run(["suggest-merges", "--min-score", "1", *where]) == 1


def test_a_person_corrects_on_the_command_line(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Exactly one thing at a time."""
    where = ["--data", str(data)]
    assert cli.run(["correct", "us-2", "--add", "Shippy McShip", "--kind", "weak", "--later", *where]) == 0
    assert "correction 1 of us-2: add Shippy McShip; waits" in capfd.readouterr().out
    assert cli.run(["correct", "us-2", "--set", "country=MT", *where, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["value"] == "MT"
    assert cli.run(["correct", "us-2", "--drop", "Shippy McShip", "--later", *where]) == 0
    assert cli.run(["correct", "us-2", "--undo", "3", *where]) == 0
    capfd.readouterr()
    assert cli.run(["corrections", *where]) == 0
    assert capfd.readouterr().out.count("us-2") == 2
    assert cli.run(["correct", "us-2", "--remove", *where]) == 0
    assert "correction 5 of us-2: remove; generation" in capfd.readouterr().out
    assert Resolver.open(data).entity("us-2") is None
    assert cli.run(["correct", "us-2", "--undo", "5", *where]) == 0
    assert Resolver.open(data).entity("us-2") is not None
    for wrong in ([], ["--add", "a", "--drop", "b"], ["--set", "country"], ["--remove", "--undo", "1"]):
        assert cli.run(["correct", "us-2", *wrong, *where]) == 2


# ---------------------------------------------------------------- stretch by stretch


def test_stretches_find_together_what_is_found_at_once(data: Path) -> None:
    """A reader who goes on from stretch to stretch misses nothing, however little time each has."""
    resolver = Resolver.open(data)
    found, begin = [], 0
    while begin < resolver.index.entity_count:
        stretch = judging.stretch(resolver, data, begin=begin, seconds=0)
        assert (stretch.begin, stretch.end, stretch.total) == (begin, begin + 1, resolver.index.entity_count)
        found += stretch.found
        begin = stretch.end
    assert {(one.keep.id, one.other.id) for one in found} == {(one.keep.id, one.other.id) for one in judging.suggestions(data)}
    assert found


def test_a_stretch_with_time_enough_ends_with_the_entities_and_beyond_them_nothing_is_found(data: Path) -> None:
    """And one that may hold a single pair ends with it."""
    resolver = Resolver.open(data)
    whole = judging.stretch(resolver, data)
    assert (whole.found, whole.end) == (tuple(judging.suggestions(data)), resolver.index.entity_count)
    assert judging.stretch(resolver, data, most=1).end <= whole.end
    assert judging.stretch(resolver, data, begin=10**9).found == ()
    with pytest.raises(UnknownError, match="there is no list 'nolist'"):
        judging.stretch(resolver, data, list_name="nolist")


def test_a_suggestion_tells_the_names_that_are_alike(data: Path) -> None:
    """Not only those that the two are known by, which may have nothing in common."""
    for found in judging.suggestions(data):
        assert found.names[0] in {alias.form for alias in found.keep.surface_forms()}
        assert found.names[1] in {alias.form for alias in found.other.surface_forms()}
