using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Judges one app's document and names every fault at once, so that nobody mends a file one message at a time.</summary>
public static class AppValidator
{
    private const int MaxText = 1024;
    private const int MaxReleases = 5000;
    private const int MaxInstallData = 16 * 1024;
    private static readonly string[] CpuFeatures = ["sse2", "sse3", "avx"];
    private static readonly string[] ActionEvents = ["preinstall", "install", "update", "postinstall"];
    private static readonly string[] OnSuccessValues = ["default", "exitsilently", "exitsilentlyonlaunchcmd"];

    /// <summary>All faults; empty for a document that can be served.</summary>
    public static IReadOnlyList<Fault> Check(AppDocument document)
    {
        var faults = new FaultList();
        CheckId(document.App, "app", faults);
        faults.Unknown(document, "");
        foreach (var name in document.Requires ?? [])
        {
            if (string.IsNullOrWhiteSpace(name)) faults.Add("requires", "an entry is empty; name a feature or remove it");
        }

        if (document.Spec is null) faults.Add("spec", "is missing; an app needs a spec, which may be as short as {\"channels\": {\"stable\": {}}}");
        else CheckSpec(document.Spec, faults);
        // State refers to releases by digest, which only a release without faults has.
        if (document is { State: not null, Spec: not null } && faults.Items.Count == 0) CheckState(document.State, document.Spec, faults);
        return faults.Items;
    }

    private static void CheckId(string? id, string path, FaultList faults)
    {
        if (string.IsNullOrEmpty(id))
        {
            faults.Add(path, "is missing; give the app id that clients send, e.g. \"{e96281a6-d1af-4bde-9a0a-97b76e56dc57}\"");
            return;
        }

        Span<byte> once = stackalloc byte[RequestLimits.AppIdBytes];
        Span<byte> twice = stackalloc byte[RequestLimits.AppIdBytes];
        if (!AppIds.TryNormalize(Encoding.UTF8.GetBytes(id), once, out var length))
        {
            faults.Add(path, $"{Quote(id)} is no app id; it must hold 1 to {RequestLimits.AppIdBytes} bytes besides outer braces and spaces, and no control characters");
        }
        else if (!AppIds.TryNormalize(once[..length], twice, out var again) || !once[..length].SequenceEqual(twice[..again]))
        {
            faults.Add(path, $"{Quote(id)} still has outer braces or spaces when one pair of braces is taken off; give it without them");
        }
    }

    private static void CheckSpec(AppSpec spec, FaultList faults)
    {
        const string at = "spec";
        faults.Unknown(spec, at);
        CheckText(spec.Name, $"{at}.name", faults);
        var aliases = spec.Aliases ?? [];
        for (var i = 0; i < aliases.Count; i++) CheckId(aliases[i], $"{at}.aliases[{i}]", faults);
        CheckPollInterval(spec.PollInterval, $"{at}.pollInterval", faults);
        CheckText(spec.ErrorUrl, $"{at}.errorUrl", faults);
        if (spec.Cohort is { } cohort && (cohort.Length > 1024 || cohort.Any(static c => c is < ' ' or > '~'))) faults.Add($"{at}.cohort", $"{Quote(cohort)} is no cohort; use at most 1024 printable ASCII characters");
        foreach (var (index, text) in spec.InstallData ?? [])
        {
            if (index.Length is 0 or > 128 || index.Any(char.IsControl)) faults.Add($"{at}.installData", $"{Quote(index)} is no index; use 1 to 128 characters without control characters");
            if (text is null || text.Length > MaxInstallData) faults.Add($"{at}.installData.{index}", $"must be a text of at most {MaxInstallData} characters");
        }

        var channels = spec.Channels ?? [];
        foreach (var (name, channel) in channels)
        {
            var path = $"{at}.channels.{name}";
            if (!IsName(name)) faults.Add(path, $"{Quote(name)} is no channel name; use 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit");
            if (channel is null)
            {
                faults.Add(path, "is null; write {} for a channel without settings");
                continue;
            }

            faults.Unknown(channel, path);
            CheckPollInterval(channel.PollInterval, $"{path}.pollInterval", faults);
            CheckDuration(channel.Soak, $"{path}.soak", faults);
            CheckPromotesFrom(name, channel, channels, path, faults);
            if (channel.Rollout is { } rollout) RolloutValidator.CheckPolicy(rollout, $"{path}.rollout", faults);
            TimesValidator.Check(channel.Windows, channel.Freezes, path, faults);
            FloorValidator.Check(channel.Floors, spec.Releases ?? [], $"{path}.floors", faults);
        }

        TimesValidator.Check(spec.Windows, spec.Freezes, at, faults);
        GroupValidator.Check(spec, faults);
        var groups = spec.Groups ?? [];
        foreach (var (track, meant) in spec.Tracks ?? [])
        {
            var path = $"{at}.tracks.{track}";
            CheckTrack(track, channels, path, faults);
            if (groups.Keys.Any(group => string.Equals(group, track, StringComparison.OrdinalIgnoreCase))) faults.Add(path, $"{Quote(track)} is a group's name already; tracks are further names");
            if (spec.Tracks!.Keys.Any(other => other != track && string.Equals(other, track, StringComparison.OrdinalIgnoreCase))) faults.Add(path, $"{Quote(track)} is given twice in different case; tracks are matched without regard to case");
            if (meant is null || !groups.ContainsKey(meant)) MustBeChannel(meant, channels, path, faults, groups);
        }

        if (spec.DefaultChannel is not null) MustBeChannel(spec.DefaultChannel, channels, $"{at}.defaultChannel", faults);
        else if (channels.Count > 1 && CatalogApp.DefaultChannelName(spec) is null) faults.Add($"{at}.defaultChannel", $"is missing; an app with several channels and none named stable must name one of {List(channels.Keys)}");
        if (spec.DefaultTarget is not null) MustBeTarget(spec.DefaultTarget, $"{at}.defaultTarget", faults);

        CheckReleases(spec.Releases ?? [], $"{at}.releases", faults);
    }

