using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>How a rollout stands at a moment, for people and for the API.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Target">In the form <c>platform/arch</c>.</param>
/// <param name="Version">Version of the release.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Standing">Whether it is planned, active, paused, halted or complete.</param>
/// <param name="Exposure">Share of the nodes, 0 to 1, that may be offered the release.</param>
/// <param name="Clock">What the ramp's clock shows, without the time in which it stood still.</param>
/// <param name="Policy">How exposure grows, in words.</param>
/// <param name="Start">When the release is, or was, first exposed.</param>
/// <param name="Completes">When everybody is exposed if nothing changes; null when that does not come by itself.</param>
/// <param name="At">When the rollout was ordered.</param>
/// <param name="By">Who ordered it.</param>
public sealed record RolloutView(string Channel, string Target, string Version, string Digest, RolloutStanding Standing, double Exposure, TimeSpan Clock, string Policy, DateTimeOffset Start, DateTimeOffset? Completes, DateTimeOffset At, string? By)
{
    /// <summary>The exposure that was set by hand at the least.</summary>
    public RaisedExposure? Raised { get; init; }

    /// <summary>Set while it is paused.</summary>
    public Mark? Paused { get; init; }

    /// <summary>Set while it is halted.</summary>
    public Mark? Halted { get; init; }

    /// <summary>Set when it is expedited.</summary>
    public Mark? Expedite { get; init; }

    /// <summary>What else keeps the release from machines, or the clock from running, in words.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];

    /// <summary>All rollouts of an app, by channel and target.</summary>
    /// <param name="document">Without faults.</param>
    /// <param name="channel">One channel; null for all.</param>
    /// <param name="stamp">When, and the brakes of that time.</param>
    public static IReadOnlyList<RolloutView> Of(AppDocument document, string? channel, Stamp stamp) =>
        [.. (document.Spec!.Channels ?? []).Keys.Where(name => channel is null || name == channel).SelectMany(name => Rollouts.Of(document, name).Select(rollout => Of(document, name, rollout.Target, rollout.State, stamp)))];

    internal static RolloutView Of(AppDocument document, string channel, Target target, RolloutState state, Stamp stamp)
    {
        var (at, pauses) = (stamp.At.UtcTicks, stamp.Brakes.PausedTimes());
        var course = RolloutCourse.Of(document, channel, state);
        var exposure = course.HasBegun(at) ? course.Exposure(at, pauses) : 0;
        return new RolloutView(
            channel,
            target.ToString(),
            state.Release!.Version!,
            state.Release.Digest!,
            StandingOf(state, course, at, exposure),
            exposure,
            TimeSpan.FromTicks(course.Clock(at, pauses)),
            state.Release.Expedite is null ? Words(state.Policy!) : "expedited: everybody at once",
            state.Start,
            course.Completes(pauses) is { } completes ? new DateTimeOffset(completes, TimeSpan.Zero) : null,
            state.Release.At,
            state.Release.By)
        {
            Raised = state.Raised,
            Paused = state.Paused,
            Halted = state.Halted,
            Expedite = state.Release.Expedite,
            Held = [.. HeldBy(document, channel, state, stamp)],
        };
    }

    /// <summary>A policy in the form that it is typed in.</summary>
    public static string Words(RolloutPolicy policy) => policy switch
    {
        { Ramp: { } ramp } => $"ramp {ramp}",
        { Steps: { } steps } => $"steps {string.Join(',', steps.Select(static step => step.For is null ? Percent(step.Percent) : $"{Percent(step.Percent)}:{step.For}"))}",
        _ => "now",
    };

    internal static string Percent(double percent) => percent.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture) + "%";

    private static RolloutStanding StandingOf(RolloutState state, RolloutCourse course, long at, double exposure) => state switch
    {
        { Halted: not null } => RolloutStanding.Halted,
        { Paused: not null } => RolloutStanding.Paused,
        _ when !course.HasBegun(at) => RolloutStanding.Planned,
        _ => exposure >= 1 ? RolloutStanding.Complete : RolloutStanding.Active,
    };

    private static IEnumerable<string> HeldBy(AppDocument document, string channel, RolloutState state, Stamp stamp)
    {
        var spec = document.Spec!;
        if (document.State?.Blocks?.GetValueOrDefault(state.Release!.Digest!) is { } block) yield return $"the release is blocked {Reason.Words(block)}";
        if (stamp.Brakes.PauseAll is { } all) yield return $"everything is paused {Reason.Words(all)}";
        if (document.State?.Paused is { } app) yield return $"the app is paused {Reason.Words(app)}";
        if (document.State?.Channels?[channel].Paused is { } paused) yield return $"the channel is paused {Reason.Words(paused)}";
        var freezes = FrozenTimes.From(spec.Freezes, spec.Channels![channel].Freezes);
        var at = stamp.At.UtcTicks;
        if (freezes.Holds(at)) yield return $"offers are frozen until {new DateTimeOffset(freezes.EndOf(at), TimeSpan.Zero):u}{(freezes.ReasonAt(at) is { } reason ? $": {reason}" : "")}";
        else if (state.Release!.Expedite is null && OfferWindows.From(spec.Channels[channel].Windows ?? spec.Windows) is { } windows && !windows.IsOpen(at)) yield return $"outside of the windows{(windows.Next(at, open: true) is { } opens ? $", which open at {new DateTimeOffset(opens, TimeSpan.Zero):u}" : "")}";
    }
}

/// <summary>How a rollout stands.</summary>
public enum RolloutStanding
{
    /// <summary>It begins later.</summary>
    [JsonStringEnumMemberName("planned")]
    Planned,

    /// <summary>Exposure grows.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>An operator paused it.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>It was stopped for safety.</summary>
    [JsonStringEnumMemberName("halted")]
    Halted,

    /// <summary>Everybody is exposed; it is about to become history.</summary>
    [JsonStringEnumMemberName("complete")]
    Complete,
}
