namespace Omaha.Redis;

/// <summary>One app as the store holds it.</summary>
/// <param name="Id">The normalised id.</param>
/// <param name="Json">Its document, unread; null when the store has none under this id.</param>
public readonly record struct StoredApp(string Id, byte[]? Json);
