namespace Omaha.Catalog;

/// <summary>What every verb on a channel checks first: that the document may be changed at all, and that what the operator named exists.</summary>
internal static class ChannelNames
{
    /// <summary>Faults for which this build must leave the document alone.</summary>
    public static IReadOnlyList<Fault> CheckDocument(AppDocument document)
    {
        if (SupportedFeatures.FirstMissing(document) is { } feature)
        {
            return [new Fault($"{document.App} requires", $"\"{feature}\" is not known to this control plane, which therefore cannot tell what its change would mean; use a newer one, or apply a file that does not require it")];
        }

        return [.. AppValidator.Check(document).Select(fault => fault with { Path = $"{document.App} {fault.Path}" })];
    }

    /// <summary>Null when the app has such a channel.</summary>
    public static Fault? CheckChannel(AppDocument document, string name, string path)
    {
        var channels = document.Spec!.Channels ?? [];
        if (channels.ContainsKey(name)) return null;
        return new Fault(path, channels.Count == 0
            ? $"\"{name}\" is no channel of {document.App}; it has none, so declare channels in its spec first"
            : $"\"{name}\" is no channel of {document.App}; it has {string.Join(", ", channels.Keys)}");
    }

    /// <summary>Null when the text is a target or was not given.</summary>
    public static Fault? CheckTarget(string? text, out Target? target)
    {
        target = Target.TryParse(text, out var parsed) ? parsed : null;
        return text is null || target is not null ? null : new Fault("target", $"\"{text}\" is no target; write platform/arch, such as any/amd64 or win/x86");
    }
}
