using System.Security.Cryptography;
using System.Text;
using Omaha.Catalog;

namespace Omaha.Conformance;

/// <summary>An app's document while a test writes it: which releases were ever complete on which channel. Digests are computed at the end.</summary>
internal sealed class AppDraft
{
    private static readonly DateTimeOffset Moved = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly AppDocument _document;

    public AppDraft(string id) =>
        _document = new AppDocument { App = id, Spec = new AppSpec { Channels = [], Releases = [] }, State = new AppState { Channels = [] } };

    public AppSpec Spec => _document.Spec!;

    public AppState State => _document.State!;

    /// <summary>An id that belongs to one test alone.</summary>
    public static string IdFor(string test) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(test)).AsSpan(0, 16)).ToString("B");

    public AppDraft With(Action<AppSpec> change)
    {
        change(Spec);
        return this;
    }

    public AppDraft Channel(string name, Action<ChannelSpec>? change = null)
    {
        if (!Spec.Channels!.TryGetValue(name, out var channel)) Spec.Channels.Add(name, channel = new ChannelSpec());
        State.Channels!.TryAdd(name, new ChannelState { Targets = [] });
        change?.Invoke(channel);
        return this;
    }

    /// <summary>Declares a release that no channel points to.</summary>
    public AppDraft Declare(string version, string channel = "stable", string target = "any/any", Action<ReleaseSpec>? change = null)
    {
        Channel(channel);
        if (!Spec.Releases!.Exists(known => known.Version == version && known.Target == target)) Spec.Releases.Add(Compose(channel, version, target));
        change?.Invoke(Spec.Releases.Single(known => known.Version == version && known.Target == target));
        return this;
    }

    /// <summary>Declares a release and makes older machines install it before later ones.</summary>
    public AppDraft Floor(string version, string? reason = null, string channel = "stable", string target = "any/any")
    {
        Declare(version, channel, target);
        var floors = Spec.Channels![channel].Floors ??= [];
        if (!floors.TryGetValue(target, out var list)) floors.Add(target, list = []);
        list.Add(new FloorSpec { Version = version, Reason = reason });
        return this;
    }

    /// <summary>Completes a release on a channel; later ones are what the channel points to.</summary>
    public AppDraft Release(string channel, string version, string target = "any/any", Action<ReleaseSpec>? change = null)
    {
        Declare(version, channel, target, change);

        var targets = State.Channels![channel].Targets!;
        if (!targets.TryGetValue(target, out var history)) targets.Add(target, history = []);
        history.Add(new CompleteRelease { Version = version, At = Moved, By = "tests" });
        return this;
    }

    /// <summary>The document, with the digests of its releases in its histories.</summary>
    public AppDocument Seal()
    {
        foreach (var (target, history) in State.Channels!.Values.SelectMany(channel => channel.Targets!))
        {
            foreach (var complete in history) complete.Digest = DigestOf(complete.Version!, target);
        }

        return _document;
    }

    public string DigestOf(string version, string target = "any/any") => ReleaseDigest.Of(Spec.Releases!.Single(release => release.Version == version && release.Target == target));

    public static PackageSpec Package(string name, long size, string? content = null) => new()
    {
        Name = name,
        Size = size,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content ?? name))),
        Sha1 = Convert.ToBase64String(Sha1Of(content ?? name)),
    };

    private static ReleaseSpec Compose(string channel, string version, string target) => new()
    {
        Version = version,
        Target = target,
        Codebases = [target.EndsWith("/arm64", StringComparison.Ordinal) ? $"https://dl.example/arm64/{channel}/{version}/" : $"https://dl.example/{channel}/{version}/"],
        Packages = [Package("payload.bin", 100_000_000, content: version + target)],
    };

#pragma warning disable CA5350 // The protocol asks for it.
    private static byte[] Sha1Of(string content) => SHA1.HashData(Encoding.UTF8.GetBytes(content));
#pragma warning restore CA5350
}
