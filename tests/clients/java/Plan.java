import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What every client does, read from calls.json, and how it says that something is wrong. */
final class Plan {
    static final ObjectMapper JSON = new ObjectMapper();

    record Call(String tool, JsonNode arguments) {
        Map<String, Object> map() {
            return JSON.convertValue(arguments, new TypeReference<>() {});
        }
    }

    final JsonNode all;

    Plan(String path) throws Exception {
        all = JSON.readTree(new File(path));
    }

    String text(String pointer) {
        return all.at(pointer).asText();
    }

    Call miss() {
        return call(all.get("miss"));
    }

    Map<String, Object> promptArguments() {
        return JSON.convertValue(all.at("/prompt/arguments"), new TypeReference<>() {});
    }

    /** A call for each of these tools. */
    List<Call> calls(Collection<String> tools) {
        List<Call> calls = new ArrayList<>();
        for (String tool : tools) {
            int before = calls.size();
            all.get("calls").forEach(each -> {
                if (each.get("tool").asText().equals(tool)) {
                    calls.add(call(each));
                }
            });
            check(calls.size() > before, "no call for " + tool);
        }
        return calls;
    }

    private static Call call(JsonNode node) {
        return new Call(node.get("tool").asText(), node.get("arguments"));
    }

    static void check(boolean ok, String what) {
        if (!ok) {
            throw new IllegalStateException(what);
        }
    }

    static void refused(Callable<?> call, String what) {
        try {
            call.call();
        } catch (Exception expected) {
            return;
        }
        throw new IllegalStateException(what + " is answered");
    }
}
