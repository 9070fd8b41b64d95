"""The spaCy component: mentions become spans with ids, in every kind of pipeline, also stored and in several processes."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

spacy = pytest.importorskip("spacy", reason="spaCy is not installed: pip install 'aka-resolver[spacy]'")

from spacy import displacy  # noqa: E402

from aliases.errors import MissingDataError, NotReadyError  # noqa: E402
from resolver.publish import import_list  # noqa: E402
from resolver.resolve import Resolver  # noqa: E402
from resolver.spacy import AkaComponent  # noqa: E402

TEXT = "ISIS lost Deir az-Zur."


def pipeline(lang: str = "en", **config):
    nlp = spacy.blank(lang)
    nlp.add_pipe("aka", config=config)
    return nlp


@pytest.fixture(scope="module")
def nlp():
    return pipeline()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A data directory of one entity that the seeds do not have."""
    file = tmp_path / "list.jsonl"
    file.write_text(json.dumps({"id": "x1", "type": "vessel", "name": "Sunny Wave"}) + "\n", encoding="utf-8")
    import_list(tmp_path / "data", format="jsonl", file=file, list_name="mine")
    return tmp_path / "data"


def entities(doc):
    return [(span.text, span.label_, span.kb_id_) for span in doc.ents]


def test_entities_carry_the_id_and_a_label_that_pipelines_know(nlp):
    doc = nlp(TEXT)
    assert entities(doc) == [("ISIS", "ORG", "islamic-state"), ("Deir az-Zur", "LOC", "deir-ez-zor")]
    assert [span.id_ for span in doc.spans["aka"]] == ["islamic-state", "deir-ez-zor"]


def test_what_the_component_finds_is_what_the_library_finds(nlp):
    text = "Forces near Raqqa and Abu Kamal met; ISIS, Daesh and the Islamic State are one. Nothing else."
    found = [(mention.start, mention.end, mention.entity.id) for mention in Resolver.open().mentions(text)]
    doc = nlp(text)
    assert [(span.start_char, span.end_char, span.kb_id_) for span in doc.spans["aka"]] == found


def test_a_span_says_how_sure_it_is_and_why(nlp):
    doc = nlp(TEXT)
    span = doc.spans["aka"][1]
    assert 0 < span._.aka_score <= 1
    assert (span._.aka_surface, span._.aka_matched, span._.aka_kind) == ("Deir az-Zur", "Deir az-Zur", "exact")
    assert span._.aka_reasons == ["the listed form itself"]
    assert isinstance(span._.aka_alternatives, tuple)


def test_an_unlisted_spelling_is_explained(nlp):
    doc = nlp("Fighters left Deir Azzour for Damascus.")
    (span,) = [span for span in doc.spans["aka"] if span._.aka_surface != span._.aka_matched]
    assert span.kb_id_ == "deir-ez-zor"
    assert span._.aka_reasons


def test_a_span_that_is_no_mention_has_no_values(nlp):
    span = nlp(TEXT)[1:2]
    assert (span._.aka_score, span._.aka_reasons, span._.aka_surface) == (None, None, None)


def test_a_conjunction_that_is_written_to_the_name_belongs_to_the_token_not_to_the_surface():
    doc = pipeline("ar")("انسحب التنظيم من الرقة ودير الزور أمس")
    assert "deir-ez-zor" in {span.kb_id_ for span in doc.ents}
    (span,) = [span for span in doc.ents if span.kb_id_ == "deir-ez-zor"]
    assert span._.aka_surface == "دير الزور"
    assert span.text.endswith("الزور")


@pytest.mark.parametrize("lang", ["ru", "tr", "fa", "xx"])
def test_a_blank_pipeline_of_any_language_will_do(lang):
    assert "raqqa" in {span.kb_id_ for span in pipeline(lang)("Raqqa, Ракка, الرقة").ents}


