"""The Python SDK: `client.py http URL MODE` or `client.py stdio BINARY MODE`."""

import asyncio
import json
import pathlib
import sys

from mcp import Client, MCPError, StdioServerParameters
from mcp.types import ResourceTemplateReference

PLAN = json.loads((pathlib.Path(__file__).parent.parent / "calls.json").read_text())


def text_of(result):
    assert len(result.content) == 1 and result.content[0].type == "text"
    assert result.content[0].text
    return result.content[0].text


async def refused(call):
    try:
        await call
    except MCPError:
        return
    raise AssertionError("the server answered what it should refuse")


async def exercise(client):
    tools = (await client.list_tools()).tools
    calls = [c for c in PLAN["calls"] if any(t.name == c["tool"] for t in tools)]
    missing = {t.name for t in tools} - {c["tool"] for c in calls}
    assert not missing, f"no call for {missing}"
    assert (await client.list_resources()).resources
    assert (await client.list_resource_templates()).resource_templates
    assert (await client.list_prompts()).prompts

    async def call(each):
        return await client.call_tool(each["tool"], each["arguments"])

    for each in calls:
        result = await call(each)
        assert not result.is_error, f"{each['tool']}: {text_of(result)}"
        text_of(result)

    miss = await call(PLAN["miss"])
    assert miss.is_error and json.loads(text_of(miss))["didYouMean"]
    await refused(client.call_tool(PLAN["unknownTool"], {}))
    await refused(client.read_resource(PLAN["unknownResource"]))

    contents = (await client.read_resource(PLAN["resource"])).contents
    assert json.loads(contents[0].text)["catalog"]
    prompt = await client.get_prompt(PLAN["prompt"]["name"], PLAN["prompt"]["arguments"])
    assert PLAN["prompt"]["arguments"]["goal"] in prompt.messages[0].content.text
    blank = PLAN["completion"]
    completed = await client.complete(
        ResourceTemplateReference(type="ref/resource", uri=blank["uri"]),
        {"name": blank["argument"], "value": blank["value"]},
    )
    assert completed.completion.values

    many = await asyncio.gather(*(call(calls[n % len(calls)]) for n in range(20)))
    assert not any(result.is_error for result in many)
    print(f"{len(calls)} tools, version {client.protocol_version}")


async def main():
    kind, target, mode = sys.argv[1:4]
    server = target if kind == "http" else StdioServerParameters(command=target, args=["stdio"])
    async with Client(server, mode=mode) as client:
        expected = "2026-07-28" if mode == "auto" else "2025-11-25"
        assert client.protocol_version == expected, client.protocol_version
        await exercise(client)


asyncio.run(main())
