using System.Globalization;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>
/// One entry of the change log, as text: <c>revision changeId parentId</c>, then a line <c>+id</c> for each app written and <c>-id</c> for each
/// one deleted. Ids hold no control characters, so lines need no escaping.
/// </summary>
/// <param name="Revision">The revision that the change made; 0 for the beginning of an epoch.</param>
/// <param name="ChangeId">Random id of the change.</param>
/// <param name="Parent">Id of the change before it: equal revisions of a history that forked at a fail-over have other parents.</param>
/// <param name="Written">Normalised ids of the apps written.</param>
/// <param name="Deleted">Normalised ids of the apps deleted.</param>
internal sealed record ChangeEntry(long Revision, string ChangeId, string Parent, IReadOnlyCollection<string> Written, IReadOnlyCollection<string> Deleted)
{
    private const string NoParent = "none";

    /// <summary>The beginning of an epoch.</summary>
    public static ChangeEntry First(StoreVersion version) => new(version.Revision, version.ChangeId, NoParent, [], []);

    public static ChangeEntry? Parse(string? text)
    {
        var lines = (text ?? "").Split('\n');
        if (lines[0].Split(' ') is not [var number, var change, var parent] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) return null;

        List<string> written = [], deleted = [];
        foreach (var line in lines.AsSpan(1))
        {
            if (line.StartsWith('+')) written.Add(line[1..]);
            else if (line.StartsWith('-')) deleted.Add(line[1..]);
            else return null;
        }

        return new ChangeEntry(revision, change, parent, written, deleted);
    }

    public override string ToString() =>
        string.Join('\n', [string.Create(CultureInfo.InvariantCulture, $"{Revision} {ChangeId} {Parent}"), .. Written.Select(static id => '+' + id), .. Deleted.Select(static id => '-' + id)]);
}
