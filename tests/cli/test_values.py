"""Values of hyperparameters on the command line, in every spelling."""

from __future__ import annotations

import json

import pytest

from stabcheck.cli.values import Typed, named, parted
from stabcheck.declare.combination import every_part, every_player
from stabcheck.declare.renamed import RENAMED
from stabcheck.declare.slots import option, slots

PARTS = "eigen --reg gp --reg consensus --method altgd"
SPELLED = [
    ("--gp.gamma 1 --consensus.gamma 1/2 --h 1/10", {"gamma_gp": "1", "gamma_consensus": "1/2", "h": "1/10"}),
    ("--gp.gamma=1 --set consensus.gamma=1/2", {"gamma_gp": "1", "gamma_consensus": "1/2"}),
    ("--r1.gamma 1", {"gamma_gp": "1"}),
    ("--h.g 1/10", {"h_g": "1/10"}),
    ("--h-g 1/10", {"h_g": "1/10"}),
    ("--h_g=1/10", {"h_g": "1/10"}),
    ("--altgd.h.g 1/10 --altgd.h-d 1/5", {"h_g": "1/10", "h_d": "1/5"}),
    ("--order d,g --n.d 3", {"order": "d,g", "n_g": "1", "n_d": "3"}),
]


@pytest.mark.parametrize(("line", "values"), SPELLED)
def test_a_value_is_spelled_in_every_way(cli, line, values):
    code, out, err = cli(f"{PARTS} {line} --no-verify --format json")
    assert (code, err) == (0, "")
    assert json.loads(out)["hyperparameters"] == values


def test_its_own_name_leaves_open_what_one_player_has(cli):
    _, out, _ = cli("eigen --reg gp --method simgd --h.g h_g --no-verify --format json")
    assert json.loads(out)["conditions"] == ["4 + f1**2*h_d*h_g - 2*gamma*h_d > 0", "gamma - f1**2*h_g > 0"]


@pytest.mark.parametrize(
    "line", ["--method simgd --h.d h_g", "--method altgd --n n", "--method altgd --n.d n_d"]
)
def test_no_other_name_is_a_value(cli, line):
    code, out, err = cli(f"eigen --reg gp {line} --no-verify")
    assert (code, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    "line",
    [
        "region --reg gp --method simgd --h.g h_g --h.d 1/2 --solve-for h.g",
        "region --reg gp --method simgd --h.g h_g --h.d 1/2 --gamma 1 --box h.g=1/10:1/2",
        "optimum --reg gp --method simgd --h.g h_g --h.d 1/2 --gamma 1 --over h.g",
    ],
)
def test_what_one_player_has_may_be_asked_for_as_it_is_typed(cli, line):
    code, out, err = cli(f"{line} --format json")
    assert (code, err) == (0, "")
    assert "h_g" in out


@pytest.mark.parametrize("line", ["--beta -1/2", "--beta=-1/2", "--heavy-ball.beta -1/2"])
def test_a_value_may_be_negative(cli, line):
    _, out, _ = cli(f"eigen --method heavy-ball {line} --no-verify --format json")
    assert json.loads(out)["hyperparameters"] == {"beta": "-1/2"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eigen --gama 1", "No such option: --gama; did you mean --gamma?"),
        ("eigen --reg gp --gp.gama 1", "No such option: --gp.gama; did you mean --gp.gamma?"),
        ("eigen --regg gp", "No such option: --regg; did you mean --reg?"),
        ("eigen --no-verfy --reg gp", "No such option: --no-verfy; did you mean --no-verify?"),
        ("eigen --method simgd --lr 1/10", "did you mean --h?"),
        ("eigen --reg gp --gamma", "--gamma needs a value, as --gamma 1"),
        ("eigen --reg gp --gamma --method simgd", "--gamma needs a value, as --gamma 1"),
        ("eigen --method simgd --h.g 1 --h-g 1", "two values are given for simgd.h_g; give one"),
        ("eigen --method simgd --h.g 1 --h.g 2", "--h.g is given 2 values; give one"),
        ("eigen --method simgd --h.q 1", "No such option: --h.q; did you mean --h"),
        ("eigen --method simgd --h.x 1", "h.x is for no player of this game; h may be given for g, d"),
        (
            "eigen --method heavy-ball --beta-1 1",
            "beta_1 is for no player of this game; beta may be",
        ),
        ("eigen --method simgd --flow.tau 1", "no chosen part has flow.tau; it belongs to flow"),
        ("eigen -x", "No such option: -x"),
    ],
)
def test_what_is_meant_otherwise_is_told(cli, line, expected):
    code, out, err = cli(line)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert expected in err


