using System.Text.Json.Nodes;

namespace Omaha.Catalog.Tests;

public sealed class SchemaTests
{
    [Fact]
    public void Schema_describes_the_document_and_allows_no_other_keys()
    {
        var schema = JsonNode.Parse(DocumentJson.Schema())!;
        var app = schema["properties"]!["apps"]!["items"]!;
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.NotNull(app["properties"]!["spec"]!["properties"]!["releases"]);
    }
}
