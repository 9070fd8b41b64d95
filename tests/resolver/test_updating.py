"""Lists are fetched where they are published: what a server or a network does wrong never costs what was good before."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aliases import fetches
from aliases.errors import AkaError, FetchError, InvalidError, TooLargeError, UnknownError
from aliases.sources import packed
from aliases.store import FILE, Store
from resolver import cli, fetching, updating
from resolver.fetching import Rules
from resolver.lock import locked
from resolver.updating import Source, Updated
from tests.resolver import publish_steps as steps
from tests.resolver.list_server import ListServer, content, cut, endless, serving, silent, status

LIST = b"id,name\na,Alpha Group\nb,Beta Group\n"
NEXT = b"id,name\na,Alpha Group\nc,Gamma Group\n"
HERE = Rules(allow_http=True, allow_private=True, backoff=0.0, retries=2, max_seconds=20, connect_seconds=2, read_seconds=5)

pytest.importorskip("urllib3", reason="urllib3 is not installed, which fetches lists")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    steps.step.count = steps.step.at = 0
    steps.install(monkeypatch.setattr)
    monkeypatch.delenv("AKA_DATA", raising=False)


@pytest.fixture
def server() -> Iterator[ListServer]:
    with serving() as found:
        yield found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def source(server: ListServer, path: str = "/list.csv", **more: object) -> Source:
    return Source(name="mine", format="csv", url=server.url(path), allow_http=True, allow_private=True, **more)  # type: ignore[arg-type]


def updated(data: Path, *wanted: Source, rules: Rules = HERE, **more: object) -> list[Updated]:
    return list(updating.update(data, wanted, rules=rules, **more))  # type: ignore[arg-type]


def names(data: Path) -> list[str]:
    with Store.open(data / FILE) as store:
        return [entity.name for entity in store.live_entities()]


def look(data: Path) -> fetches.Look:
    with Store.open(data / FILE) as store:
        (found,) = fetches.recorded(store)
    return found


# ---------------------------------------------------------------- what goes well


def test_a_list_is_fetched_imported_and_asked_for_again_by_its_state(server: ListServer, data: Path) -> None:
    """The second time the server says that nothing changed, and nothing is sent; the third time it did."""
    server.paths["/list.csv"] = [content(LIST, etag='"one"')]
    (first,) = updated(data, source(server))
    assert (first.outcome, first.version, names(data)) == ("new", 1, ["Alpha Group", "Beta Group"])
    (second,) = updated(data, source(server))
    assert (second.outcome, server.asked[-1][1]["If-None-Match"]) == ("unchanged", '"one"')
    server.paths["/list.csv"] = [content(NEXT, etag='"two"')]
    (third,) = updated(data, source(server))
    assert (third.outcome, third.version, names(data)) == ("new", 2, ["Alpha Group", "Gamma Group"])
    with Store.open(data / FILE) as store:
        assert store.versions("mine")[-1].source == server.url("/list.csv")


def test_a_server_that_knows_only_dates_is_asked_by_date(server: ListServer, data: Path) -> None:
    """And one that knows nothing sends the same list, which changes nothing."""
    server.paths["/list.csv"] = [content(LIST, modified="Fri, 27 Feb 2026 00:00:00 GMT")]
    assert [updated(data, source(server))[0].outcome for _ in range(2)] == ["new", "unchanged"]
    assert server.asked[-1][1]["If-Modified-Since"] == "Fri, 27 Feb 2026 00:00:00 GMT"
    server.paths["/list.csv"] = [content(LIST)]
    (again,) = updated(data, source(server))
    assert (again.outcome, again.detail) == ("unchanged", "the same entities")


def test_a_list_that_is_not_served_is_fetched_whatever_its_state(server: ListServer, data: Path, tmp_path: Path) -> None:
    """A state is only known of the list that was imported with it."""
    server.paths["/list.csv"] = [content(LIST, etag='"one"')]
    updated(data, source(server))
    (other,) = updated(tmp_path / "other", source(server))
    assert other.outcome == "new"
    (renamed,) = updated(data, Source(name="new", format="csv", url=server.url("/list.csv"), allow_http=True, allow_private=True))
    assert renamed.outcome == "new"


def test_all_files_of_a_list_are_fetched_when_one_of_them_changed(server: ListServer, data: Path) -> None:
    """OFAC's CSV comes in four."""
    sdn = b'7,"EXAMPLE TRUST","-0- ","SYRIA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n'
    server.paths["/sdn.csv"] = [content(sdn, etag='"s"')]
    server.paths["/alt.csv"] = [content(b'7,1,"aka","EXAMPLE FUND",-0- \n', etag='"a"')]
    ofac = Source(name="ofac", format="ofac-csv", url=server.url("/sdn.csv"), beside=(server.url("/alt.csv"),),
                  allow_http=True, allow_private=True)  # fmt: skip
    assert [updated(data, ofac)[0].outcome for _ in range(2)] == ["new", "unchanged"]
    server.paths["/alt.csv"] = [content(b'7,1,"aka","OTHER FUND",-0- \n', etag='"b"')]
    (third,) = updated(data, ofac)
    assert third.outcome == "new"
    assert [path for path, _ in server.asked[-3:]] == ["/sdn.csv", "/alt.csv", "/sdn.csv"]


