using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>
/// A cohort that tells a client apart from all others: <c>name:random</c>. While a rollout is active a client without an id of its own is
/// given one; it keeps it and sends it back, and so takes its turn in the ramp instead of going with the last.
/// </summary>
/// <remarks>
/// The name is the cohort that the catalogue configures, else the one that the client had if that chose its channel, else
/// <see cref="NoName"/>. The random part has a fixed length and alphabet (80 bits), so that cohorts of other servers are not mistaken for ours.
/// </remarks>
public static class IssuedCohort
{
    /// <summary>Stands for no name; it chooses no channel, and no track may be called so.</summary>
    public const string NoName = "-";

    private const int RandomBytes = 16;
    /// <summary>Longest cohort that clients take.</summary>
    public const int MaxBytes = 1024;

    private static ReadOnlySpan<byte> Alphabet => "0123456789abcdefghjkmnpqrstvwxyz"u8;

    private static readonly System.Buffers.SearchValues<byte> Known = System.Buffers.SearchValues.Create(Alphabet);

    /// <summary>Longest name that a cohort can be issued with.</summary>
    public const int MaxNameBytes = MaxBytes - 1 - RandomBytes;

    /// <summary>Takes a cohort of ours apart; false for any other.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> cohort, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> random)
    {
        name = random = default;
        var colon = cohort.Length - RandomBytes - 1;
        if (colon < 1 || cohort[colon] != ':' || cohort[(colon + 1)..].ContainsAnyExcept(Known)) return false;
        name = cohort[..colon];
        random = cohort[(colon + 1)..];
        return true;
    }

    /// <summary>What a reply must tell a client about its cohort; false when it has the right one, or none is wanted.</summary>
    /// <param name="app">The app that is answered.</param>
    /// <param name="sent">The client's cohort.</param>
    /// <param name="issue">Whether the client needs a cohort of its own.</param>
    /// <param name="buffer">Space for one that is issued, <see cref="MaxBytes"/>.</param>
    /// <param name="cohort">What to tell, in the buffer or elsewhere; empty deletes the client's.</param>
    public static bool TryAnswer(CatalogApp app, ReadOnlySpan<byte> sent, bool issue, Span<byte> buffer, out ReadOnlySpan<byte> cohort)
    {
        var isOurs = TrySplit(sent, out var name, out var random);
        cohort = app.Cohort;
        if (!issue) return app.Cohort is not null && !sent.SequenceEqual(cohort) && !(isOurs && name.SequenceEqual(cohort));

        var wanted = !cohort.IsEmpty ? cohort : isOurs ? name : FollowedGroup.FindCohort(app, sent) is not null ? sent : "-"u8;
        if (wanted.Length > MaxNameBytes || (isOurs && name.SequenceEqual(wanted))) return false;

        wanted.CopyTo(buffer);
        buffer[wanted.Length] = (byte)':';
        var end = buffer.Slice(wanted.Length + 1, RandomBytes);
        if (isOurs) random.CopyTo(end);
        else Random.Shared.GetItems(Alphabet, end);
        cohort = buffer[..(wanted.Length + 1 + RandomBytes)];
        return true;
    }
}
