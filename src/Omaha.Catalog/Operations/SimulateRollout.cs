using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>Runs a rollout ahead of time: what exposure would be when, with the windows and freezes that are declared.</summary>
public static class SimulateRollout
{
    /// <summary>How many samples the curve has.</summary>
    public const int Samples = 240;

    private const int MostEvents = 2000;

    /// <param name="policy">How exposure grows; without faults.</param>
    /// <param name="start">When it begins.</param>
    /// <param name="spec">Whose windows and freezes count; without faults.</param>
    /// <param name="channel">The channel; one of the spec's.</param>
    public static Simulation Of(RolloutPolicy policy, DateTimeOffset start, AppSpec spec, string channel)
    {
        var freezes = FrozenTimes.From(spec.Freezes, spec.Channels![channel].Freezes);
        var windows = OfferWindows.From(spec.Channels[channel].Windows ?? spec.Windows);
        var course = new RolloutCourse(new RolloutState { Release = new CompleteRelease(), Policy = policy, Start = start }, freezes);
        var turns = course.Turns(FrozenTimes.None).ToList();
        var completes = course.Completes(FrozenTimes.None);

        // Until the last machine could have got it, with a little more to see that nothing follows.
        var end = completes ?? turns[^1] + TimeSpan.TicksPerDay;
        if (Opens(end, windows, freezes) is { } open) end = Math.Max(end, open);
        end += Math.Max((end - start.UtcTicks) / 20, TimeSpan.TicksPerMinute);

        var changes = Changes(start.UtcTicks, end, windows, freezes).Take(MostEvents).ToList();
        var moments = changes.Concat(turns).Concat(Enumerable.Range(0, Samples + 1).Select(i => start.UtcTicks + ((end - start.UtcTicks) / Samples * i))).Where(at => at >= start.UtcTicks && at <= end).ToHashSet();
        var events = changes.Concat(turns).Append(start.UtcTicks).ToHashSet();
        return new Simulation(RolloutView.Words(policy), start, completes is { } at ? Moment(at) : null, [.. Points(moments.Order(), events, course, windows, freezes)]);
    }

    /// <summary>The share that could have been offered the release so far: what was exposed at the last moment at which offers were allowed.</summary>
    private static IEnumerable<SimulatedPoint> Points(IEnumerable<long> moments, HashSet<long> events, RolloutCourse course, OfferWindows? windows, FrozenTimes freezes)
    {
        var (reached, wasOpen) = (0.0, false);
        foreach (var at in moments)
        {
            var exposure = course.Exposure(at, FrozenTimes.None);
            var hold = freezes.Holds(at) ? SimulatedHold.Freeze : windows?.IsOpen(at) == false ? SimulatedHold.Window : SimulatedHold.None;

            // A window that closes at this very moment was open until it.
            if (hold == SimulatedHold.None || wasOpen) reached = Math.Max(reached, exposure);
            wasOpen = hold == SimulatedHold.None;
            yield return new SimulatedPoint(Moment(at), TimeSpan.FromTicks(course.Clock(at, FrozenTimes.None)), exposure, reached, hold, events.Contains(at));
        }
    }

    /// <summary>When freezes and windows begin and end.</summary>
    private static IEnumerable<long> Changes(long from, long end, OfferWindows? windows, FrozenTimes freezes)
    {
        for (var at = from; at < end;)
        {
            var next = freezes.EndOf(at) is var thaw && thaw > at ? thaw : freezes.NextAfter(at) ?? long.MaxValue;
            if (windows is not null) next = Math.Min(next, windows.Next(at, !windows.IsOpen(at)) ?? long.MaxValue);
            if (next >= end) yield break;
            yield return at = next;
        }
    }

    /// <summary>The first moment from another on at which offers are allowed; null when that never comes.</summary>
    private static long? Opens(long at, OfferWindows? windows, FrozenTimes freezes)
    {
        for (var tries = 0; tries < MostEvents; tries++)
        {
            if (freezes.Holds(at)) at = freezes.EndOf(at);
            else if (windows is null || windows.IsOpen(at)) return at;
            else if (windows.Next(at, open: true) is { } opens) at = opens;
            else return null;
        }

        return null;
    }

    private static DateTimeOffset Moment(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}

/// <summary>A rollout that was run ahead of time.</summary>
/// <param name="Policy">How exposure grows, in words.</param>
/// <param name="Start">When it begins.</param>
/// <param name="Completes">When everybody is exposed; null when that does not come by itself.</param>
/// <param name="Points">The curve, from the start until a little after everybody could have got the release.</param>
public sealed record Simulation(string Policy, DateTimeOffset Start, DateTimeOffset? Completes, IReadOnlyList<SimulatedPoint> Points);

/// <summary>One moment of a simulation.</summary>
/// <param name="At">The moment.</param>
/// <param name="Clock">What the ramp's clock shows.</param>
/// <param name="Exposure">Share of the nodes, 0 to 1, that may be offered the release.</param>
/// <param name="Reached">Share that could have been offered it so far, had each asked all the time.</param>
/// <param name="Hold">What keeps offers from going out now.</param>
/// <param name="IsEvent">Something changes here; other points only draw the curve.</param>
public sealed record SimulatedPoint(DateTimeOffset At, TimeSpan Clock, double Exposure, double Reached, SimulatedHold Hold, bool IsEvent);

/// <summary>What keeps offers from going out.</summary>
public enum SimulatedHold
{
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("window")]
    Window,

    [JsonStringEnumMemberName("freeze")]
    Freeze,
}
