"""`aka mcp`, asked by the client of the protocol's own SDK over standard input and output."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

mcp = pytest.importorskip("mcp", reason="the MCP SDK is not installed: pip install 'aka-resolver[mcp]'")

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("resolve_name", {"name": "Dayr az-Zawr", "types": ["place"], "limit": 1}),
    ("resolve_name", {"name": "Nobody At All Here"}),
    ("compare_names", {"a": "Qassem Soleimani", "b": "Ghasem Soleymani", "type": "person"}),
    ("find_mentions", {"text": "😀 ISIS lost دير الزور."}),
    ("get_entity", {"id": "islamic-state"}),
    ("get_entity", {"id": "nobody"}),
    ("resolve_name", {"name": "   "}),
    ("resolve_name", {"name": "Raqqa", "lists": ["nowhere"]}),
    ("find_mentions", {"text": "x", "types": ["town"]}),
    ("find_mentions", {}),
]


async def conversation() -> tuple[Any, list[Any]]:
    command = mcp.StdioServerParameters(command=sys.executable, args=["-c", "from resolver.cli import main; main()", "mcp"])
    async with mcp.stdio_client(command) as (read, write), mcp.ClientSession(read, write) as session:
        await session.initialize()
        tools = await session.list_tools()
        return tools.tools, [await session.call_tool(name, arguments) for name, arguments in CALLS]


@pytest.fixture(scope="module")
def said() -> tuple[Any, list[Any]]:
    with ThreadPoolExecutor(1) as pool:  # this thread may have a loop that runs: that of the browser of other tests
        return pool.submit(lambda: asyncio.run(asyncio.wait_for(conversation(), 240))).result()


def test_there_are_four_tools_that_say_that_they_only_read(said: tuple[Any, list[Any]]) -> None:
    tools = {tool.name: tool for tool in said[0]}
    assert sorted(tools) == ["compare_names", "find_mentions", "get_entity", "resolve_name"]
    for tool in tools.values():
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.description
        assert all("description" in one for one in tool.input_schema["properties"].values())


def test_a_name_is_resolved(said: tuple[Any, list[Any]]) -> None:
    found, nobody = (answer.structured_content for answer in said[1][:2])
    assert [one["entity"]["id"] for one in found["candidates"]] == ["deir-ez-zor"]
    assert found["candidates"][0]["reasons"]
    assert nobody["candidates"] == []


def test_two_names_are_compared(said: tuple[Any, list[Any]]) -> None:
    answer = said[1][2].structured_content
    assert answer["score"] > 0.9
    assert answer["reasons"]


def test_mentions_are_found_with_offsets_of_code_points(said: tuple[Any, list[Any]]) -> None:
    found = said[1][3].structured_content["mentions"]
    assert [(one["start"], one["end"], one["entity"]["id"]) for one in found] == [
        (2, 6, "islamic-state"), (12, 21, "deir-ez-zor"),
    ]  # fmt: skip


def test_an_entity_comes_with_its_names(said: tuple[Any, list[Any]]) -> None:
    entity = said[1][4].structured_content
    assert entity["name"] == "Islamic State"
    assert "داعش" in {alias["form"] for alias in entity["aliases"]}


def test_a_question_that_cannot_be_answered_says_what_to_mend(said: tuple[Any, list[Any]]) -> None:
    told = [answer.content[0].text for answer in said[1][5:]]
    assert all(answer.is_error for answer in said[1][5:])
    assert "no entity has the id 'nobody': find it by name" in told[0]
    assert "the name is empty" in told[1]
    assert "nowhere" in told[2]
    assert "place" in told[3]
    assert "text" in told[4]


def test_without_the_sdk_the_message_says_what_to_install() -> None:
    program = "import sys; sys.modules['mcp'] = None\nfrom resolver.cli import run\nsys.exit(run(['mcp']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (65, "")
    assert "pip install 'aka-resolver[mcp]'" in done.stderr


def test_its_output_holds_nothing_but_the_protocol() -> None:
    command = [sys.executable, "-c", "from resolver.cli import main; main()", "mcp"]
    done = subprocess.run(command, input="", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
