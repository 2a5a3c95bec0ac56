"""Make the tokenizer: a Unigram model whose words are Chinese dictionary words and frequent English ones.

The normalizer inside tokenizer.json folds width, case and script (NFKC, lower case, traditional to simplified) through
a sentencepiece character map, so the model gives one vector for both scripts wherever it is loaded.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from index.tokens import in_pieces
from index.train.sources import names, sample
from ingest.fold import fold

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+")
_CHINESE_WORDS, _ENGLISH_WORDS, _PIECES = 17_000, 9_000, 3_000
_TEXTS = 6_000  # pairs of each source that are counted


def train(data: Path, out: Path, seed: int = 1) -> None:
    """Write tokenizer.json into `out`."""
    from tokenizers import Tokenizer, models, normalizers

    chinese, english, chars = _count(data, seed)
    vocabulary = _vocabulary(chinese, english, chars)
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Precompiled(_character_map())
    tokenizer.pre_tokenizer = in_pieces()
    tokenizer.save(str(out / "tokenizer.json"))


def _count(data: Path, seed: int) -> tuple[Counter[str], Counter[str], Counter[str]]:
    import jieba

    jieba.setLogLevel(60)
    chinese: Counter[str] = Counter()
    english: Counter[str] = Counter()
    chars: Counter[str] = Counter()
    for name in names(data):
        for texts in sample(data, name, _TEXTS, seed):
            for run in _RUN.findall(fold(" ".join(texts)[:600])):
                if run.isascii():
                    english[run] += 1
                else:
                    chinese.update(word for word in jieba.cut(run, HMM=False) if 1 < len(word) <= 6)
                    chars.update(run)
    return chinese, english, chars


def _vocabulary(chinese: Counter[str], english: Counter[str], chars: Counter[str]) -> list[tuple[str, float]]:
    words = chinese.most_common(_CHINESE_WORDS)
    latin = [(word, count) for word, count in english.most_common(_ENGLISH_WORDS) if len(word) > 1]
    pieces: Counter[str] = Counter()
    for word, count in english.items():
        for size in (2, 3, 4):
            pieces.update({word[at : at + size]: count for at in range(len(word) - size + 1)})
    total = sum(chinese.values()) + sum(chars.values())
    total_latin = sum(english.values())
    scores = {"<unk>": -40.0}
    scores.update({char: math.log(count / total) - 4 for char, count in chars.items()})
    scores.update({word: math.log(count / total) for word, count in words})
    scores.update({piece: math.log(count / total_latin) - 12 for piece, count in pieces.most_common(_PIECES)})
    scores.update({letter: -20.0 for letter in "abcdefghijklmnopqrstuvwxyz"})
    scores.update({word: math.log(count / total_latin) for word, count in latin})
    scores.update({str(number): -12.0 for number in [*range(100), *range(1950, 2051)]})
    return list(scores.items())


def _character_map() -> bytes:
    """The compiled map that folds each character: what `ingest.fold` does, as far as it is character by character."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    rows = []
    for code in [*range(0x80, 0xD800), *range(0xF900, 0xFFF0), *range(0x41, 0x5B)]:
        char = chr(code)
        folded = fold(char)
        if folded != char and len(folded) == 1:
            rows.append(f"{code:X}\t{ord(folded):X}\n")
    with tempfile.TemporaryDirectory() as folder:
        table, text = Path(folder) / "map.tsv", Path(folder) / "text.txt"
        table.write_text("".join(rows), encoding="utf-8")
        text.write_text("a b c d\n" * 200, encoding="utf-8")
        options: dict[str, Any] = {"vocab_size": 12, "hard_vocab_limit": False, "minloglevel": 2}
        sentencepiece.SentencePieceTrainer.train(
            input=str(text), model_prefix=f"{folder}/m", normalization_rule_tsv=str(table), **options
        )
        proto: Any = vars(sentencepiece_model_pb2)["ModelProto"]()
        proto.ParseFromString(Path(f"{folder}/m.model").read_bytes())
    return bytes(proto.normalizer_spec.precompiled_charsmap)
