using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>What the audit records of a change: the entry, and the form of each document that it leaves.</summary>
/// <param name="Entry">JSON of the entry.</param>
/// <param name="Forms">An <see cref="AuditForm"/> for each app, those written first; empty for one that stays as it was.</param>
/// <param name="BrakesForm">The form of the brakes; empty when they were not set.</param>
internal sealed record AuditedChange(byte[] Entry, IReadOnlyList<byte[]> Forms, byte[] BrakesForm)
{
    /// <summary>A document is recorded whole when it has this many forms more: so many must be read at most to tell a past one.</summary>
    public const int FormsBetweenWholeOnes = 32;

    private const int LongestDifference = 300;

    /// <param name="change">The change.</param>
    /// <param name="audit">Who makes it, and why.</param>
    /// <param name="before">The documents before, those to be written first.</param>
    /// <param name="written">The documents to be written.</param>
    /// <param name="forms">How many forms of each app are recorded.</param>
    public static AuditedChange Of(CatalogChange change, AuditRecord audit, IReadOnlyList<StoredApp> before, IReadOnlyList<StoredApp> written, IReadOnlyList<long> forms)
    {
        var apps = before.Select((app, i) => Describe(app.Id, app.Json, i < written.Count ? written[i].Json : null)).ToList();
        var left = AuditEntry.MostDifferences;
        for (var i = 0; i < apps.Count; i++)
        {
            // Finding differences takes time on large documents, so only as many as are kept are looked for.
            if (left == 0) break;
            apps[i] = apps[i] with { Differences = [.. Differences(before[i].Json, i < written.Count ? written[i].Json : null).Take(left)] };
            left -= apps[i].Differences.Count;
        }

        return new AuditedChange(
            EntryOf(audit, [.. apps.Where(static app => app.Before is not null || app.After is not null)], change.Brakes),
            [.. before.Select((app, i) => FormOf(app.Json, i < written.Count ? written[i].Json : null, forms[i]))],
            change.Brakes is { } brakes ? FormOf(brakes) : []);
    }

    /// <summary>What the audit records of brakes that are set by themselves.</summary>
    public static (byte[] Entry, byte[] Form) Of(Brakes brakes, AuditRecord audit) => (EntryOf(audit, [], brakes), FormOf(brakes));

    /// <summary>The entry of what changes no document.</summary>
    public static byte[] EntryOf(AuditRecord audit) => EntryOf(audit, []);

    /// <exception cref="ArgumentException">The verb needs a reason.</exception>
    public static byte[] EntryOf(AuditRecord audit, IReadOnlyList<AuditedApp> apps, Brakes? brakes = null, int furtherApps = 0)
    {
        if (audit.Verb.Check(audit.Reason) is { } fault) throw new ArgumentException(fault.ToString(), nameof(audit));
        return AuditJson.Write(new AuditEntry
        {
            At = audit.At,
            Verb = audit.Verb.Name,
            Details = audit.Details,
            By = audit.By,
            Reason = audit.Reason,
            Apps = apps,
            FurtherApps = furtherApps,
            Brakes = brakes,
        });
    }

    /// <summary>What happened to an app, without the words.</summary>
    public static AuditedApp Describe(string id, byte[]? before, byte[]? after) => new(
        id,
        (before, after) switch
        {
            (null, _) => AppChange.Created,
            (_, null) => AppChange.Deleted,
            _ => before.AsSpan().SequenceEqual(after) ? AppChange.Unchanged : AppChange.Changed,
        },
        before is null ? null : DocumentDigest.Of(before),
        after is null ? null : DocumentDigest.Of(after),
        []);

    public static IEnumerable<string> Differences(byte[]? before, byte[]? after)
    {
        if ((before is null) == (after is null) && before.AsSpan().SequenceEqual(after)) return [];
        var (old, young) = (Read(before), Read(after));
        if ((before is not null && old is null) || (after is not null && young is null)) return ["a document that cannot be read"];
        return AppDifferences.Between(old, young).Select(static words => words.Length <= LongestDifference ? words : words[..LongestDifference] + "…");
    }

    /// <summary>The form of a document after a change; empty when it stays as it was.</summary>
    /// <param name="before">Null when there was none.</param>
    /// <param name="after">Null when there is none any more.</param>
    /// <param name="forms">How many forms are recorded already.</param>
    public static byte[] FormOf(byte[]? before, byte[]? after, long forms)
    {
        if (after is null) return before is null ? [] : AuditForm.Encode(null, null, whole: true);
        if (before.AsSpan().SequenceEqual(after) && forms > 0) return [];
        return AuditForm.Encode(before, after, whole: forms % FormsBetweenWholeOnes == 0);
    }

    private static byte[] FormOf(Brakes brakes) => AuditForm.Encode([], DocumentJson.Write(brakes), whole: true);

    private static AppDocument? Read(byte[]? json) => json is null ? null : DocumentJson.ReadApp(json, out _);
}
