using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Omaha.Deploy.Tests;

/// <summary>The files that the tests are about, as they lie in the repository.</summary>
internal static partial class DeployFiles
{
    private static readonly string Root = FindRoot();

    /// <summary>Documents that people read, by their path from the root.</summary>
    public static readonly string[] Pages = ["deploy/README.md", "deploy/runbook.md", "deploy/capacity.md"];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static IEnumerable<string> Find(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories).Select(static file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal);

    public static YamlMappingNode Yaml(string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Read(path)));
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    /// <summary>A part of a document; null where there is none.</summary>
    public static YamlNode? At(this YamlNode? node, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            var map = node as YamlMappingNode;
            // "<<" brings in another mapping; what is written beside it wins.
            if (map is null) return null;
            if (!map.Children.TryGetValue(new YamlScalarNode(key), out var next) && map.Children.TryGetValue(new YamlScalarNode("<<"), out var merged)) next = merged.At(key);
            node = next;
        }

        return node;
    }

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => (node as YamlSequenceNode)?.Children ?? [];

    public static string Text(this YamlNode? node) => ((node as YamlScalarNode)?.Value) ?? "";

    /// <summary>Lines <c>NAME=value</c> of a file for systemd.</summary>
    public static Dictionary<string, string> Environment(string path) => Assignments(Read(path).Split('\n').Where(static line => !line.StartsWith('#')));

    /// <summary>Texts <c>NAME=value</c>.</summary>
    public static Dictionary<string, string> Assignments(IEnumerable<string> lines) =>
        lines.Select(static line => AssignmentPattern().Match(line.Trim())).Where(static match => match.Success).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Omaha.sln"))) return folder.FullName;
        }

        throw new FileNotFoundException("Omaha.sln is above no folder of the tests.");
    }

    [GeneratedRegex("^([A-Za-z_][A-Za-z0-9_]*)=(.*)$")]
    private static partial Regex AssignmentPattern();
}
