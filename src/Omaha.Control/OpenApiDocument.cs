using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Omaha.Control;

/// <summary>The description of the API (OpenAPI 3.1), made from the table of its routes and the types of its bodies.</summary>
internal sealed partial class OpenApiDocument
{
    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true };

    private byte[] _json = [];

    public Task<Reply> AnswerAsync(ApiCall call) => Task.FromResult(Reply.Ok(_json));

    /// <summary>Makes the document, once all routes are known.</summary>
    public void Describe(IReadOnlyList<ApiRoute> routes)
    {
        var schemas = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        var paths = new JsonObject();
        foreach (var group in routes.GroupBy(static route => ApiRoutes.Prefix + route.Path))
        {
            paths[group.Key] = new JsonObject(group.Select(route => KeyValuePair.Create(route.Method.ToLowerInvariant(), (JsonNode?)Operation(route, schemas))));
        }

        var problem = Body("application/problem+json", Reference(ApiJson.Default.ProblemReply, schemas), "Refused: what is wrong, its value, and what would be right");
        _json = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Omaha control plane",
                ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version?.ToString(3),
                ["description"] = $"Every route takes a bearer token of the role in x-omaha-role, or of one after it: {string.Join(", ", Roles.Names)}. A promoter is limited to the apps and channels of its token.",
            },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["responses"] = new JsonObject { ["problem"] = problem },
                ["schemas"] = new JsonObject(schemas),
            },
        }.ToJsonString());
    }

    private static JsonObject Operation(ApiRoute route, SortedDictionary<string, JsonNode?> schemas)
    {
        var operation = new JsonObject
        {
            ["summary"] = route.Summary,
            ["x-omaha-role"] = route.Needed.Name(),
            ["parameters"] = new JsonArray([
                .. PathValue().Matches(route.Path).Select(static value => Parameter(value.Groups[1].Value, "path", null)),
                .. route.Query.Select(static key => Parameter(key.Name, "query", key.Meaning)),
            ]),
        };
        if (route.TakesLines) operation["requestBody"] = Body(Reply.LinesType, null, null);
        else if (route.Request is { } request) operation["requestBody"] = Body("application/json", Reference(request, schemas), null);
        operation["responses"] = new JsonObject
        {
            ["200"] = route.GivesLines ? Body(Reply.LinesType, null, "Done") : Body("application/json", route.Answer is { } answer ? Reference(answer, schemas) : null, "Done"),
            ["default"] = new JsonObject { ["$ref"] = "#/components/responses/problem" },
        };
        return operation;
    }

    private static JsonObject Parameter(string name, string place, string? meaning)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = place == "path", ["schema"] = new JsonObject { ["type"] = "string" } };
        if (meaning is not null) parameter["description"] = meaning;
        return parameter;
    }

    private static JsonObject Body(string mediaType, JsonNode? schema, string? description)
    {
        var content = new JsonObject();
        if (schema is not null) content["schema"] = schema;
        var body = new JsonObject { ["content"] = new JsonObject { [mediaType] = content } };
        if (description is not null) body["description"] = description;
        return body;
    }

    private static JsonObject Reference(JsonTypeInfo type, SortedDictionary<string, JsonNode?> schemas)
    {
        var place = $"#/components/schemas/{type.Type.Name}";
        if (!schemas.ContainsKey(type.Type.Name))
        {
            var schema = type.GetJsonSchemaAsNode(Exporter);
            Move(schema, place);
            schemas.Add(type.Type.Name, schema);
        }

        return new JsonObject { ["$ref"] = place };
    }

    /// <summary>A type that comes up twice in a schema is referred to from the schema's root, which is elsewhere in this document.</summary>
    private static void Move(JsonNode? schema, string place)
    {
        if (schema is JsonArray items)
        {
            foreach (var item in items) Move(item, place);
        }

        if (schema is not JsonObject keys) return;
        if (keys["$ref"] is JsonValue reference) keys["$ref"] = place + ((string)reference!)[1..];
        foreach (var (_, value) in keys.ToList()) Move(value, place);
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathValue();
}
