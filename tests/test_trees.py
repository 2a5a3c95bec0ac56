import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.trees import Trees, mean

# x0 <= 1.5 ? (x1 <= 0 ? 1 : 2) : 4, and a tree that is one leaf of 10
TREES = Trees(
    feature=np.array([[0, 1, 0, 0, 0], [0, 0, 0, 0, 0]], dtype=np.int16),
    threshold=np.array([[1.5, 0, 0, 0, 0], [0.0] * 5]),
    left=np.array([[1, 2, 2, 3, 4], [0] * 5], dtype=np.int16),
    right=np.array([[4, 3, 2, 3, 4], [0] * 5], dtype=np.int16),
    value=np.array([[0, 0, 1, 2, 4], [10.0, 0, 0, 0, 0]]),
    depth=2,
)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), max_size=20))
def test_each_row_goes_its_way(rows):
    table = np.array(rows, dtype=float).reshape(len(rows), 2)
    wanted = [10 + (4 if one > 1.5 else 2 if other > 0 else 1) for one, other in rows]
    assert TREES.scores(table).tolist() == wanted


def test_the_mean_of_trees_of_other_shapes():
    leaf = Trees(*(np.zeros((1, 1), dtype=np.int16) if at != 1 else np.zeros((1, 1)) for at in range(4)),
                 value=np.array([[-2.0]]), depth=0)  # fmt: skip
    table = np.array([[0.0, 1.0], [2.0, 0.0]])
    assert mean([TREES, leaf]).scores(table).tolist() == [(12.0 - 2) / 2, (14.0 - 2) / 2]
    assert mean([TREES]).scores(table).tolist() == TREES.scores(table).tolist()


def test_stored_and_read_again(tmp_path):
    np.savez(tmp_path / "trees.npz", **TREES.arrays("ordering.figure"))
    with np.load(tmp_path / "trees.npz") as arrays:
        again = Trees.from_arrays(arrays, "ordering.figure")
    table = np.array([[0.0, 1.0], [2.0, 0.0]])
    assert again.scores(table).tolist() == TREES.scores(table).tolist() == [12.0, 14.0]


def test_exported_trees_score_as_lightgbm_does():
    lightgbm = pytest.importorskip("lightgbm")
    from chat.train.fit import exported

    rng = np.random.default_rng(3)
    table = rng.normal(size=(400, 5))
    labels = (table[:, 0] + table[:, 1] * table[:, 2] > 0).astype(float)
    model = lightgbm.train(
        {"objective": "binary", "verbosity": -1, "num_leaves": 8}, lightgbm.Dataset(table, labels), 20
    )
    assert np.allclose(exported(model).scores(table), model.predict(table, raw_score=True))
