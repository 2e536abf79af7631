namespace Omaha.Catalog;

/// <summary>An app as it is stored, for an operation to judge a change against.</summary>
/// <param name="Id">The id it is stored under.</param>
/// <param name="Document">Null when the stored text cannot be read.</param>
public sealed record ExistingApp(string Id, AppDocument? Document)
{
    internal string Key { get; } = AppKey.Of(Id) ?? Id;
}