    /// <summary>A name that machines send: of a group, or a further one of a channel or group.</summary>
    internal static void CheckTrack(string track, Dictionary<string, ChannelSpec> channels, string path, FaultList faults)
    {
        if (track.Length is 0 or > 128 || track != track.Trim() || track.Any(char.IsControl)) faults.Add(path, $"{Quote(track)} is no track; use 1 to 128 characters without outer spaces or control characters");
        if (track == IssuedCohort.NoName) faults.Add(path, $"{Quote(track)} cannot be a track: in cohorts that are issued it stands for none");
        if (channels.ContainsKey(track.ToLowerInvariant())) faults.Add(path, $"{Quote(track)} is a channel's name already; groups and tracks are further names");
    }

    private static void CheckPromotesFrom(string name, ChannelSpec channel, Dictionary<string, ChannelSpec> channels, string path, FaultList faults)
    {
        if (channel.PromotesFrom is not { } from) return;
        path += ".promotesFrom";
        if (!MustBeChannel(from, channels, path, faults)) return;

        var seen = new HashSet<string>(StringComparer.Ordinal) { name };
        for (var next = from; next is not null; next = channels.GetValueOrDefault(next)?.PromotesFrom)
        {
            if (seen.Add(next)) continue;
            if (next == name) faults.Add(path, $"leads back to {Quote(name)}; promotion must go one way");
            return;
        }
    }

    private static void CheckReleases(List<ReleaseSpec> releases, string at, FaultList faults)
    {
        if (releases.Count > MaxReleases) faults.Add(at, $"holds {releases.Count} releases; at most {MaxReleases} are allowed");
        var seen = new Dictionary<(DottedVersion Version, Target Target), int>();
        for (var i = 0; i < releases.Count; i++)
        {
            var path = $"{at}[{i}]";
            if (releases[i] is not { } release)
            {
                faults.Add(path, "is null; describe a release or remove the entry");
                continue;
            }

            faults.Unknown(release, path);
            var versionIsGood = CheckVersion(release.Version, $"{path}.version", faults);
            var target = MustBeTarget(release.TargetText, $"{path}.target", faults);
            if (versionIsGood && target is not null)
            {
                if (!seen.TryAdd((DottedVersion.Parse(Encoding.UTF8.GetBytes(release.Version!)), target.Value), i))
                {
                    faults.Add(path, $"version {Quote(release.Version!)} for {target} is in the list already; a release is given once");
                }
            }

            CheckCodebases(release.Codebases, $"{path}.codebases", faults);
            CheckPackages(release.Packages, $"{path}.packages", faults);
            CheckActions(release.Actions ?? [], $"{path}.actions", faults);
            if (release.Gates is { } gates) CheckGates(gates, $"{path}.gates", faults);
            if (release.ProdVersionMin is { } least) CheckVersion(least, $"{path}.prodVersionMin", faults);
            if (release.Format is { } format && !IsName(format)) faults.Add($"{path}.format", $"{Quote(format)} is no format; write it as clients do, e.g. \"crx3\"");
            CheckText(release.FirmwareVersion, $"{path}.firmwareVersion", faults);
            CheckText(release.KernelVersion, $"{path}.kernelVersion", faults);
        }
    }

