"""Settings come from flags, then the environment, then a file, then defaults, and a wrong one is named with where it stands."""

from __future__ import annotations

import pytest

from aliases.errors import InvalidError, UnknownError
from resolver import cli, settings
from resolver.settings import Settings, resolve


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in Settings.__struct_fields__:
        monkeypatch.delenv(f"AKA_{name.upper()}", raising=False)
    monkeypatch.delenv("AKA_CONFIG", raising=False)


def test_without_anything_the_defaults_hold():
    assert resolve() == Settings()


def test_flags_go_before_the_environment_before_the_file(tmp_path, monkeypatch):
    file = tmp_path / "aka.toml"
    file.write_text('port = 1\nhost = "10.0.0.1"\nrate = "5/second"\nhosts = ["a.example"]\n')
    monkeypatch.setenv("AKA_PORT", "2")
    monkeypatch.setenv("AKA_RATE", "6/second")
    monkeypatch.setenv("AKA_ORIGINS", "https://a.example, https://b.example")
    monkeypatch.setenv("AKA_OPEN_READING", "yes")
    monkeypatch.setenv("AKA_LOG", "")
    found = resolve({"port": 3, "workers": None}, config=str(file))
    assert (found.port, found.rate, found.host, found.hosts) == (3, "6/second", "10.0.0.1", ("a.example",))
    assert found.origins == ("https://a.example", "https://b.example")
    assert (found.open_reading, found.log, found.workers) == (True, "errors", 0)
    monkeypatch.setenv("AKA_CONFIG", str(file))
    assert resolve().host == "10.0.0.1"


@pytest.mark.parametrize(
    ("content", "says"),
    [("port = 'x'", "port"), ("ports = 1", "ports"), ("port = 70000", "port"), ("rate = '5/fortnight'", "rate"), ("hosts = 'a'", "hosts"),
     ("port = ", "TOML"), ("log = 'all'", "log"), ("budget = 0", "budget")],
)  # fmt: skip
def test_a_wrong_line_of_the_file_is_named(tmp_path, content, says):
    (tmp_path / "aka.toml").write_text(content)
    with pytest.raises(InvalidError, match=says) as refused:
        resolve(config=str(tmp_path / "aka.toml"))
    assert "aka.toml" in str(refused.value)


def test_a_wrong_variable_is_named(monkeypatch):
    monkeypatch.setenv("AKA_WORKERS", "many")
    with pytest.raises(InvalidError, match="environment, AKA_workers"):
        resolve()


def test_a_file_that_is_not_there_is_no_default():
    with pytest.raises(UnknownError, match="nowhere"):
        resolve(config="nowhere.toml")


def test_rates_hold_for_other_machines_unless_set():
    assert Settings().requests_allowed == ""
    assert Settings(host="10.0.0.1").requests_allowed == "1200/minute"
    assert Settings(host="10.0.0.1", rate="off").requests_allowed == ""
    assert Settings(rate="5/second").requests_allowed == "5/second"


def test_the_command_line_refuses_a_wrong_setting(capfd):
    assert cli.run(["serve", "--rate", "often"]) == 65
    assert "rate" in capfd.readouterr().err
    assert cli.run(["serve", "--config", "nowhere.toml"]) == 2


def test_every_setting_has_a_flag():
    from resolver.commands.serve import serve

    flags = {parameter.name for parameter in serve.params}
    assert set(Settings.__struct_fields__) <= flags
    assert settings.PREFIX == "AKA_"
