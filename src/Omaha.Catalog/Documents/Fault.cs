namespace Omaha.Catalog;

/// <summary>One thing wrong with a document: where, and in words what it is and what would be right.</summary>
public sealed record Fault(string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
