namespace Omaha.Catalog;

/// <summary>What differs between two forms of an app, spec and state, in words.</summary>
public static class AppDifferences
{
    /// <param name="before">Null when there was no such app.</param>
    /// <param name="after">Null when there is none any more.</param>
    public static IEnumerable<string> Between(AppDocument? before, AppDocument? after)
    {
        if (after is null) return before is null ? [] : ["deleted"];
        if (before is null) return IsSound(after) ? SpecDifferences.Summary(after).Concat(StateDifferences.Between(null, after.State)) : ["created with faults"];

        var spec = IsSound(before) && IsSound(after) ? OfSpecs(before, after) : JsonDifferences.Between(DocumentJson.Node(before)["spec"], DocumentJson.Node(after)["spec"], "spec");
        return spec.Concat(StateDifferences.Between(before.State, after.State));
    }

    private static IEnumerable<string> OfSpecs(AppDocument before, AppDocument after) =>
        DocumentJson.Write(SpecOf(before)).AsSpan().SequenceEqual(DocumentJson.Write(SpecOf(after))) ? [] : SpecDifferences.Between(before, after);

    private static AppDocument SpecOf(AppDocument document) => new() { App = document.App, Requires = document.Requires, Spec = document.Spec };

    private static bool IsSound(AppDocument document) => AppValidator.Check(SpecOf(document)).Count == 0;
}
