"""From a text to the queue to an alias: what is suggested, what never is, and that an accepted spelling is served."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from aliases import corrections, review
from aliases.entity import Alias, Entity
from aliases.review import Review
from resolver import Resolver, cli, judging, publish
from resolver.match import Mention
from resolver.suggestions import MOST, Recorder, is_new, unlisted

TEXT = "General Ghassem Solaimani was seen in Deir ez-Zor. The Muamar Khadafi regime fell."
PEOPLE = [
    {"id": "gaddafi", "type": "person", "name": "Muammar Gaddafi", "aliases": ["Muammar Khaddafi", "معمر القذافي"]},
    {"id": "soleimani", "type": "person", "name": "Qasem Soleimani", "aliases": ["قاسم سليماني"]},
    {"id": "deir-ez-zor", "type": "place", "name": "Deir ez-Zor"},
]
GADDAFI = Entity("gaddafi", "person", "Muammar Gaddafi", aliases=(Alias("معمر القذافي"), Alias("Colonel Gaddafi")))


def listed(tmp_path: Path, *rows: dict, name: str = "watch") -> Path:
    """Rows of JSON Lines -> data directory with them as the newest version of a list."""
    file = tmp_path / f"{name}.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    publish.import_list(tmp_path / "data", format="jsonl", file=file, list_name=name)
    return tmp_path / "data"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return listed(tmp_path, *PEOPLE)


def suggested(data: Path) -> dict[str, str]:
    with Review.open(data) as queue:
        return {found.spelling: found.entity for found in queue.suggestions()}


def judge(data: Path, spelling: str, verdict: str) -> None:
    with Review.open(data, write=True) as queue:
        found = next(one for one in queue.suggestions(state=None) if one.spelling == spelling)
        queue.judge(found.id, verdict, by="ann")


def mention(surface: str, kind: str = "fuzzy", score: float = 0.95) -> Mention:
    return Mention(0, len(surface), surface, GADDAFI, score, "Muammar Gaddafi", kind)


def test_unlisted_spellings_are_recorded_and_listed_ones_are_not(data):
    resolver = Resolver.open(data)
    resolver.on_mentions = Recorder(data)
    resolver.mentions(TEXT)
    assert suggested(data) == {"Ghassem Solaimani": "soleimani", "Muamar Khadafi": "gaddafi"}


def test_without_a_recorder_nothing_is_written(data):
    Resolver.open(data).mentions(TEXT)
    assert not (data / review.FILE).exists()


def test_a_text_without_unlisted_spellings_leaves_no_queue(data):
    resolver = Resolver.open(data)
    resolver.on_mentions = Recorder(data)
    resolver.mentions("Muammar Gaddafi was never in Deir ez-Zor.")
    assert not (data / review.FILE).exists()


def test_an_accepted_spelling_is_the_listed_name_at_the_next_lookup_and_says_where_it_came_from(data):
    Recorder(data)(TEXT, Resolver.open(data).mentions(TEXT))
    judge(data, "Muamar Khadafi", "accept")
    publish.rebuild(data)
    resolver = Resolver.open(data)
    (found,) = resolver.lookup("Muamar Khadafi", limit=1)
    assert (found.entity.id, found.kind, found.matched) == ("gaddafi", "exact", "Muamar Khadafi")
    assert [alias.source for alias in found.entity.aliases if alias.form == "Muamar Khadafi"] == ["review"]
    with Review.open(data) as queue:
        assert queue.judgements()[0].generation == resolver.generation


def test_an_accepted_spelling_survives_a_new_version_of_its_list(data, tmp_path):
    Recorder(data)(TEXT, Resolver.open(data).mentions(TEXT))
    judge(data, "Muamar Khadafi", "accept")
    listed(tmp_path, *PEOPLE, {"id": "new", "type": "place", "name": "Raqqa"})
    assert Resolver.open(data).lookup("Muamar Khadafi")[0].kind == "exact"


@pytest.mark.parametrize(("accepted_at", "served"), [("2000-01-01T00:00:00+00:00", False), ("2999-01-01T00:00:00+00:00", True)])
def test_of_a_spelling_that_was_accepted_and_dropped_by_hand_the_later_word_holds(data, accepted_at, served, monkeypatch):
    Recorder(data)(TEXT, Resolver.open(data).mentions(TEXT))
    monkeypatch.setattr(review, "_now", lambda: accepted_at)
    judge(data, "Muamar Khadafi", "accept")
    judging.correct(data, "gaddafi", lambda store: corrections.drop_name(store, "gaddafi", "Muamar Khadafi", by="ann"))
    entity = Resolver.open(data).entity("gaddafi")
    assert ("Muamar Khadafi" in {alias.form for alias in entity.aliases}) is served


def test_an_accepted_spelling_follows_its_entity_into_a_merge(data, tmp_path):
    listed(tmp_path, {"id": "ly-1", "type": "person", "name": "Moammar Gadhafi"}, name="other")
    Recorder(data)(TEXT, Resolver.open(data).mentions(TEXT))
    judge(data, "Muamar Khadafi", "accept")
    judging.judge(data, "ly-1", ["gaddafi"], verdict="same", by="ann")
    assert Resolver.open(data).lookup("Muamar Khadafi", limit=1)[0].entity.id == "ly-1"


def test_what_is_exported_has_the_accepted_spellings_and_one_list_alone_has_not(data, capfdbinary):
    Recorder(data)(TEXT, Resolver.open(data).mentions(TEXT))
    judge(data, "Muamar Khadafi", "accept")
    for more, there in ((["--data", str(data)], True), (["--list", "watch", "--data", str(data)], False)):
        assert cli.run(["export", *more]) == 0
        assert (b"Muamar Khadafi" in capfdbinary.readouterr().out) is there


def test_an_accepted_spelling_taken_back_is_an_alias_no_longer(data):
    Recorder(data)(TEXT, Resolver.open(data).mentions(TEXT))
    before = publish.rebuild(data)
    judge(data, "Muamar Khadafi", "accept")
    assert publish.rebuild(data) != before
    judge(data, "Muamar Khadafi", "undo")
    assert publish.rebuild(data) == before


def test_a_rejected_spelling_is_not_suggested_again_and_changes_no_list(data):
    recorder = Recorder(data)
    recorder(TEXT, Resolver.open(data).mentions(TEXT))
    before = Resolver.open(data).generation
    judge(data, "Muamar Khadafi", "reject")
    assert publish.rebuild(data) == before
    recorder(TEXT, Resolver.open(data).mentions(TEXT))
    assert suggested(data) == {"Ghassem Solaimani": "soleimani"}


@pytest.mark.parametrize("surface", ["Gaddafi", "GADDAFI", "Colonel", "القذافي", "Muammar", "MG", "a b"])
def test_a_listed_form_or_some_words_of_one_is_not_new(surface):
    assert not is_new(surface, GADDAFI)


@pytest.mark.parametrize("surface", ["Muamar Khadafi", "Qaddafi", "Colonel Qadhafi", "معمر قذافي"])
def test_another_spelling_is_new(surface):
    assert is_new(surface, GADDAFI)


def test_only_probable_readings_of_other_spellings_are_suggested():
    found = [
        mention("Qaddafi"),
        mention("Qadhafi", score=0.5),
        mention("Kadafi", kind="exact"),
        mention("Gadafi", kind="acronym"),
    ]
    assert [seen.spelling for seen in unlisted("", found)] == ["Qaddafi"]


def test_a_spelling_broken_by_a_line_end_is_kept_on_one_line():
    (seen,) = unlisted("", [mention("Muamar\n  Khadafi")])
    assert seen.spelling == "Muamar Khadafi"


def test_one_text_adds_so_many_and_a_queue_that_cannot_be_written_stops_no_answer(tmp_path, caplog):
    found = [mention(f"Qaddaf{chr(0x4E00 + place)}") for place in range(MOST + 50)]
    Recorder(tmp_path)("", found)
    with Review.open(tmp_path) as queue:
        assert queue.counts()["open"] == MOST
    Recorder(tmp_path / "absent")("", found)
    assert "not recorded" in caplog.text


def test_the_command_line_suggests_accepts_and_tells_who_did_it(data, tmp_path, capfd):
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    assert cli.run(["suggest", str(text), "--data", str(data), "--snippets"]) == 0
    assert "2 sightings" in capfd.readouterr().out
    assert cli.run(["review", "--data", str(data), "--json"]) == 0
    rows = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {row["spelling"] for row in rows} == {"Ghassem Solaimani", "Muamar Khadafi"}
    assert all("Deir ez-Zor" in row["contexts"][0]["snippet"] for row in rows)
    assert cli.run(["review", "accept", rows[0]["id"], "--by", "ann", "--data", str(data)]) == 0
    assert "accepted" in capfd.readouterr().out
    assert Resolver.open(data).lookup(rows[0]["spelling"])[0].kind == "exact"
    assert cli.run(["review", "history", "--data", str(data)]) == 0
    assert "ann" in capfd.readouterr().out
    assert cli.run(["review", "reject", rows[1]["id"], "--data", str(data)]) == 0
    capfd.readouterr()
    assert cli.run(["review", "--data", str(data)]) == 0
    assert "no suggestions" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["review"], 2),
        (["review", "--data", "DATA"], 2),
        (["review", "accept", "nothing", "--data", "DATA"], 2),
        (["review", "accept", "--data", "DATA"], 2),
        (["review", "--state", "lost", "--data", "DATA"], 2),
        (["suggest", "absent.txt", "--data", "DATA"], 2),
    ],
)
def test_a_wrong_command_says_so_with_its_status(data, command, status, capfd, monkeypatch):
    monkeypatch.delenv("AKA_DATA", raising=False)
    assert cli.run([str(data) if word == "DATA" else word for word in command]) == status
    assert capfd.readouterr().err


def test_a_full_disk_of_the_queue_stops_no_answer(data, caplog):
    with Review.open(data, write=True) as queue:
        pages = queue._connection.execute("PRAGMA page_count").fetchone()[0]
    connect = review.review_schema.connect

    def full(*values, **named):
        connection = connect(*values, **named)
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    found = Resolver.open(data).mentions(TEXT) * 1
    many = [msgspec.structs.replace(one, surface=one.surface + "x" * 400 + str(number)) for one in found for number in range(200)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review.review_schema, "connect", full)
        Recorder(data)(TEXT, many)
        Recorder(data)(TEXT, many)
    assert "disk is full" in caplog.text
