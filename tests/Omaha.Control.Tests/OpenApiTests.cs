using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>The description of the API is held against the API.</summary>
public sealed partial class OpenApiTests : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private ControlSite _control = null!;
    private JsonNode _document = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        _document = (await _control.GetAsync("openapi.json")).Json;
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        await _store.DisposeAsync();
    }

    private IEnumerable<(string Method, string Path, JsonObject Operation)> Operations =>
        _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject())));

    [Fact]
    public void Every_route_is_described_and_everything_that_is_described_is_a_route()
    {
        Assert.Equal("3.1.0", (string?)_document["openapi"]);
        Assert.Equal(_control.Routes.Order(StringComparer.Ordinal), Operations.Select(operation => $"{operation.Method} {operation.Path["/api/v1".Length..]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_route_knows_the_query_keys_that_are_described_and_no_others()
    {
        foreach (var (method, path, operation) in Operations)
        {
            var described = operation["parameters"]!.AsArray().Where(parameter => (string?)parameter!["in"] == "query").Select(parameter => (string)parameter!["name"]!).ToList();
            var answer = await _control.SendAsync(method, $"{Filled(path)["/api/v1/".Length..]}?no-such-key", method == "GET" ? null : "{}", $"Bearer {_control.Admin}");

            Assert.Equal(400, answer.Status);
            Assert.Equal([$"no-such-key: is no query key of this route, which has {(described.Count == 0 ? "none" : string.Join(", ", described))}"], answer.Faults);
        }
    }

    [Fact]
    public async Task Every_route_takes_the_role_that_is_described()
    {
        string[] roles = ["viewer", "promoter", "operator", "admin"];
        foreach (var (method, path, operation) in Operations)
        {
            var least = Array.IndexOf(roles, (string?)operation["x-omaha-role"]);
            Assert.InRange(least, 0, 3);
            if (least == 0) continue;
            var weaker = least == 3 ? _control.Operator : _control.Viewer;
            var answer = await _control.SendAsync(method, Filled(path)["/api/v1/".Length..], null, $"Bearer {weaker}");

            Assert.Equal(403, answer.Status);
            Assert.Contains($"this needs the role {roles[least]};", Assert.Single(answer.Faults), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_path_value_is_described_and_every_reference_leads_somewhere()
    {
        foreach (var (_, path, operation) in Operations)
        {
            var described = operation["parameters"]!.AsArray().Where(parameter => (string?)parameter!["in"] == "path").Select(parameter => (string)parameter!["name"]!);
            Assert.Equal(Value().Matches(path).Select(match => match.Groups[1].Value), described);
        }

        var references = Reference().Matches(_document.ToJsonString()).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference =>
        {
            Assert.StartsWith("#/components/", reference, StringComparison.Ordinal);
            var found = reference[2..].Split('/').Aggregate((JsonNode?)_document, (node, key) => node?[key]);
            Assert.NotNull(found);
        });
    }

    [Fact]
    public async Task Answers_are_of_the_form_that_is_described()
    {
        await _control.PostAsync("apply", SampleFile.With("1.0"));
        foreach (var (_, path, operation) in Operations.Where(operation => operation.Method == "GET"))
        {
            if (operation["responses"]!["200"]!["content"]!["application/json"]?["schema"]?["$ref"] is not { } reference) continue;
            var answer = await _control.SendAsync("GET", $"{Filled(path)["/api/v1/".Length..]}{(path.EndsWith("/diff", StringComparison.Ordinal) ? "?from=0&to=1" : path.EndsWith("/explain", StringComparison.Ordinal) ? $"?app={SampleFile.AppPath}" : "")}", null, $"Bearer {_control.Admin}");
            var described = ((string)reference!)[2..].Split('/').Aggregate((JsonNode?)_document, (node, key) => node?[key])!["properties"]!.AsObject().Select(property => property.Key).ToHashSet();

            Assert.Equal(200, answer.Status);
            Assert.Subset(described, answer.Json.AsObject().Select(property => property.Key).ToHashSet());
        }
    }

    [Fact]
    public async Task No_value_of_any_key_makes_a_route_fail()
    {
        string[] values = ["null", "true", "-1", "1e400", "9223372036854775808", "\"\"", "\" \"", "\"\\u0000\"", "\"..\"", "[]", "[null]", "[[]]", "[\"\"]", "[{}]", "{}", "{\"\": null}", "{\"a\": null}"];
        await _control.PostAsync("apply", SampleFile.With("1.0"));
        foreach (var (method, path, operation) in Operations)
        {
            if (operation["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"] is not { } reference) continue;
            var keys = ((string)reference!)[2..].Split('/').Aggregate((JsonNode?)_document, (node, key) => node?[key])!["properties"]!.AsObject().Select(property => property.Key);
            foreach (var key in keys)
            {
                foreach (var value in values)
                {
                    // With what a route needs besides, so that it looks at the value at all.
                    var others = string.Concat(new[] { ("role", "\"promoter\""), ("from", "\"alpha\""), ("version", "\"1.0\""), ("reason", "\"why\""), ("skipVerify", "\"why\""), ("channel", "\"beta\"") }
                        .Where(other => other.Item1 != key && keys.Contains(other.Item1))
                        .Select(other => $", \"{other.Item1}\": {other.Item2}"));
                    var body = $"{{ \"{key}\": {value}{others} }}";
                    var answer = await _control.SendAsync(method, Filled(path)["/api/v1/".Length..], body, $"Bearer {_control.Admin}");

                    Assert.True(answer.Status is 200 or 400 or 404 or 409 or 422, $"{method} {path} with {body} was answered with {answer.Status}: {answer.Text}");
                    if (answer.Status != 200) Assert.NotEmpty(answer.Faults);
                }
            }
        }
    }

    private static string Filled(string path) => path
        .Replace("{id}", SampleFile.AppPath, StringComparison.Ordinal)
        .Replace("{channel}", "beta", StringComparison.Ordinal)
        .Replace("{version}", "1.0", StringComparison.Ordinal)
        .Replace("{group}", "rack-7", StringComparison.Ordinal)
        .Replace("{token}", "0123456789ab", StringComparison.Ordinal);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Value();

    [GeneratedRegex("\"\\$ref\":\"([^\"]+)\"")]
    private static partial Regex Reference();
}
