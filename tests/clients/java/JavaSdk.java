import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The Java SDK: {@code JavaSdk http URL calls.json} or {@code JavaSdk stdio BINARY calls.json}. */
final class JavaSdk {
    public static void main(String[] args) throws Exception {
        Plan plan = new Plan(args[2]);
        McpSyncClient client =
                McpClient.sync(transport(args[0], args[1])).requestTimeout(Duration.ofSeconds(20)).build();
        String version = client.initialize().protocolVersion();
        Plan.check(version.equals("2025-11-25"), "negotiated " + version);
        int tools = exercise(client, plan);
        Plan.check(client.closeGracefully(), "the session does not close cleanly");
        System.out.println(tools + " tools, version " + version);
        System.exit(0);
    }

    private static McpClientTransport transport(String kind, String target) {
        if (kind.equals("stdio")) {
            ServerParameters server = ServerParameters.builder(target).args("stdio").build();
            return new StdioClientTransport(server, McpJsonDefaults.getMapper());
        }
        URI url = URI.create(target);
        return HttpClientStreamableHttpTransport.builder("http://" + url.getAuthority())
                .endpoint(url.getPath())
                .build();
    }

    private static int exercise(McpSyncClient client, Plan plan) {
        List<Plan.Call> calls =
                plan.calls(client.listTools().tools().stream().map(McpSchema.Tool::name).toList());
        Plan.check(!client.listResources().resources().isEmpty(), "no resources");
        Plan.check(!client.listResourceTemplates().resourceTemplates().isEmpty(), "no templates");
        Plan.check(!client.listPrompts().prompts().isEmpty(), "no prompts");
        client.ping();

        calls.forEach(call -> succeed(client, call));
        McpSchema.CallToolResult miss = run(client, plan.miss());
        Plan.check(miss.isError() && text(miss).contains("didYouMean"), "the miss teaches nothing");
        Plan.refused(
                () -> client.callTool(new McpSchema.CallToolRequest(plan.text("/unknownTool"), plan.miss().map())),
                "an unknown tool");
        Plan.refused(
                () -> client.readResource(new McpSchema.ReadResourceRequest(plan.text("/unknownResource"))),
                "an unknown resource");

        Plan.check(
                !client.readResource(new McpSchema.ReadResourceRequest(plan.text("/resource"))).contents().isEmpty(),
                "no manifest");
        Plan.check(
                client.getPrompt(new McpSchema.GetPromptRequest(plan.text("/prompt/name"), plan.promptArguments()))
                                .messages()
                                .size()
                        == 1,
                "not one message");
        McpSchema.CompleteRequest blank = new McpSchema.CompleteRequest(
                new McpSchema.ResourceReference(plan.text("/completion/uri")),
                new McpSchema.CompleteRequest.CompleteArgument(
                        plan.text("/completion/argument"), plan.text("/completion/value")));
        Plan.check(!client.completeCompletion(blank).completion().values().isEmpty(), "nothing is completed");

        IntStream.range(0, 20).parallel().forEach(n -> succeed(client, calls.get(n % calls.size())));
        return calls.size();
    }

    private static McpSchema.CallToolResult run(McpSyncClient client, Plan.Call call) {
        return client.callTool(new McpSchema.CallToolRequest(call.tool(), call.map()));
    }

    private static void succeed(McpSyncClient client, Plan.Call call) {
        McpSchema.CallToolResult result = run(client, call);
        Plan.check(!Boolean.TRUE.equals(result.isError()), call.tool() + ": " + text(result));
    }

    private static String text(McpSchema.CallToolResult result) {
        Plan.check(result.content().size() == 1, "not one block of content");
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }
}
