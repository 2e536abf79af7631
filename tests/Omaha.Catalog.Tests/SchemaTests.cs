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

    [Fact]
    public void Schema_of_a_document_of_releases_describes_them_as_a_catalogue_file_does()
    {
        var schema = JsonNode.Parse(DocumentJson.ReleasesSchema())!;
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string?)schema["$schema"]);
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.Equal(["$schema", "app", "releases"], schema["properties"]!.AsObject().Select(static property => property.Key));

        var release = schema["properties"]!["releases"]!["items"]!;
        var ofSpec = JsonNode.Parse(DocumentJson.Schema())!["properties"]!["apps"]!["items"]!["properties"]!["spec"]!["properties"]!["releases"]!["items"]!;
        Assert.False((bool)release["additionalProperties"]!);
        Assert.Equal(ofSpec["properties"]!.AsObject().Select(static property => property.Key), release["properties"]!.AsObject().Select(static property => property.Key));
    }
}
