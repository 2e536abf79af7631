namespace Omaha.Catalog;

/// <summary>Which state of the store a snapshot shows.</summary>
/// <param name="Epoch">Random id of the store's history; a new one means another store, or an emptied one.</param>
/// <param name="Revision">Counts changes from 1; 0 for a store without any.</param>
/// <param name="ChangeId">Random id of the last change: two histories that forked at a fail-over may share a revision, never a change id.</param>
public readonly record struct StoreVersion(string Epoch, long Revision, string ChangeId)
{
    /// <summary>Nothing was loaded yet.</summary>
    public static StoreVersion None { get; } = new("", 0, "");

    public bool IsNone => string.IsNullOrEmpty(Epoch);

    public override string ToString() => IsNone ? "none" : $"{Epoch}:{Revision}:{ChangeId}";

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out StoreVersion version)
    {
        version = None;
        var parts = text?.Split(':');
        if (parts is not [{ Length: > 0 } epoch, var number, { Length: > 0 } change]) return false;
        if (!long.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var revision)) return false;
        version = new StoreVersion(epoch, revision, change);
        return true;
    }
}
