namespace Omaha.Catalog;

/// <summary>Why somebody does something, as it goes on record: one line of text.</summary>
internal static class Reason
{
    private const int Longest = 1024;

    /// <summary>The fault of a reason that may be absent.</summary>
    public static Fault? Check(string? reason, string path) =>
        reason is { Length: > Longest } ? new Fault(path, $"has {reason.Length} characters; at most {Longest} are allowed") : CheckText(reason, path);

    /// <summary>The fault of a text that does not fit into one line.</summary>
    public static Fault? CheckText(string? text, string path) =>
        text?.Any(char.IsControl) == true ? new Fault(path, "holds control characters, such as a line break; write one line of text") : null;

    /// <summary>The fault of a reason that must be given.</summary>
    public static Fault? Require(string? reason, string path) =>
        string.IsNullOrWhiteSpace(reason) ? new Fault(path, $"is {(reason is null ? "missing" : "empty")}; say why, for those who look later") : Check(reason, path);

    /// <summary>The faults of reasons that need not be given, but must say something if they are.</summary>
    public static IReadOnlyList<Fault> CheckGiven(params IEnumerable<(string? Reason, string Path)> reasons) =>
        [.. reasons.Where(static given => given.Reason is not null).Select(static given => Require(given.Reason, given.Path)).OfType<Fault>()];

    /// <summary>Who did something, when and why.</summary>
    public static string Words(Mark mark) => $"since {mark.At:u} by {mark.By ?? "unknown"}{(mark.Reason is null ? "" : $": {mark.Reason}")}";
}