def test_a_packed_answer_is_unpacked_and_a_move_on_the_same_host_followed(server: ListServer, data: Path) -> None:
    """Packed though it was not asked to be: the reader unpacks it."""
    server.paths["/old.csv"] = [status(301, Location="/new.csv?x=1")]
    server.paths["/new.csv"] = [content(LIST, coding="gzip")]
    assert updated(data, source(server, "/old.csv"))[0].outcome == "new"
    assert server.asked[-1][0] == "/new.csv?x=1"


@pytest.mark.parametrize("first", [status(500), status(503, Retry_After="0"), status(429, Retry_After="0"), cut(LIST, 9)])
def test_a_server_that_fails_once_is_asked_again(server: ListServer, data: Path, first: object) -> None:
    """Also when the connection is cut in the middle of the list: half a list is never taken."""
    server.paths["/list.csv"] = [first, content(LIST)]  # type: ignore[list-item]
    (found,) = updated(data, source(server))
    assert (found.outcome, len(server.asked), names(data)) == ("new", 2, ["Alpha Group", "Beta Group"])


# ---------------------------------------------------------------- what goes wrong


BOMB = b"id,name\n" + b"\n" * 1_000_000


@pytest.mark.parametrize(
    ("answer", "rules", "error", "says"),
    [
        (status(404), {}, 75, "HTTP 404"),
        (status(500), {}, 75, "tried 3 times"),
        (status(403, b"<html>Access Denied</html>"), {}, 75, "HTTP 403"),
        (cut(LIST, 9), {}, 75, "tried 3 times"),
        (endless(b"x" * 65_536), {"max_bytes": 1_000_000}, 65, "more than 1,000,000 bytes"),
        (endless(b"x" * 65_536), {"max_seconds": 0.2}, 75, "more than 0.2 seconds"),
        (content(BOMB, coding="gzip"), {}, 65, "at most 100 times its size"),
        (content(LIST, coding="br"), {}, 75, "packed with 'br'"),
        (content(b"<html>maintenance</html>", kind="text/html"), {}, 65, "no column"),
        (content(b""), {}, 65, "is empty"),
        (content(LIST[:9]), {}, 65, ""),
        (status(302, Location="http://other.example/list.csv"), {}, 75, "another host"),
        (status(302, Location="https://127.0.0.1/list.csv"), {}, 75, "another host"),
        (status(302, Location="file:///etc/passwd"), {}, 65, "is not https"),
        (status(302, Location="/list.csv"), {}, 75, "more than 5 times"),
        (status(302), {}, 75, "more than 5 times"),
        (status(204, b""), {}, 75, "HTTP 204"),
    ],
)
def test_whatever_a_source_does_wrong_the_last_good_version_goes_on(
    server: ListServer,
    data: Path,
    answer: object,
    rules: dict[str, float],
    error: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What failed, and since when, is in the record; when it is well again, that is too."""
    monkeypatch.setattr(packed, "_FREE", 100_000)
    server.paths["/list.csv"] = [content(LIST)]
    updated(data, source(server))
    server.paths["/list.csv"] = [answer]  # type: ignore[list-item]
    for count in (1, 2):
        (found,) = updated(data, source(server), rules=fetching.msgspec.structs.replace(HERE, **rules))
        assert (found.outcome, found.exit_code) == ("failed", error)
        assert says in found.detail
        assert names(data) == ["Alpha Group", "Beta Group"]
        assert (look(data).error, look(data).failures) == (found.detail, count)
        assert look(data).failing_since
    server.paths["/list.csv"] = [content(NEXT)]
    (well,) = updated(data, source(server))
    assert (well.outcome, look(data).error, look(data).failing_since, look(data).failures) == ("new", "", "", 0)


def test_a_server_that_falls_silent_is_left(server: ListServer, data: Path) -> None:
    """In the middle of an answer too."""
    done = threading.Event()
    server.paths["/list.csv"] = [silent(done)]
    try:
        (found,) = updated(data, source(server), rules=fetching.msgspec.structs.replace(HERE, read_seconds=0.05, retries=1))
    finally:
        done.set()
    assert (found.outcome, found.exit_code) == ("failed", 75)
    assert not data.exists()


def test_a_machine_that_is_not_there_is_told(data: Path) -> None:
    """And so is a name that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="tried 3 times"):
        fetching.fetch(f"http://127.0.0.1:{port}/x", data, rules=HERE)
    with pytest.raises(FetchError, match="is not known"):
        fetching.fetch("http://no-such-host.invalid/x", data, rules=HERE)


