using System.Globalization;
using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Writes down in words what the rules find.</summary>
internal readonly struct ExplainTrace : IDecisionTrace
{
    private readonly DateTimeOffset _at;
    private readonly string _version;
    private readonly Dictionary<Decision, string> _reasons = [];

    /// <param name="at">When the machine asks.</param>
    /// <param name="version">What it has installed; empty for nothing.</param>
    public ExplainTrace(DateTimeOffset at, ReadOnlySpan<byte> version)
    {
        _at = at;
        _version = version.IsEmpty ? "none" : Text(version);
        Rules = [];
    }

    /// <summary>What was found so far.</summary>
    public List<ExplainedRule> Rules { get; }

    /// <summary>What led to a decision, in words.</summary>
    public string ReasonFor(Decision decision) => _reasons.GetValueOrDefault(decision) ?? Rules[^1].Words;

    public void Followed(NodeGroup? group, TrackSource source, ReadOnlySpan<byte> sent)
    {
        var wish = source switch
        {
            TrackSource.ReleaseChannel => $"release_channel \"{Text(sent)}\"",
            TrackSource.Track => $"track \"{Text(sent)}\"",
            TrackSource.Tag => $"tag \"{Text(sent)}\"",
            TrackSource.Ap => $"ap \"{Text(sent)}\"",
            TrackSource.Cohort => $"cohort \"{Text(sent)}\"",
            _ => "no track is sent, and the app's default",
        };
        Add("track", group switch
        {
            null when source == TrackSource.Default => "no track is sent, and the app has no default channel",
            null => $"{wish} is no channel, group or track of the app",
            ReleaseChannel => $"{wish} is channel {group.Name}",
            _ => $"{wish} is group {group.Name}, which follows channel {group.Channel.Name}{(group.IsCanary ? " and goes first" : "")}",
        });
    }

    public void UpdateDisabled() => Add("client", "the client says that it ignores offers (updatedisabled)");

    public void Pauses(CatalogSnapshot snapshot, CatalogApp app, NodeGroup group) => Add("pauses", (snapshot.Brakes.PauseAll, app.Paused, group.Channel.Paused, group.Paused) switch
    {
        ({ } mark, _, _, _) => $"everything is paused {Say(mark)}",
        (_, { } mark, _, _) => $"the app is paused {Say(mark)}",
        (_, _, { } mark, _) => $"channel {group.Channel.Name} is paused {Say(mark)}",
        (_, _, _, { } mark) => $"group {group.Name} is paused {Say(mark)}",
        _ => "nothing is paused",
    });

    public void Targeted(ChannelTarget? target)
    {
        if (target is null)
        {
            Add("target", "the channel has no release for the machine's platform and architecture");
            return;
        }

        var planned = target.Rollout is { } rollout && !rollout.Course.HasBegun(_at.UtcTicks) ? $"; a rollout of {Version(rollout.Release)} is planned for {Say(rollout.Course.Start)}" : "";
        Add("target", $"releases for {target.Name} count{planned}");
    }

    public void StandsIn(ChannelTarget target, ChannelTarget complete) => Add("target", $"nothing is complete for {target.Name} yet, so what is complete for {complete.Name} stays on offer");

    public void OemExcluded(NodeGroup group, ReadOnlySpan<byte> oem) => Add("group", $"group {group.Name} is not for OEM \"{Text(oem)}\"");

    public void Narrowed(ReadOnlySpan<byte> prefix, NodeGroup group)
    {
        var asked = prefix.IsEmpty ? "" : $"the machine asks for versions under \"{Text(prefix)}\"";
        var pinned = group.Pin is null ? "" : $"group {group.Name} is pinned to {group.Pin.Version}";
        var both = string.Join(" and ", new[] { asked, pinned }.Where(static words => words.Length > 0));
        Add("candidate", $"{both}, so only releases that were complete on the channel count");
        _reasons[Decision.NoPrefixMatch] = $"{both}, and no such release was ever complete on the channel";
    }

    public void NoneComplete(bool isBlocked) => Add("candidate", isBlocked ? "the release that the channel points to is blocked" : "no release is complete on the channel yet", isBlocked ? Decision.Blocked : Decision.NoRelease);

    public void Exposure(Rollout rollout, double exposure, bool isPassed) => Add("node", isPassed
        ? $"the ramp of {Version(rollout.Release)} is at exposure {Say(exposure)} and does not hold this check: the group goes first, or somebody asks by hand"
        : $"the rollout of {Version(rollout.Release)} is complete");

    public void Bucket(Rollout rollout, NodeIdSource source, double bucket, in RampState ramp)
    {
        var id = source switch
        {
            NodeIdSource.MachineId => "machineid",
            NodeIdSource.UserId => "userid",
            NodeIdSource.Cohort => "issued cohort",
            _ => "no usable id, so the last of all",
        };
        if (bucket < ramp.Exposure)
        {
            Add("node", $"reached: bucket {Say(bucket)} ({id}), exposure {Say(ramp.Exposure)}");
            return;
        }

        var reaches = rollout.Course.Reaches(bucket, ramp.Pauses) is { } when ? $"reaches this node about {Say(when)}" : "does not reach this node as things stand";
        Add("node", $"held: bucket {Say(bucket)} ({id}), exposure {Say(ramp.Exposure)}, {reaches}");
    }

    public void Candidate(OfferedRelease release, Rollout? rollout, Decision verdict)
    {
        var what = rollout is null ? Version(release) : $"{Version(release)}, which is rolled out since {Say(rollout.Course.Start)}{(rollout.State.Release!.By is { } by ? $" by {by}" : "")},";
        Add("candidate", verdict switch
        {
            Decision.Offered => $"{what} is for this machine",
            Decision.Current => $"{what} is not above the installed version {_version}",
            Decision.HeldRamp => $"{what} does not reach this node yet ({Rules[^1].Words})",
            Decision.Blocked => $"{what} is blocked",
            Decision.Halted => $"{what} is halted {Say(rollout!.State.Halted!)}",
            Decision.Paused => $"{what} is paused {Say(rollout!.State.Paused!)}",
            _ => $"{what} is not for this machine ({verdict})",
        }, verdict);
    }

    public void Floor(Floor floor, Decision verdict)
    {
        var reason = floor.Reason is null ? "" : $" ({floor.Reason})";
        Add("floor", verdict == Decision.Offered
            ? $"floor {Version(floor.Release)}{reason} comes first"
            : $"floor {Version(floor.Release)}{reason} comes first and {(floor.IsBlocked ? "is blocked" : "is not for this machine")}");
    }

    public void Times(NodeGroup group, Decision verdict, bool isExpedited, bool isInteractive)
    {
        var now = _at.UtcTicks;
        Add("time", verdict switch
        {
            Decision.HeldFreeze => $"offers are frozen until {Say(group.Freezes.EndOf(now))}{(group.Freezes.ReasonAt(now) is { } reason ? $": {reason}" : "")}",
            Decision.HeldWindow => $"outside of the windows{(group.Windows!.Next(now, open: true) is { } opens ? $", which open at {Say(opens)}" : ", which never open")}",
            _ when group.Windows is null => "offers are allowed at any time",
            _ when group.Windows.IsOpen(now) => "within the windows",
            _ => isExpedited ? "outside of the windows, which do not hold an expedited release" : isInteractive ? "outside of the windows, which do not hold who asks by hand" : "allowed",
        });
    }

    private void Add(string rule, string words, Decision? verdict = null)
    {
        Rules.Add(new ExplainedRule(rule, words));
        if (verdict is { } decision) _reasons.TryAdd(decision, words);
    }

    private static string Version(OfferedRelease release) => release.VersionText;

    private static string Say(double share) => share.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Say(long utcTicks) => Say(new DateTimeOffset(utcTicks, TimeSpan.Zero));

    private static string Say(DateTimeOffset moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Say(Mark mark) => $"since {Say(mark.At)}{(mark.By is null ? "" : $" by {mark.By}")}{(mark.Reason is null ? "" : $": {mark.Reason}")}";

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
