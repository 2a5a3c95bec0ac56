"""A CrossEncoder named by path puts the passages found in its order."""

import pytest

from chat import ReportChat
from chat.cli import main
from index.embed import ModelNotFound
from index.library import Library
from index.rerank import load_reranker, reranked

TEXTS = {
    f"report {letter}": f"The bank of {letter} granted {n} green loans in 2023." for n, letter in enumerate("abcde", 3)
}
QUESTION = "How many green loans did the bank grant?"


def cross_encoder(folder, labels):
    """A random transformer of one small layer, of that many scores a pair."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = "how many green loans did the bank grant ? of a b c d e granted 3 4 5 6 7 in 2023 .".split()
    vocabulary = {word: at for at, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        initializer_range=1.0,
        num_labels=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    return cross_encoder(tmp_path_factory.mktemp("cross"), 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from ingest.read import document_from_text

    place = tmp_path_factory.mktemp("reranked") / "library"
    with Library.open(place, create=True) as library:
        for title, text in TEXTS.items():
            library.add(document_from_text(title, text))
    return place


def test_order_is_the_cross_encoders(folder, named):
    from sentence_transformers import CrossEncoder

    with Library.open(folder) as library:
        before = library.retrieve(QUESTION, 5)
    with Library.open(folder, reranker=named) as library:
        after = library.retrieve(QUESTION, 5)
        first = library.retrieve(QUESTION, 1)
    marks = CrossEncoder(named).predict([(QUESTION, hit.chunk.text) for hit in before], show_progress_bar=False)
    order = sorted(range(5), key=lambda at: -marks[at])
    assert len(set(marks.tolist())) == 5 and order != list(range(5))
    assert {hit.chunk.id for hit in after} == {hit.chunk.id for hit in before}
    assert after[0].chunk == before[order[0]].chunk == first[0].chunk
    assert [hit.score for hit in after] == [hit.score for hit in before]


def test_scores_stay_with_their_places():
    class Fixed:
        def scores(self, question, texts):
            return [float(text) for text in texts]

    assert reranked("q", [(7, 0.9), (8, 0.5), (9, 0.5)], ["1", "3", "3"], Fixed()) == [(8, 0.9), (9, 0.5), (7, 0.5)]
    assert reranked("q", [], [], Fixed()) == []


def test_a_chat_takes_one(folder, named, capsys):
    answer = ReportChat.open(folder, reranker=named).ask(QUESTION)
    assert answer.to_dict()["question"] == QUESTION
    assert main(["ask", QUESTION, "--library", str(folder), "--reranker", named]) in (0, 1)
    assert capsys.readouterr().out.strip()


def test_what_is_no_reranker_is_named(folder, tmp_path, capsys):
    with pytest.raises(ModelNotFound, match="none-here"):
        load_reranker(str(tmp_path / "none-here"))
    with pytest.raises(ModelNotFound, match="3 scores"):
        load_reranker(cross_encoder(tmp_path / "three", 3))
    assert main(["ask", QUESTION, "--library", str(folder), "--reranker", str(tmp_path / "none-here")]) == 2
    assert "none-here" in capsys.readouterr().err