def test_values_are_told_from_the_commands_own_words():
    own, values = parted(
        [
            "f.py:g",
            "--gamma",
            "1",
            "--reg",
            "--gamma",
            "--verify",
            "--h=1",
            "--beta",
            "-1/2",
            "--",
            "--k",
            "2",
        ],
        {"--reg": True, "--verify": False},
    )
    assert own == ["f.py:g", "--reg", "--gamma", "--verify", "--", "--k", "2"]
    assert values == [Typed("--gamma", "1"), Typed("--h", "1"), Typed("--beta", "-1/2")]


def test_a_target_may_stand_behind_values(cli):
    code, out, err = cli("audit --gamma 1 --reg gp examples/printed.toml")
    assert (code, err) == (1, "")
    assert out.startswith("yours         examples/printed.toml")


def test_every_value_of_the_registry_can_be_typed(cli):
    """No option of a command hides a hyperparameter, and every spelling in full means one place."""
    from stabcheck.cli.app import build

    places = [slot for part in every_part() for slot in slots(part, every_player())]
    options = {
        word.lstrip("-").replace("-", "_")
        for command in build().commands.values()
        if hasattr(command, "params")
        for option in command.params
        for word in option.opts
        if command.name not in ("theorem",)
    }
    assert not {name for slot in places for name in slot.names} & options
    meant = {key: [s for s in places if s.meant(key)] for slot in places for key in slot.keys}
    assert all(len(computed) == 1 for computed in meant.values())


def test_a_name_has_one_meaning():
    """One text and one domain; a declaration may say another default and typical value."""
    meanings = {}
    for part in every_part():
        for slot in slots(part, ()):
            row = slot.row
            meaning = (
                row.help,
                getattr(row, "domain", None) and row.domain.text,
                getattr(row, "choices", ()),
            )
            meanings.setdefault(row.name, set()).add(meaning)
    assert not {name: computed for name, computed in meanings.items() if len(computed) > 1}


def test_old_names_lead_to_names_of_today():
    rows = {(slot.row.owner, slot.row.name) for part in every_part() for slot in slots(part, ())}
    for (owner, old), new in RENAMED.items():
        assert (owner, new) in rows
        assert (owner, old) not in rows


@pytest.mark.parametrize(
    ("line", "note", "values"),
    [
        ("--method lookahead --alpha 1/2", "--alpha is now --slow for lookahead", {"slow": "1/2", "k": "5"}),
        ("--method lookahead --lookahead.alpha 1/2", "--lookahead.alpha is now --lookahead.slow for", None),
        (
            "--method generalised-ogda --b.g 1/2",
            "--b.g is now --past-g for generalised-ogda",
            {"past_g": "1/2"},
        ),
        ("--reg sgp --rho 1", "--rho is now --gamma for sgp", {"gamma": "1"}),
        ("--loss f-alpha-above --a 2", "--a is now --a-above for f-alpha-above", {"a_above": "2"}),
    ],
)
def test_an_old_name_is_read_and_told(cli, line, note, values):
    code, out, err = cli(f"eigen {line} --no-verify --format json")
    assert code == 0
    assert err.count("\n") == 1
    assert note in err
    assert "the old name goes with the next release" in err
    assert values is None or json.loads(out)["hyperparameters"].items() >= values.items() - {("k", "5")}


def test_a_name_of_today_is_no_old_one(cli):
    assert cli("eigen --game bilinear --method lookahead --alpha 1/2 --no-verify")[2] == ""
    code, _, err = cli("compare --methods lookahead,lola --alpha 1/2")
    assert (code, err.count("\n")) == (2, 1)
    assert "--alpha is now --slow for lookahead and --e for lola; give those that are meant" in err


def test_an_option_is_typed_with_dashes_and_read_back_as_the_name():
    assert option("gamma_t") == "--gamma-t"
    places = [slot for part in every_part() for slot in slots(part, every_player())]
    assert [named(option(slot.name)[2:]) for slot in places] == [slot.name for slot in places]
