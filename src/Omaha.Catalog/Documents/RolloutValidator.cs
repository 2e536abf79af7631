using static Omaha.Catalog.AppValidator;

namespace Omaha.Catalog;

/// <summary>Judges policies and the state of rollouts.</summary>
internal static class RolloutValidator
{
    private const int MaxSteps = 100;

    public static void CheckPolicy(RolloutPolicy policy, string at, FaultList faults)
    {
        faults.Unknown(policy, at);
        var given = (policy.Ramp is null ? 0 : 1) + (policy.Steps is null ? 0 : 1) + (policy.Now ? 1 : 0);
        if (given != 1) faults.Add(at, $"{(given == 0 ? "says nothing" : "says more than one thing")}; give exactly one of \"ramp\": \"24h\", \"steps\" and \"now\": true");
        if (policy.Ramp is { } ramp && (!Duration.TryParse(ramp, out var length) || length <= TimeSpan.Zero)) faults.Add($"{at}.ramp", $"{Quote(ramp)} is no length of time above zero; {Duration.Form}");
        if (policy.Steps is { } steps) CheckSteps(steps, $"{at}.steps", faults);
    }

    public static void CheckState(Dictionary<string, RolloutState>? rollouts, HashSet<(string Digest, Target Target)> releases, string at, FaultList faults)
    {
        var seen = new HashSet<Target>();
        foreach (var (key, rollout) in rollouts ?? [])
        {
            var path = $"{at}.{key}";
            if (MustBeTarget(key, path, faults) is not { } target) continue;
            if (!seen.Add(target)) faults.Add(path, $"means {target}, which is in the list already");
            if (rollout is null)
            {
                faults.Add(path, "is null");
                continue;
            }

            faults.Unknown(rollout, path);
            CheckRelease(rollout.Release, target, releases, $"{path}.release", faults);
            if (rollout.Policy is null) faults.Add($"{path}.policy", "is missing");
            else CheckPolicy(rollout.Policy, $"{path}.policy", faults);
            if (rollout.Start == default) faults.Add($"{path}.start", "is missing");
            if (rollout.Elapsed < TimeSpan.Zero) faults.Add($"{path}.elapsed", $"{rollout.Elapsed} is less than nothing");
            if (rollout.Raised is { } raised)
            {
                faults.Unknown(raised, $"{path}.raised");
                if (raised.Percent is not (> 0 and <= 100)) faults.Add($"{path}.raised.percent", $"{raised.Percent} is out of range; give more than 0 and at most 100");
            }

            CheckMark(rollout.Paused, $"{path}.paused", faults);
            CheckMark(rollout.Halted, $"{path}.halted", faults);
        }
    }

    public static void CheckEnded(Dictionary<string, List<EndedRollout>>? rollouts, HashSet<(string Digest, Target Target)> releases, string at, FaultList faults)
    {
        foreach (var (key, list) in rollouts ?? [])
        {
            if (MustBeTarget(key, $"{at}.{key}", faults) is not { } target) continue;
            for (var i = 0; i < list?.Count; i++)
            {
                var path = $"{at}.{key}[{i}]";
                if (list[i] is not { } ended)
                {
                    faults.Add(path, "is null");
                    continue;
                }

                faults.Unknown(ended, path);
                CheckRelease(ended.Release, target, releases, $"{path}.release", faults);
                if (ended.Ended is null) faults.Add($"{path}.ended", "is missing");
                CheckMark(ended.Ended, $"{path}.ended", faults);
            }
        }
    }

    private static void CheckRelease(CompleteRelease? release, Target target, HashSet<(string Digest, Target Target)> releases, string path, FaultList faults)
    {
        if (release is null)
        {
            faults.Add(path, "is missing");
            return;
        }

        faults.Unknown(release, path);
        CheckMark(release.Expedite, $"{path}.expedite", faults);
        if (release.Digest is not { } digest) faults.Add($"{path}.digest", "is missing");
        else if (!releases.Contains((digest, target))) faults.Add($"{path}.digest", $"version {Quote(release.Version)} with digest {digest} is no release for {target} in the spec; a release that was exposed must stay there, unchanged");
    }

    private static void CheckSteps(List<RolloutStep> steps, string at, FaultList faults)
    {
        if (steps.Count is 0 or > MaxSteps) faults.Add(at, $"holds {steps.Count} steps; give 1 to {MaxSteps}, such as {{\"percent\": 10, \"for\": \"4h\"}}, {{\"percent\": 100}}");
        var reached = 0.0;
        for (var i = 0; i < steps.Count; i++)
        {
            var path = $"{at}[{i}]";
            if (steps[i] is not { } step)
            {
                faults.Add(path, "is null; describe a step or remove the entry");
                continue;
            }

            faults.Unknown(step, path);
            if (step.Percent is not (> 0 and <= 100)) faults.Add($"{path}.percent", $"{step.Percent} is out of range; give more than 0 and at most 100");
            else if (step.Percent <= reached) faults.Add($"{path}.percent", $"{step.Percent} is not above {reached}, the step before; exposure only rises");
            reached = Math.Max(reached, step.Percent);

            var isLast = i == steps.Count - 1;
            if (isLast && step.For is not null) faults.Add($"{path}.for", $"{Quote(step.For)} does not end anything, since no step follows; leave it out, or add a step");
            if (!isLast && (!Duration.TryParse(step.For, out var length) || length <= TimeSpan.Zero)) faults.Add($"{path}.for", $"{Quote(step.For)} is no length of time above zero, and a step follows; {Duration.Form}");
        }
    }
}