def test_a_suspicious_list_is_stopped_and_the_stop_is_visible(server: ListServer, data: Path) -> None:
    """Until a person says --force."""
    many = b"id,name\n" + b"".join(b"n%d,Name Number %d\n" % (number, number) for number in range(40))
    server.paths["/list.csv"] = [content(many), content(LIST)]
    updated(data, source(server))
    (found,) = updated(data, source(server))
    assert (found.exit_code, "would shrink from 40 entities to 2" in look(data).error) == (65, True)
    assert len(names(data)) == 40
    assert updated(data, source(server), force=True)[0].outcome == "new"


def test_one_source_that_fails_stops_none_of_the_others(server: ListServer, data: Path) -> None:
    """Each is told of."""
    server.paths["/list.csv"] = [content(LIST)]
    dead = Source(name="dead", format="csv", url=server.url("/none"), allow_http=True, allow_private=True)
    assert [found.outcome for found in updated(data, dead, source(server))] == ["failed", "new"]


# ---------------------------------------------------------------- where it may not go


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0", "localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "10.1.2.3",
        "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "[fe80::1]", "[fd00::1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[ff02::1]",
    ],
)  # fmt: skip
def test_a_private_address_is_refused_before_anything_is_sent(host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever way it is written."""
    monkeypatch.setattr(socket.socket, "connect", lambda *values: pytest.fail("it connected"))
    with pytest.raises(AkaError, match=r"private network|is not known"):
        fetching.fetch(f"https://{host}/list.xml", tmp_path / "list")
    assert not (tmp_path / "list").exists()


def test_a_name_that_has_one_private_address_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it has public ones too."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *values, **named: [_entry("93.184.216.34"), _entry("10.0.0.7")])
    with pytest.raises(InvalidError, match=r"is 10\.0\.0\.7"):
        fetching.fetch("https://lists.example/x", tmp_path / "list")


def _entry(address: str) -> tuple[object, ...]:
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))


def test_the_connection_goes_to_the_address_that_was_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is resolved once: a second answer, of a server that changes it, is never asked for."""
    asked: list[str] = []
    went: list[tuple[str, int]] = []

    def resolved(host: str, *values: object, **named: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [_entry("93.184.216.34" if host in ("lists.example", "93.184.216.34") else "127.0.0.1")]

    def connect(_: socket.socket, address: tuple[str, int]) -> None:
        went.append(address)
        raise OSError("no network in a test")

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(FetchError):
        fetching.fetch("https://lists.example/x", tmp_path / "list", rules=Rules(retries=0, backoff=0))
    assert asked.count("lists.example") == 1
    assert went == [("93.184.216.34", 443)]


@pytest.mark.parametrize(
    "url",
    [
        "http://lists.example/x", "ftp://lists.example/x", "file:///etc/passwd", "gopher://x/", "https:///x", "https://", "lists.example",
        "https://user:secret@lists.example/x", "https://lists.example\\@127.0.0.1/", "https://lists.example/a b", "https://[::1/x",
        "https://lists.example:99999/x", "https://lists.example/\r\nHost: x", "https://lists.example:0/", "", "https://exämple.org/",
    ],
)  # fmt: skip
def test_a_url_of_another_kind_is_refused(url: str, tmp_path: Path) -> None:
    """Https by name, without a password, and nothing else."""
    with pytest.raises(InvalidError):
        fetching.fetch(url, tmp_path / "list")


def test_a_certificate_is_checked_against_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the connection goes to an address; one of an unknown authority is refused."""
    trustme = pytest.importorskip("trustme", reason="trustme is not installed, which makes certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with serving() as server:
        server.secure(context)
        server.paths["/list.csv"] = [content(LIST)]
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            fetching.fetch(server.url("/list.csv", "localhost"), tmp_path / "list", rules=HERE)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        fetching.fetch(server.url("/list.csv", "localhost"), tmp_path / "list", rules=HERE)
        assert (tmp_path / "list").read_bytes() == LIST
        with pytest.raises(FetchError, match=r"doesn't match|not valid for"):
            fetching.fetch(server.url("/list.csv"), tmp_path / "other", rules=HERE)
        assert not (tmp_path / "other").exists()


def test_too_large_an_answer_leaves_no_file(server: ListServer, tmp_path: Path) -> None:
    """Nor room on the disk taken."""
    server.paths["/x"] = [endless(b"x" * 65_536)]
    with pytest.raises(TooLargeError):
        fetching.fetch(server.url("/x"), tmp_path / "list", rules=fetching.msgspec.structs.replace(HERE, max_bytes=100_000))
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- lists.toml and the command


def _config(directory: Path, text: str) -> Path:
    path = directory / "lists.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no list"),
        ("[[list]]\nname = 'a'\n", "missing required field `format`"),
        ("[[list]]\nname = 'a'\nformat = 'xls'\nurl = 'https://x.example/'\n", "format 'xls' is unknown"),
        ("[[list]]\nname = 'a b'\nformat = 'csv'\nurl = 'https://x.example/'\n", "list name 'a b' is not allowed"),
        ("[[list]]\nname = 'a'\nformat = 'csv'\nurl = 'http://x.example/'\n", "is not https"),
        ("[[list]]\nname = 'a'\nformat = 'csv'\nurl = 'https://x.example/'\n" * 2, "stands twice"),
        ("[[list]]\nname = 'a'\nformat = 'csv'\nurl = 'https://x.example/'\nuser = 1\n", "unknown field `user`"),
        ("[[list]", "is no TOML"),
        ("[[list]]\nname = 'a'\nformat = 'csv'\nurl = 'https://x.example/'\nmax_minutes = 0\n", ">= 1"),
    ],
)
def test_a_wrong_list_of_lists_is_refused_with_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    """Before anything is fetched."""
    with pytest.raises(InvalidError, match=says):
        updating.configured(_config(tmp_path, text))
    with pytest.raises(UnknownError, match="cannot be read"):
        updating.configured(tmp_path / "none.toml")


@pytest.mark.parametrize(("text", "wanted"), [("30m", 1_800), ("6h", 21_600), ("1d", 86_400), ("60s", 60)])
def test_a_period_is_a_number_and_a_unit(text: str, wanted: int) -> None:
    """A minute or more."""
    assert updating.seconds(text) == wanted
    for wrong in ("", "6", "h", "59s", "-1h", "1w", "6h30m"):
        with pytest.raises(InvalidError, match="give a minute or more"):
            updating.seconds(wrong)


def test_the_command_updates_what_is_configured(server: ListServer, data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """All lists, or those that are named; its exit status says what failed."""
    server.paths["/list.csv"] = [content(LIST, etag='"x"')]
    data.mkdir()
    entry = "[[list]]\nname = '{}'\nformat = 'csv'\nurl = '{}'\nallow_http = true\nallow_private = true\n"
    _config(data, entry.format("mine", server.url("/list.csv")) + entry.format("dead", server.url("/none")))
    where = ["--data", str(data)]
    assert cli.run(["update", "mine", *where]) == 0
    assert capfd.readouterr().out == "mine: new, version 1, 2 entities (2 added, 0 removed, 0 changed)\n"
    assert cli.run(["update", "--json", *where]) == 75
    out, _ = capfd.readouterr()
    assert [json.loads(line)["outcome"] for line in out.splitlines()] == ["unchanged", "failed"]
    assert cli.run(["update", *where]) == 75
    assert "dead: failed, the last good version goes on: " in capfd.readouterr().err
    assert cli.run(["lists", "--json", *where]) == 0
    assert [json.loads(line)["error"] for line in capfd.readouterr().out.splitlines()] == [""]
    assert cli.run(["update", "other", *where]) == 2
    assert cli.run(["update", "--every", "1s", *where]) == 65
    with locked(data):
        assert cli.run(["update", "mine", *where]) == 75


def test_the_loop_looks_again_until_it_is_stopped(
    server: ListServer, data: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever fails meanwhile; another writer too."""
    waits: list[float] = []
    held = locked(data)

    def wait(event: threading.Event, period: float) -> bool:
        waits.append(period)
        if len(waits) == 1:
            server.paths["/list.csv"] = [content(NEXT)]
        elif len(waits) == 2:
            held.__enter__()
        else:
            held.__exit__(None, None, None)
            event.set()
        return event.is_set()

    server.paths["/list.csv"] = [content(LIST)]
    data.mkdir()
    _config(
        data,
        f"[[list]]\nname = 'mine'\nformat = 'csv'\nurl = '{server.url('/list.csv')}'\nallow_http = true\nallow_private = true\n",
    )
    monkeypatch.setattr("resolver.commands.updating._wait", wait)
    assert cli.run(["update", "--every", "6h", "--data", str(data)]) == 0
    out, err = capfd.readouterr()
    assert waits == [21_600] * 3
    assert [line.split(",")[0] for line in out.splitlines()] == ["mine: new", "mine: new"]
    assert "looking again in 6h" in err
