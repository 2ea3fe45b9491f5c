import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.McpTransport;
import dev.langchain4j.mcp.client.transport.http.StreamableHttpMcpTransport;
import dev.langchain4j.mcp.client.transport.stdio.StdioMcpTransport;
import dev.langchain4j.service.tool.ToolExecutionResult;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** langchain4j, which Kestra's own Copilot uses: arguments as for {@link JavaSdk}. */
final class LangChain4j {
    public static void main(String[] args) throws Exception {
        Plan plan = new Plan(args[2]);
        try (McpClient client = DefaultMcpClient.builder()
                .transport(transport(args[0], args[1]))
                .toolExecutionTimeout(Duration.ofSeconds(15))
                .build()) {
            System.out.println(exercise(client, plan) + " tools");
        }
        System.exit(0);
    }

    private static McpTransport transport(String kind, String target) {
        return kind.equals("stdio")
                ? new StdioMcpTransport.Builder().command(List.of(target, "stdio")).build()
                : new StreamableHttpMcpTransport.Builder().url(target).build();
    }

    private static int exercise(McpClient client, Plan plan) {
        List<Plan.Call> calls =
                plan.calls(client.listTools().stream().map(ToolSpecification::name).toList());
        Plan.check(!client.listResources().isEmpty(), "no resources");
        Plan.check(!client.listResourceTemplates().isEmpty(), "no templates");
        Plan.check(!client.listPrompts().isEmpty(), "no prompts");
        client.checkHealth();

        calls.forEach(call -> succeed(client, call));
        Plan.check(missText(client, plan.miss()).contains("didYouMean"), "the miss teaches nothing");
        Plan.refused(
                () -> client.executeTool(request(plan.text("/unknownTool"), "{}")), "an unknown tool");
        Plan.refused(() -> client.readResource(plan.text("/unknownResource")), "an unknown resource");

        Plan.check(!client.readResource(plan.text("/resource")).contents().isEmpty(), "no manifest");
        Plan.check(
                client.getPrompt(plan.text("/prompt/name"), plan.promptArguments()).messages().size() == 1,
                "not one message");

        IntStream.range(0, 20).parallel().forEach(n -> succeed(client, calls.get(n % calls.size())));
        return calls.size();
    }

    private static ToolExecutionRequest request(String tool, String arguments) {
        return ToolExecutionRequest.builder().name(tool).arguments(arguments).build();
    }

    private static void succeed(McpClient client, Plan.Call call) {
        ToolExecutionResult result = client.executeTool(request(call.tool(), call.arguments().toString()));
        Plan.check(!result.isError() && !result.resultText().isEmpty(), call.tool() + ": " + result.resultText());
    }

    /** Depending on its settings the client returns a miss or throws its text. */
    private static String missText(McpClient client, Plan.Call call) {
        try {
            ToolExecutionResult result = client.executeTool(request(call.tool(), call.arguments().toString()));
            Plan.check(result.isError(), "the miss is no error");
            return result.resultText();
        } catch (RuntimeException thrown) {
            return thrown.getMessage();
        }
    }
}
