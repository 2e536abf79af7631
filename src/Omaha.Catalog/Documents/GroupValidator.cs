using System.Text;
using static Omaha.Catalog.AppValidator;

namespace Omaha.Catalog;

/// <summary>Judges the groups of an app.</summary>
internal static class GroupValidator
{
    private const int MaxGroups = 1000;

    public static void Check(AppSpec spec, FaultList faults)
    {
        const string at = "spec.groups";
        var channels = spec.Channels ?? [];
        var groups = spec.Groups ?? [];
        if (groups.Count > MaxGroups) faults.Add(at, $"holds {groups.Count} groups; at most {MaxGroups} are allowed");
        foreach (var (name, group) in groups)
        {
            var path = $"{at}.{name}";
            CheckTrack(name, channels, path, faults);
            if (groups.Keys.Any(other => other != name && string.Equals(other, name, StringComparison.OrdinalIgnoreCase))) faults.Add(path, $"{Quote(name)} is given twice in different case; groups are matched without regard to case");
            if (group is null)
            {
                faults.Add(path, "is null; name at least the channel that the group follows");
                continue;
            }

            faults.Unknown(group, path);
            if (group.Channel is null) faults.Add($"{path}.channel", $"is missing; name the channel that the group follows{(channels.Count > 0 ? $": one of {List(channels.Keys)}" : "")}");
            else MustBeChannel(group.Channel, channels, $"{path}.channel", faults);
            CheckPollInterval(group.PollInterval, $"{path}.pollInterval", faults);
            TimesValidator.Check(group.Windows, group.Freezes, path, faults);
            CheckOems(group.Oems, $"{path}.oems", faults);
            CheckOems(group.ExceptOems, $"{path}.exceptOems", faults, mayBeEmpty: true);
            if (group.Version is not null && CheckVersion(group.Version, $"{path}.version", faults)) CheckPin(group.Version, spec, $"{path}.version", faults);
        }
    }

    private static void CheckPin(string version, AppSpec spec, string path, FaultList faults)
    {
        var pinned = Omaha.Protocol.DottedVersion.Parse(Encoding.UTF8.GetBytes(version));
        if (pinned.IsPreRelease) faults.Add(path, $"{Quote(version)} is a pre-release, which a group cannot be pinned to; name a version of numbers and dots");
        else if (!(spec.Releases ?? []).Exists(release => release?.Version is { } known && Omaha.Protocol.DottedVersion.Parse(Encoding.UTF8.GetBytes(known)) == pinned))
        {
            faults.Add(path, $"{Quote(version)} is no release of the spec, so the group would get nothing; declare it, or name one that is there");
        }
    }
}
