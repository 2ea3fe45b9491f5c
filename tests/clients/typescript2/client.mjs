// The TypeScript SDK 2.x, with both ways of finding a version:
// `client.mjs http URL MODE` or `client.mjs stdio BINARY MODE`.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { exercise } from "../exercise.mjs";

const [kind, target, mode] = process.argv.slice(2);
const transport =
  kind === "http"
    ? new StreamableHTTPClientTransport(new URL(target))
    : new StdioClientTransport({ command: target, args: ["stdio"] });
const client = new Client(
  { name: "typescript-2", version: "1" },
  { versionNegotiation: { mode } },
);
await client.connect(transport);
const expected = mode === "auto" ? "2026-07-28" : "2025-11-25";
await exercise(client, (version) => version === undefined || version === expected);
await client.close();
