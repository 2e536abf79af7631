namespace Omaha.Protocol;

/// <summary>Where a value lies in the bytes of an <see cref="UpdateRequest"/>; read it with the request's indexer.</summary>
/// <remarks>The empty range stands for a missing attribute as well: the clients we serve treat <c>version=""</c> and no version alike.</remarks>
public readonly record struct Utf8Range(int Start, int Length)
{
    /// <summary>True for a missing attribute and for an empty one.</summary>
    public bool IsEmpty => Length == 0;
}
