// What every TypeScript client does: both SDKs have the same methods.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const plan = JSON.parse(readFileSync(new URL("calls.json", import.meta.url), "utf8"));
const textOf = (result) => {
  assert.equal(result.content.length, 1);
  assert.equal(result.content[0].type, "text");
  assert.ok(result.content[0].text.length > 0);
  return result.content[0].text;
};

export async function exercise(client, isExpectedVersion) {
  const version = client.getNegotiatedProtocolVersion?.();
  assert.ok(isExpectedVersion(version), `negotiated ${version}`);

  const { tools } = await client.listTools();
  const calls = plan.calls.filter((call) => tools.some((tool) => tool.name === call.tool));
  for (const tool of tools) {
    assert.ok(calls.some((call) => call.tool === tool.name), `no call for ${tool.name}`);
  }
  assert.ok((await client.listResources()).resources.length > 0);
  assert.ok((await client.listResourceTemplates()).resourceTemplates.length > 0);
  assert.ok((await client.listPrompts()).prompts.length > 0);

  const call = async ({ tool, arguments: args }) =>
    client.callTool({ name: tool, arguments: args });
  for (const each of calls) {
    const result = await call(each);
    assert.ok(!result.isError, `${each.tool}: ${textOf(result)}`);
    textOf(result);
  }

  const miss = await call(plan.miss);
  assert.equal(miss.isError, true);
  assert.ok(JSON.parse(textOf(miss)).didYouMean.length > 0);
  await assert.rejects(client.callTool({ name: plan.unknownTool, arguments: {} }));
  await assert.rejects(client.readResource({ uri: plan.unknownResource }));

  const { contents } = await client.readResource({ uri: plan.resource });
  assert.ok(JSON.parse(contents[0].text).catalog);
  const prompt = await client.getPrompt(plan.prompt);
  assert.ok(prompt.messages[0].content.text.includes(plan.prompt.arguments.goal));
  const { completion } = await client.complete({
    ref: { type: "ref/resource", uri: plan.completion.uri },
    argument: { name: plan.completion.argument, value: plan.completion.value },
  });
  assert.ok(completion.values.length > 0);

  const many = await Promise.all(Array.from({ length: 20 }, (_, n) => call(calls[n % calls.length])));
  many.forEach((result) => assert.ok(!result.isError));
  console.log(`${calls.length} tools, version ${version ?? "not told"}`);
}
