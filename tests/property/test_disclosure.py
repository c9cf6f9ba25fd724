"""Random tables: nothing confidential is left to find, and no more is hidden than the best that trying all sets finds."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from disclosure_tables import cheapest_by_trying, secret, two_way
from hrmonitor.disclosure import complementary
from hrmonitor.disclosure.complementary import hidden_cells
from hrmonitor.disclosure.rules import Rules
from hypothesis import given, settings
from hypothesis import strategies as st
from published_set import KEPT, NUMBERS, World, answers, publish, read_form, register, usual_world
from scipy.optimize import linprog

SMALL = st.integers(0, 40)


def limits(table: list[list[float]], hidden: set[tuple], place: tuple[int, int]) -> tuple[float, float]:
    """Bounds on a cell of a table with margins, by a program of our own: unknowns are the hidden cells, margins too."""
    rows, columns = len(table), len(table[0])
    true = np.array(table, dtype=float)
    shown = {(r, c): true[r, c] for r in range(rows) for c in range(columns) if (r, c) not in hidden}
    equations, values = [], []
    for (r, c), value in shown.items():
        one = np.zeros((rows, columns))
        one[r, c] = 1
        equations.append(one.ravel())
        values.append(value)
    for r in range(rows):
        if ("row", r) not in hidden:
            one = np.zeros((rows, columns))
            one[r] = 1
            equations.append(one.ravel())
            values.append(true[r].sum())
    for c in range(columns):
        if ("column", c) not in hidden:
            one = np.zeros((rows, columns))
            one[:, c] = 1
            equations.append(one.ravel())
            values.append(true[:, c].sum())
    ends = []
    for sign in (1, -1):
        objective = np.zeros((rows, columns))
        objective[place] = sign
        found = linprog(
            objective.ravel(), A_eq=np.array(equations) if equations else None, b_eq=values or None, bounds=(0, None)
        )
        ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
    return ends[0], ends[1]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(SMALL, min_size=3, max_size=3), min_size=3, max_size=4),
    st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=2),
)
def test_no_confidential_cell_of_a_table_can_be_narrowed(table, confidential):
    system = two_way(table)
    for place in confidential:
        secret(system, *place)
    hidden = hidden_cells(system).cells
    for r, c in confidential:
        low, high = limits(table, hidden, (r, c))
        assert (r, c) in hidden
        assert low <= table[r][c] * 0.9 + 1e-4
        assert high >= table[r][c] * 1.1 - 1e-4


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 30), min_size=2, max_size=3), min_size=2, max_size=2).filter(
        lambda t: len(t[0]) == len(t[1])
    )
)
def test_the_loss_is_the_least_there_is(table):
    system = two_way(table)
    secret(system, 0, 0)
    found = hidden_cells(system)
    assert found.gap == 0
    assert found.loss == pytest.approx(cheapest_by_trying(system))


@pytest.fixture(scope="module")
def form():
    with tempfile.TemporaryDirectory() as folder:
        yield read_form(Path(folder))


def random_world(form, seed: int) -> tuple[World, Rules]:
    """Owners, roles, numbers, gaps, themes and rules at random: from alike to one organisation with nearly all, from full to empty."""
    random = np.random.default_rng(seed)
    frame, n = register(), sum(n for n, _ in KEPT.values())
    share = random.dirichlet(np.full(random.integers(3, 7), random.choice([0.5, 1.0, 3.0])))
    frame["organisation"] = random.choice(list("ABCDEF")[: len(share)], len(frame), p=share)
    rounds = {}
    for name, asked in (("2018", list(KEPT) if random.random() < 0.5 else ["dcr"]), ("2021", list(KEPT))):
        likely = random.dirichlet([2.0, 1.5, 0.6, 0.4])
        roles = {
            service: list(random.choice(["manager", "nurse", "physician", "other"], KEPT[service][0], p=likely))
            for service in asked
        }
        numbers = {}
        for one in NUMBERS:
            values = np.round(random.lognormal(random.choice([1, 3]), random.choice([0.3, 1.0, 2.0, 3.0]), n))
            values[random.random(n) < random.choice([0.0, 0.3])] = 0
            values[random.random(n) < random.choice([0.0, 0.05, 0.3, 0.7])] = np.nan
            numbers[one] = values
        if random.random() < 0.2:
            numbers["overdoses"] *= random.choice([-1, 1], n)
        rounds[name] = answers(frame, roles, numbers)
    settled = usual_world(form).settled.assign(present=random.random(n) < random.choice([0.1, 0.5]))
    rules = Rules(
        minimum_cell=int(random.choice([2, 3, 5])),
        minimum_organisations=int(random.choice([1, 3])),
        p_percent=float(random.choice([5, 10, 40])),
        protection=float(random.choice([0, 10, 30])),
        rounding_base=int(random.choice([0, 0, 10])),
        sensitive=("role",) if random.random() < 0.3 else (),
    )
    return World(form, frame, rounds, settled), rules


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_auditor_finds_nothing_in_any_survey(form, seed):
    world, rules = random_world(form, seed)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        # Whatever the search has found by then must be safe.
        patch.setattr(complementary, "MOST_CUTS", 40)
        publish(Path(folder), world, rules)
        found = world.findings(Path(folder), rules)
    assert (found["verdict"] == "safe").all(), found[found["verdict"] != "safe"].to_string()
