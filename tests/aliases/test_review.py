"""The review queue: what is kept of a text, what a judgement does, and that a rejected spelling never comes back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from aliases import review, review_schema
from aliases.entity import Alias, Entity
from aliases.errors import BusyError, InvalidError, MissingDataError, NotReadyError, UnknownError
from aliases.review import Review, Sighting

CONTEXT = "Then Muamar Khadafi spoke for ninety minutes"


def seen(spelling: str = "Muamar Khadafi", **changed) -> Sighting:
    fields = {"entity": "gaddafi", "name": "Muammar Gaddafi", "type": "person", "score": 0.9, "context": CONTEXT}
    return Sighting(spelling=spelling, **{**fields, **changed})


@pytest.fixture
def queue(tmp_path: Path):
    with Review.open(tmp_path, write=True) as opened:
        yield opened


def only(queue: Review, state="open"):
    (found,) = queue.suggestions(state=state)
    return found


def test_a_spelling_seen_again_is_counted_not_doubled(queue):
    queue.note([seen(), seen("MUAMAR KHADAFI", score=0.95)])
    queue.note([seen()])
    found = only(queue)
    assert (found.spelling, found.count, found.score, found.state) == ("Muamar Khadafi", 3, 0.95, "open")


def test_capitals_make_way_for_mixed_case_and_not_the_other_way_round(queue):
    queue.note([seen("MUAMAR KHADAFI")])
    assert only(queue).spelling == "MUAMAR KHADAFI"
    queue.note([seen(), seen("MUAMAR KHADAFI")])
    assert only(queue).spelling == "Muamar Khadafi"


def test_the_same_spelling_of_two_entities_is_two_suggestions(queue):
    queue.note([seen(), seen(entity="other")])
    assert len(queue.suggestions()) == 2


def test_nothing_of_a_text_is_kept_but_two_hashes_unless_snippets_are_allowed(queue, tmp_path):
    queue.note([seen(context=f"{CONTEXT} {place}") for place in range(5)])
    contexts = only(queue).contexts
    assert [len(context.hash) for context in contexts] == [16, 16]
    assert {context.snippet for context in contexts} == {""}
    queue.close()
    assert not any(b"ninety" in path.read_bytes() for path in tmp_path.iterdir())


def test_snippets_are_kept_where_the_operator_allows_them_and_each_once(queue):
    queue.note([seen(), seen(), seen(context="Elsewhere Muamar Khadafi left")], snippets=True)
    assert [context.snippet for context in only(queue).contexts] == [CONTEXT, "Elsewhere Muamar Khadafi left"]


def test_the_hash_of_a_context_differs_from_queue_to_queue(tmp_path):
    hashes = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with Review.open(tmp_path / name, write=True) as queue:
            queue.note([seen()])
            hashes.add(only(queue).contexts[0].hash)
    assert len(hashes) == 2


def test_an_accepted_spelling_is_an_alias_of_source_review(queue):
    queue.note([seen()])
    assert queue.accepted() == {}
    judged = queue.judge(only(queue).id, "accept", by="ann")
    assert judged.state == "accepted"
    ((alias, judged_at),) = queue.accepted()["gaddafi"]
    assert alias == Alias("Muamar Khadafi", script="Latn", source="review")
    assert judged_at == queue.judgements()[0].judged_at


def test_a_rejected_spelling_never_comes_back_in_any_case(queue):
    queue.note([seen()])
    queue.judge(only(queue).id, "reject", by="ann")
    queue.note([seen(), seen("MUAMAR KHADAFI")])
    assert queue.suggestions() == []
    assert queue.accepted() == {}
    assert only(queue, "rejected").count == 3


def test_undo_puts_a_suggestion_back_and_history_keeps_all_of_it(queue):
    queue.note([seen()])
    identifier = only(queue).id
    for verdict, by in (("accept", "ann"), ("undo", "bob"), ("reject", "cy")):
        queue.judge(identifier, verdict, by=by)
    assert [(j.verdict, j.judged_by) for j in queue.judgements()] == [("reject", "cy"), ("undo", "bob"), ("accept", "ann")]
    assert queue.counts() == {"open": 0, "accepted": 0, "rejected": 1}


def test_a_judgement_that_changes_nothing_is_not_written_down(queue):
    queue.note([seen()])
    identifier = only(queue).id
    queue.judge(identifier, "undo", by="ann")
    queue.judge(identifier, "accept", by="ann")
    queue.judge(identifier, "accept", by="bob")
    assert [j.judged_by for j in queue.judgements()] == ["ann"]


def test_only_judgements_that_change_an_alias_wait_for_a_generation(queue):
    queue.note([seen(), seen("Other Spelling")])
    one, two = (found.id for found in queue.suggestions())
    queue.judge(one, "reject", by="ann")
    assert queue.waiting() == 0
    queue.judge(two, "accept", by="ann")
    assert queue.waiting() == 1
    queue.mark_compiled("g1", last=queue.last_judgement())
    assert (queue.waiting(), queue.judgements()[0].generation) == (0, "g1")
    queue.judge(two, "reject", by="ann")
    assert queue.waiting() == 1


@pytest.mark.parametrize(
    ("identifier", "verdict", "by", "error"),
    [
        ("nothing", "accept", "ann", UnknownError),
        ("", "maybe", "ann", InvalidError),
        ("", "accept", " ", InvalidError),
        ("", "accept", "a" * 81, InvalidError),
    ],
)
def test_a_wrong_judgement_is_refused_and_changes_nothing(queue, identifier, verdict, by, error):
    queue.note([seen()])
    with pytest.raises(error):
        queue.judge(identifier or only(queue).id, verdict, by=by)
    assert (only(queue).state, queue.judgements()) == ("open", [])


def test_votes_of_readers_come_first_and_are_no_sightings(queue):
    queue.note([seen(), seen(), seen("Doubted")])
    queue.note([seen("Doubted", vote=-1), seen("Doubted", vote=1)])
    first = queue.suggestions()[0]
    assert (first.spelling, first.count, first.right, first.wrong) == ("Doubted", 1, 1, 1)


@pytest.mark.parametrize(("q", "count"), [("khadafi", 1), ("GADDAFI", 2), ("%", 0), ("_", 0), ("nobody", 0), ("", 2)])
def test_the_queue_is_searched_by_spelling_and_by_name(queue, q, count):
    queue.note([seen(), seen("Qaddafy")])
    assert len(queue.suggestions(q=q)) == count


def test_a_flood_does_not_grow_the_queue_and_takes_nothing_judged_or_doubted(queue, monkeypatch):
    monkeypatch.setattr(review, "MAX_OPEN", 10)
    queue.note([seen("Seen Often")] * 3 + [seen("Doubted", vote=-1), seen("Judged")])
    judged = next(found for found in queue.suggestions() if found.spelling == "Judged")
    queue.judge(judged.id, "accept", by="ann")
    queue.judge(judged.id, "undo", by="ann")
    queue.note([seen(f"Flood {chr(97 + place)}") for place in range(26)])
    left = {found.spelling for found in queue.suggestions(limit=100)}
    assert len(left) == 10
    assert {"Seen Often", "Doubted", "Judged"} <= left


@pytest.mark.parametrize(("spelling", "forms"), [("Ann", ["Ann"]), ("Anna", ["Ann"]), ("Anja", ["Ann", "Anja"])])
def test_an_accepted_spelling_is_added_unless_the_entity_has_it(spelling, forms):
    entity = Entity("a", "person", "Anna", aliases=(Alias("Ann", source="un"),))
    found = review.with_spelling(entity, review.Accepted(Alias(spelling, source="review"), "2026-01-01T00:00:00+00:00"))
    assert [alias.form for alias in found.aliases] == forms
    assert (found is entity) == (len(forms) == 1)


def test_a_queue_that_does_not_exist_is_read_as_empty_and_is_not_made(tmp_path):
    assert review.read(tmp_path) == ({}, 0)
    with pytest.raises(MissingDataError, match="--suggestions"):
        Review.open(tmp_path)
    with pytest.raises(MissingDataError):
        Review.open(tmp_path / "none", write=True)
    assert list(tmp_path.iterdir()) == []


def test_another_writer_makes_it_busy_for_a_moment_only(queue, tmp_path, monkeypatch):
    other = sqlite3.connect(tmp_path / review.FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError):
        queue.note([seen()])
    other.execute("COMMIT")
    other.close()
    queue.note([seen()])


def test_a_foreign_or_damaged_file_is_refused_with_a_message(tmp_path):
    (tmp_path / review.FILE).write_bytes(b"no database at all, only some text of more than sixteen bytes" * 20)
    with pytest.raises(NotReadyError, match="damaged"):
        Review.open(tmp_path)


@pytest.mark.parametrize("begun", [b"", b"SQLite format 3\0" + b"\0" * 4_080])
def test_a_file_whose_making_was_cut_short_is_no_queue_and_is_made_whole_by_the_next_sighting(tmp_path, begun):
    (tmp_path / review.FILE).write_bytes(begun)
    assert not review.exists(tmp_path)
    with pytest.raises(MissingDataError):
        Review.open(tmp_path)
    if not begun:
        with Review.open(tmp_path, write=True) as queue:
            queue.note([seen()])
        assert review.exists(tmp_path)


def test_a_queue_of_a_newer_aka_is_refused(tmp_path):
    Review.open(tmp_path, write=True).close()
    with sqlite3.connect(tmp_path / review.FILE) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(NotReadyError, match="99"):
        Review.open(tmp_path, write=True)


def test_every_table_and_column_is_explained_in_the_file(queue, tmp_path):
    database = sqlite3.connect(tmp_path / review.FILE)
    tables = [
        name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    ]
    columns = {f"{table}.{row[1]}" for table in tables for row in database.execute(f"PRAGMA table_info({table})")}
    explained = dict(database.execute("SELECT name, meaning FROM readme"))
    database.close()
    assert (set(tables) | columns) - set(explained) == set()
    assert set(explained) == set(review_schema._README)