    internal static bool CheckVersion(string? version, string path, FaultList faults)
    {
        if (string.IsNullOrEmpty(version))
        {
            faults.Add(path, "is missing; give a dotted version such as \"4081.3.1\"");
            return false;
        }

        if (version.Length <= 128 && version.All(static c => c is > ' ' and < '\x7f') && DottedVersion.Parse(Encoding.UTF8.GetBytes(version)).IsParsable) return true;
        faults.Add(path, $"{Quote(version)} is no version; write 1 to 8 numbers joined by dots, such as \"4081.3.1\", with an optional -suffix or +build");
        return false;
    }

    private static void CheckCodebases(List<string>? codebases, string at, FaultList faults)
    {
        if (codebases is null or [])
        {
            faults.Add(at, "is missing; give at least one URL of the folder that holds the packages");
            return;
        }

        for (var i = 0; i < codebases.Count; i++)
        {
            var codebase = codebases[i] ?? "";
            var path = $"{at}[{i}]";
            if (codebase.Length > 2048 || codebase.Any(static c => c is <= ' ' or >= '\x7f') || !Uri.TryCreate(codebase, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                faults.Add(path, $"{Quote(codebase)} is no absolute http or https URL");
            }
            else if (!codebase.EndsWith('/'))
            {
                faults.Add(path, $"{Quote(codebase)} must end with a slash: clients append the package name");
            }
            else if (codebase.AsSpan().IndexOfAny('?', '#') >= 0)
            {
                faults.Add(path, $"{Quote(codebase)} must have no query and no fragment: clients append the package name");
            }

            if (codebases.IndexOf(codebase) < i) faults.Add(path, $"{Quote(codebase)} is in the list already");
        }
    }

    private static void CheckPackages(List<PackageSpec>? packages, string at, FaultList faults)
    {
        if (packages is null or [])
        {
            faults.Add(at, "is missing; a release needs at least one package");
            return;
        }

        for (var i = 0; i < packages.Count; i++)
        {
            var path = $"{at}[{i}]";
            if (packages[i] is not { } package)
            {
                faults.Add(path, "is null; describe a package or remove the entry");
                continue;
            }

            faults.Unknown(package, path);
            if (!IsFileName(package.Name)) faults.Add($"{path}.name", $"{Quote(package.Name)} is no file name; use 1 to 255 of letters, digits and . _ ~ + = @ , - and no slash");
            else if (packages.FindIndex(other => other?.Name == package.Name) < i) faults.Add($"{path}.name", $"{Quote(package.Name)} is in the list already");
            if (package.Size <= 0) faults.Add($"{path}.size", $"{package.Size} is no size; give the file's size in bytes, above zero");
            if (package.Sha256 is { } sha256 && !(sha256.Length == 64 && sha256.All(char.IsAsciiHexDigit))) faults.Add($"{path}.sha256", $"{Quote(sha256)} is no SHA-256; give 64 hexadecimal digits");
            if (package.Sha1 is { } sha1 && !IsBase64(sha1, bytes: 20)) faults.Add($"{path}.sha1", $"{Quote(sha1)} is no SHA-1; give its 20 bytes in base64 (28 characters), not in hexadecimal");
            if (package.MetadataSize is <= 0) faults.Add($"{path}.metadataSize", $"{package.MetadataSize} is no size; give a number of bytes above zero");
            if (package.MetadataSignature is { } signature && !IsBase64(signature, bytes: null)) faults.Add($"{path}.metadataSignature", $"{Quote(signature)} is not base64");
        }
    }

    private static void CheckActions(List<ActionSpec> actions, string at, FaultList faults)
    {
        for (var i = 0; i < actions.Count; i++)
        {
            var path = $"{at}[{i}]";
            if (actions[i] is not { } action)
            {
                faults.Add(path, "is null; describe an action or remove the entry");
                continue;
            }

            faults.Unknown(action, path);
            if (action.Event is null || !ActionEvents.Contains(action.Event)) faults.Add($"{path}.event", $"{Quote(action.Event)} is no action event; Google Update rejects a whole reply for any but {List(ActionEvents)}");
            if (action.OnSuccess is { } onSuccess && !OnSuccessValues.Contains(onSuccess)) faults.Add($"{path}.onSuccess", $"{Quote(onSuccess)} is unknown; use {List(OnSuccessValues)}");
            CheckText(action.Run, $"{path}.run", faults);
            CheckText(action.Arguments, $"{path}.arguments", faults);
            CheckText(action.SuccessUrl, $"{path}.successUrl", faults);
        }
    }

    private static void CheckGates(GatesSpec gates, string at, FaultList faults)
    {
        faults.Unknown(gates, at);
        if (gates.MinMemory is < 1 or > 1024) faults.Add($"{at}.minMemory", $"{gates.MinMemory} is out of range; give 1 to 1024 GiB");
        foreach (var feature in gates.Cpu ?? [])
        {
            if (feature is null || !CpuFeatures.Contains(feature)) faults.Add($"{at}.cpu", $"{Quote(feature)} is unknown; use {List(CpuFeatures)}");
        }

        if (gates.MinOsVersion is { } version) CheckVersion(version, $"{at}.minOsVersion", faults);
        CheckOems(gates.Oems, $"{at}.oems", faults);
    }

    /// <summary>The only OEMs that get something.</summary>
    internal static void CheckOems(List<string>? oems, string path, FaultList faults, bool mayBeEmpty = false)
    {
        if (oems is [] && !mayBeEmpty) faults.Add(path, "is empty, so no machine would get anything; name the OEMs, \"\" for machines without one, or leave it out");
        foreach (var oem in oems ?? [])
        {
            if (oem is null || oem.Length > 128 || oem.Any(char.IsControl)) faults.Add(path, $"{Quote(oem)} is no OEM; use at most 128 characters without control characters");
        }
    }

    private static void CheckState(AppState state, AppSpec spec, FaultList faults)
    {
        const string at = "state";
        faults.Unknown(state, at);
        CheckMark(state.Paused, $"{at}.paused", faults);
        foreach (var (digest, mark) in state.Blocks ?? [])
        {
            if (!ReleaseDigest.IsWellFormed(digest)) faults.Add($"{at}.blocks.{digest}", "is no digest; it looks like v1: and 64 hexadecimal digits");
            CheckMark(mark, $"{at}.blocks.{digest}", faults);
        }

        foreach (var (name, group) in state.Groups ?? [])
        {
            if (group is null) faults.Add($"{at}.groups.{name}", "is null; write {} for a group without state");
            else
            {
                faults.Unknown(group, $"{at}.groups.{name}");
                CheckMark(group.Paused, $"{at}.groups.{name}.paused", faults);
            }
        }

        var releases = (spec.Releases ?? []).Select(static release => (ReleaseDigest.Of(release), Target.Parse(release.TargetText))).ToHashSet();
        foreach (var (name, channel) in state.Channels ?? [])
        {
            var path = $"{at}.channels.{name}";
            if (spec.Channels?.ContainsKey(name) != true) faults.Add(path, $"{Quote(name)} is no channel of the spec; a channel that has a history stays in the spec");
            if (channel is null)
            {
                faults.Add(path, "is null; write {} for a channel without state");
                continue;
            }

            faults.Unknown(channel, path);
            CheckMark(channel.Paused, $"{path}.paused", faults);
            var seen = new HashSet<Target>();
            foreach (var (key, history) in channel.Targets ?? [])
            {
                if (MustBeTarget(key, $"{path}.targets.{key}", faults) is not { } target) continue;
                if (!seen.Add(target)) faults.Add($"{path}.targets.{key}", $"means {target}, which is in the list already");
                if (history is null) faults.Add($"{path}.targets.{key}", "is null; write [] for a target without history");
                else CheckHistory(history, target, releases, $"{path}.targets.{key}", faults);
            }

            RolloutValidator.CheckState(channel.Rollouts, releases, $"{path}.rollouts", faults);
            RolloutValidator.CheckEnded(channel.Ended, releases, $"{path}.ended", faults);
        }
    }

    private static void CheckHistory(List<CompleteRelease> history, Target target, HashSet<(string Digest, Target Target)> releases, string at, FaultList faults)
    {
        for (var i = 0; i < history.Count; i++)
        {
            var path = $"{at}[{i}]";
            if (history[i] is not { } complete)
            {
                faults.Add(path, "is null");
                continue;
            }

            faults.Unknown(complete, path);
            CheckMark(complete.Reverted, $"{path}.reverted", faults);
            if (i == history.Count - 1 && complete.Reverted is not null) faults.Add($"{path}.reverted", "is set on the last entry, which is what the channel points to; what comes in its place must follow it");
            CheckMark(complete.Expedite, $"{path}.expedite", faults);
            if (complete.Digest is not { } digest) faults.Add($"{path}.digest", "is missing");
            else if (!releases.Contains((digest, target)))
            {
                faults.Add($"{path}.digest", $"version {Quote(complete.Version)} with digest {digest} is no release for {target} in the spec; a release that a channel ever offered must stay there, unchanged");
            }
        }
    }

    internal static void CheckMark(Mark? mark, string path, FaultList faults)
    {
        if (mark is not null) faults.Unknown(mark, path);
    }

    internal static void CheckText(string? text, string path, FaultList faults)
    {
        if (text is null) return;
        if (text.Length > MaxText) faults.Add(path, $"has {text.Length} characters; at most {MaxText} are allowed");
        if (text.Any(static c => char.IsControl(c))) faults.Add(path, "holds control characters");
    }

    private static void CheckDuration(string? text, string path, FaultList faults)
    {
        if (text is null || (Duration.TryParse(text, out var length) && length > TimeSpan.Zero)) return;
        faults.Add(path, $"{Quote(text)} is no length of time above zero; {Duration.Form}");
    }

    internal static void CheckPollInterval(int? seconds, string path, FaultList faults)
    {
        if (seconds is < 60 or > 604_800) faults.Add(path, $"{seconds} is out of range; give 60 to 604800 seconds");
    }

    internal static bool MustBeChannel(string? name, Dictionary<string, ChannelSpec> channels, string path, FaultList faults, Dictionary<string, GroupSpec>? groups = null)
    {
        if (name is not null && channels.ContainsKey(name)) return true;
        var what = groups is { Count: > 0 } ? "channel or group" : "channel";
        faults.Add(path, channels.Count == 0 ? $"{Quote(name)} is no {what}; the app has none" : $"{Quote(name)} is no {what} of this app; it has {List(channels.Keys.Concat(groups?.Keys ?? Enumerable.Empty<string>()))}");
        return false;
    }

    internal static Target? MustBeTarget(string text, string path, FaultList faults)
    {
        if (Target.TryParse(text, out var target)) return target;
        faults.Add(path, $"{Quote(text)} is no target; write platform/arch, such as \"any/amd64\" or \"win/x86\"");
        return null;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    private static bool IsFileName(string? name) =>
        name is { Length: > 0 and <= 255 } and not ("." or "..")
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '~' or '+' or '=' or '@' or ',' or '-');

    private static bool IsBase64(string text, int? bytes)
    {
        var buffer = new byte[text.Length];
        return text.Length > 0 && !text.Any(char.IsWhiteSpace)
            && Convert.TryFromBase64String(text, buffer, out var written) && (bytes is null || written == bytes);
    }

    internal static string List(IEnumerable<string> names) => string.Join(", ", names);

    internal static string Quote(string? value) => value switch
    {
        null => "null",
        { Length: > 100 } => $"\"{value[..100]}…\"",
        _ => $"\"{value}\"",
    };

    /// <summary>Collects what is wrong.</summary>
    internal sealed class FaultList
    {
        public List<Fault> Items { get; } = [];

        public void Add(string path, string message) => Items.Add(new Fault(path, message));

        public void Unknown(DocumentNode node, string at)
        {
            foreach (var key in node.UnknownKeys?.Keys ?? Enumerable.Empty<string>())
            {
                Add(at.Length == 0 ? key : $"{at}.{key}", "is no key of this object; check its spelling");
            }
        }
    }
}
