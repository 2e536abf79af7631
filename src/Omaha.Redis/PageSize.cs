namespace Omaha.Redis;

/// <summary>How many documents one command asks for: the store does nothing else while it answers, so that goes by bytes. It learns from each page how large documents are.</summary>
internal sealed class PageSize
{
    /// <summary>Most documents of a page, and ids of a page of ids.</summary>
    public const int Most = 500;

    /// <summary>Bytes that a page should have, 256 KiB. It has more when documents are larger than those before them, by a factor of what <see cref="Next"/> may grow at once.</summary>
    private const long Bytes = 256 * 1024;

    private const int First = 50;
    private const int Growth = 4;

    /// <summary>Documents to ask for now.</summary>
    public int Next { get; private set; } = First;

    /// <summary>Learns from a page.</summary>
    public void Took(int documents, long bytes) =>
        Next = (int)Math.Clamp(documents * Bytes / Math.Max(bytes, 1), 1, Math.Min(Most, (long)Next * Growth));
}
