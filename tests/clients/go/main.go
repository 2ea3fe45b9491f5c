// The Go SDK: `client http URL` or `client stdio BINARY`.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type call struct {
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments"`
}

type plan struct {
	Calls           []call `json:"calls"`
	Miss            call   `json:"miss"`
	UnknownTool     string `json:"unknownTool"`
	Resource        string `json:"resource"`
	UnknownResource string `json:"unknownResource"`
	Prompt          struct {
		Name      string            `json:"name"`
		Arguments map[string]string `json:"arguments"`
	} `json:"prompt"`
	Completion struct {
		URI      string `json:"uri"`
		Argument string `json:"argument"`
		Value    string `json:"value"`
	} `json:"completion"`
}

func check(ok bool, what ...any) {
	if !ok {
		log.Fatal(what...)
	}
}

func must[T any](value T, err error) T {
	check(err == nil, err)
	return value
}

func textOf(result *mcp.CallToolResult) string {
	check(len(result.Content) == 1, "not one block of content")
	text, ok := result.Content[0].(*mcp.TextContent)
	check(ok && text.Text != "", "no text")
	return text.Text
}

func main() {
	log.SetFlags(0)
	ctx := context.Background()
	var p plan
	check(json.Unmarshal(must(os.ReadFile(os.Args[3])), &p) == nil, "calls.json cannot be read")

	var transport mcp.Transport = &mcp.StreamableClientTransport{Endpoint: os.Args[2]}
	if os.Args[1] == "stdio" {
		transport = &mcp.CommandTransport{Command: exec.Command(os.Args[2], "stdio")}
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "go", Version: "1"}, nil)
	session := must(client.Connect(ctx, transport, nil))
	exercise(ctx, session, p)
	check(session.Close() == nil, "the session does not close cleanly")
}

func exercise(ctx context.Context, session *mcp.ClientSession, p plan) {
	tools := must(session.ListTools(ctx, nil)).Tools
	var calls []call
	for _, tool := range tools {
		before := len(calls)
		for _, each := range p.Calls {
			if each.Tool == tool.Name {
				calls = append(calls, each)
			}
		}
		check(len(calls) > before, "no call for ", tool.Name)
	}
	check(len(must(session.ListResources(ctx, nil)).Resources) > 0, "no resources")
	check(len(must(session.ListResourceTemplates(ctx, nil)).ResourceTemplates) > 0, "no templates")
	check(len(must(session.ListPrompts(ctx, nil)).Prompts) > 0, "no prompts")

	run := func(each call) *mcp.CallToolResult {
		return must(session.CallTool(ctx, &mcp.CallToolParams{Name: each.Tool, Arguments: each.Arguments}))
	}
	for _, each := range calls {
		result := run(each)
		check(!result.IsError, each.Tool, ": ", textOf(result))
		textOf(result)
	}

	miss := run(p.Miss)
	check(miss.IsError && strings.Contains(textOf(miss), "didYouMean"), "the miss teaches nothing")
	_, err := session.CallTool(ctx, &mcp.CallToolParams{Name: p.UnknownTool})
	check(err != nil, "an unknown tool is answered")
	_, err = session.ReadResource(ctx, &mcp.ReadResourceParams{URI: p.UnknownResource})
	check(err != nil, "an unknown resource is answered")

	contents := must(session.ReadResource(ctx, &mcp.ReadResourceParams{URI: p.Resource})).Contents
	check(json.Valid([]byte(contents[0].Text)), "the manifest is not JSON")
	prompt := must(session.GetPrompt(ctx, &mcp.GetPromptParams{Name: p.Prompt.Name, Arguments: p.Prompt.Arguments}))
	check(len(prompt.Messages) == 1, "not one message")
	completed := must(session.Complete(ctx, &mcp.CompleteParams{
		Ref:      &mcp.CompleteReference{Type: "ref/resource", URI: p.Completion.URI},
		Argument: mcp.CompleteParamsArgument{Name: p.Completion.Argument, Value: p.Completion.Value},
	}))
	check(len(completed.Completion.Values) > 0, "nothing is completed")

	var group sync.WaitGroup
	for n := range 20 {
		group.Go(func() { check(!run(calls[n%len(calls)]).IsError, "one of many calls fails") })
	}
	group.Wait()
	version := "not told"
	if result := session.InitializeResult(); result != nil {
		version = result.ProtocolVersion
	}
	fmt.Printf("%d tools, version %s\n", len(calls), version)
}
