"""`python -m index.train --data DIR`: make the tokenizer, the embedding model and the lexicon again."""

from __future__ import annotations

import argparse
from pathlib import Path

from index.train import alignment, glossary, lexicon, model, tokenizer


def main() -> None:
    """Train all that the package ships, or the named part of it."""
    here = Path(__file__).parents[1]
    parser = argparse.ArgumentParser(prog="python -m index.train", description="Train what the package ships.")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of NAME.jsonl.zst files of query-passage pairs"
    )
    parser.add_argument("--out", type=Path, default=here, help="where model/ and lexicon/ stand (default: the package)")
    parser.add_argument("--only", choices=("tokenizer", "model", "lexicon", "glossary"), help="make this part alone")
    parser.add_argument("--steps", type=int, default=12_000, help="training steps of the model (default: %(default)s)")
    arguments = parser.parse_args()
    (arguments.out / "model").mkdir(parents=True, exist_ok=True)
    (arguments.out / "lexicon").mkdir(parents=True, exist_ok=True)
    if arguments.only in (None, "tokenizer"):
        tokenizer.train(arguments.data, arguments.out / "model")
    if arguments.only == "tokenizer":
        return
    if arguments.only in (None, "glossary"):
        glossary.build(here / "lexicon" / "glossary.tsv", arguments.out / "lexicon" / "glossary.sqlite")
    if arguments.only == "glossary":
        return
    terms = here / "lexicon" / "finance.tsv"
    print("learns which words translate which", flush=True)
    tables = alignment.learn(arguments.data, terms)
    if arguments.only in (None, "lexicon"):
        lexicon.build(arguments.data, terms, tables, arguments.out / "lexicon")
    if arguments.only in (None, "model"):
        model.train(arguments.data, arguments.out / "model", tables, steps=arguments.steps)


if __name__ == "__main__":
    main()
