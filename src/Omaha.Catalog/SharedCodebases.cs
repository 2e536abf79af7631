namespace Omaha.Catalog;

/// <summary>Folders that several releases lie in or below, each the same way down: clients join one URL of a list and the name of a package, whichever URL it is.</summary>
/// <param name="Parents">The folders, in the order of the first release's codebases; at least one.</param>
/// <param name="Below">For each release the way down from them: empty, or a path that ends with a slash.</param>
internal readonly record struct SharedCodebases(List<string> Parents, List<string> Below)
{
    /// <summary>Finds them for the codebases of at least one release; false when the releases' first codebases are on different hosts.</summary>
    public static bool TryFind(List<List<string>> codebases, out SharedCodebases shared)
    {
        shared = default;
        var first = codebases[0][0];
        var length = codebases.Min(release => CommonLength(first, release[0]));
        length = first.LastIndexOf('/', length - 1) + 1;
        if (length < Root(first)) return false;

        var below = codebases.ConvertAll(release => release[0][length..]);
        var parents = new List<string>();
        foreach (var codebase in codebases[0].Where(codebase => codebase.EndsWith(below[0], StringComparison.Ordinal)))
        {
            var parent = codebase[..^below[0].Length];
            if (parent.EndsWith('/') && codebases.Index().All(release => release.Item.Contains(parent + below[release.Index]))) parents.Add(parent);
        }

        shared = new SharedCodebases(parents, below);
        return true;
    }

    private static int CommonLength(string one, string other) => one.AsSpan().CommonPrefixLength(other);

    /// <summary>Length of a URL up to the slash after its host.</summary>
    private static int Root(string url) => url.IndexOf('/', url.IndexOf("//", StringComparison.Ordinal) + 2) + 1;
}
