// The TypeScript SDK 1.x: `client.mjs http URL` or `client.mjs stdio BINARY`.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { exercise } from "../exercise.mjs";

const [kind, target] = process.argv.slice(2);
const transport =
  kind === "http"
    ? new StreamableHTTPClientTransport(new URL(target))
    : new StdioClientTransport({ command: target, args: ["stdio"] });
const client = new Client({ name: "typescript-1", version: "1" });
await client.connect(transport);
await exercise(client, (version) => version === undefined || version === "2025-11-25");
await client.close();