def test_entities_of_an_earlier_component_stay():
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "THING", "pattern": "ISIS"}])
    nlp.add_pipe("aka")
    doc = nlp(TEXT)
    assert [span.label_ for span in doc.ents] == ["THING", "LOC"]
    assert [span.kb_id_ for span in doc.spans["aka"]] == ["islamic-state", "deir-ez-zor"]


def test_settings_choose_what_is_looked_for_and_where_it_is_put():
    doc = pipeline(types=["place"], spans_key="places", labels={"place": "GPE"})(TEXT)
    assert entities(doc) == [("Deir az-Zur", "GPE", "deir-ez-zor")]
    assert list(doc.spans) == ["places"]
    assert not pipeline(set_ents=False)(TEXT).ents
    assert not pipeline(min_score=1.0)("He said so.").ents


def test_lists_of_ones_own_are_read_from_their_directory(own):
    doc = pipeline(data=str(own))("The Sunny Wave left Raqqa.")
    assert entities(doc) == [("Sunny Wave", "VESSEL", "x1")]


def test_data_that_is_missing_is_told_when_it_is_needed(tmp_path):
    nlp = pipeline(data=str(tmp_path / "nowhere"))
    with pytest.raises(MissingDataError):
        nlp("x")


def test_an_empty_text_has_no_mentions(nlp):
    doc = nlp("")
    assert (len(doc.ents), len(doc.spans["aka"])) == (0, 0)


def test_a_stored_pipeline_answers_without_the_data_directory(own, tmp_path):
    pipeline(data=str(own)).to_disk(tmp_path / "stored")
    own.rename(tmp_path / "gone")
    again = spacy.load(tmp_path / "stored")
    assert entities(again("The Sunny Wave left.")) == [("Sunny Wave", "VESSEL", "x1")]


def test_bytes_of_a_pipeline_are_read_where_the_same_data_is_and_refused_elsewhere(nlp, own):
    written = nlp.to_bytes()
    assert entities(pipeline().from_bytes(written)(TEXT)) == entities(nlp(TEXT))
    with pytest.raises(NotReadyError, match="generation"):
        pipeline(data=str(own)).from_bytes(written)


def test_a_component_that_was_sent_to_another_process_answers_alike(nlp):
    again = pickle.loads(pickle.dumps(nlp.get_pipe("aka")))  # noqa: S301 - our own bytes
    assert isinstance(again, AkaComponent)
    assert entities(again(spacy.blank("en")(TEXT))) == entities(nlp(TEXT))


def test_documents_in_batches_and_with_contexts_come_back_in_order(nlp):
    texts = [(text, number) for number, text in enumerate(["In Raqqa.", "In nothing.", "ISIS lost.", "In Homs."] * 10)]
    found = [(number, [span.kb_id_ for span in doc.ents]) for doc, number in nlp.pipe(texts, as_tuples=True, batch_size=7)]
    assert [number for number, _ in found] == list(range(40))
    assert [ids for _, ids in found[:4]] == [["raqqa"], [], ["islamic-state"], ["homs"]]


def test_two_processes_give_the_answers_of_one(nlp):
    texts = [TEXT, "Raqqa", "nothing"] * 5
    one = [(entities(doc), [span._.aka_score for span in doc.spans["aka"]]) for doc in nlp.pipe(texts)]
    two = [(entities(doc), [span._.aka_score for span in doc.spans["aka"]]) for doc in nlp.pipe(texts, n_process=2, batch_size=4)]
    assert two == one


def test_a_stored_document_keeps_what_was_found(nlp):
    again = spacy.tokens.Doc(nlp.vocab).from_bytes(nlp(TEXT).to_bytes())
    assert [span._.aka_matched for span in again.spans["aka"]] == ["ISIS", "Deir az-Zur"]


def test_displacy_draws_the_entities_with_their_ids(nlp):
    html = displacy.render(nlp(TEXT), style="ent", jupyter=False)
    assert "deir-ez-zor" in html


def test_without_spacy_the_message_says_what_to_install():
    program = (
        "import sys; sys.modules['spacy'] = None\n"
        "import resolver\ntry:\n    import resolver.spacy\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'aka-resolver[spacy]'" in done.stdout
