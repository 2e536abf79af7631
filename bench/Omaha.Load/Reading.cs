using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omaha.Load;

/// <summary>One run among several that are compared: its labels and its figures.</summary>
/// <param name="Subject">What was measured: <c>omaha</c>, <c>empty</c> or <c>nginx</c>.</param>
/// <param name="Scenario">What it was asked.</param>
/// <param name="Build"><c>jit</c> or <c>aot</c>.</param>
/// <param name="Sockets"><c>default</c> or <c>inline</c>.</param>
/// <param name="Round">Runs of one round were made one after another.</param>
/// <param name="Json">The whole result.</param>
internal sealed record Reading(string Subject, string Scenario, string Build, string Sockets, int Round, JsonNode Json)
{
    public long Errors => (long?)Json["errors"]?["total"] ?? 0;

    /// <summary>A figure by its path in the JSON, parts joined by slashes; null when the run has none.</summary>
    public double? Figure(string path) => (double?)path.Split('/').Aggregate((JsonNode?)Json, static (node, name) => node?[name]);

    /// <exception cref="LoadException">The file is no result, or lacks a label.</exception>
    public static Reading From(string file)
    {
        try
        {
            var json = JsonNode.Parse(UserFile.Read(file, "the result", 64 * 1024 * 1024))!;
            var labels = json["labels"];
            return new Reading(Label("subject"), Label("scenario"), Label("build"), Label("sockets"), int.Parse(Label("round"), NumberStyles.None, CultureInfo.InvariantCulture), json);

            string Label(string name) => (string?)labels?[name] ?? throw new LoadException(LoadException.Failed, $"\"{file}\" has no label {name}; every result that is compared has the labels subject, scenario, build, sockets and round");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new LoadException(LoadException.Failed, $"\"{file}\" is no result of Omaha.Load: {error.Message}");
        }
    }
}
