namespace Omaha.Catalog.Tests;

/// <summary>Documents with rollouts, groups and times to try the rules with.</summary>
internal static class RolloutSample
{
    public const string Target = "any/amd64";

    /// <summary>Stable points to 1.0, and 2.0 is rolled out over 24 hours from <see cref="Sample.Now"/> on.</summary>
    public static AppDocument Ramping(RolloutPolicy? policy = null, Action<RolloutState>? change = null, string version = "2.0", params string[] stable)
    {
        var document = Sample.App(stable: stable.Length == 0 ? ["1.0"] : stable);
        if (!document.Spec!.Releases!.Exists(release => release.Version == version)) document.Spec.Releases.Add(Sample.Release(version));
        var rollout = new RolloutState
        {
            Release = new CompleteRelease { Version = version, Digest = DigestOf(document, version), At = Sample.Now, By = "someone" },
            Policy = policy ?? new RolloutPolicy { Ramp = "24h" },
            Start = Sample.Now,
        };
        change?.Invoke(rollout);
        document.State!.Channels!["stable"].Rollouts = new() { [Target] = rollout };
        return document;
    }

    public static RolloutPolicy Steps(params (double Percent, string? For)[] steps) =>
        new() { Steps = [.. steps.Select(step => new RolloutStep { Percent = step.Percent, For = step.For })] };

    public static Mark Mark(DateTimeOffset at, string? reason = null) => new() { At = at, By = "someone", Reason = reason };

    public static string DigestOf(AppDocument document, string version) => ReleaseDigest.Of(document.Spec!.Releases!.Single(release => release.Version == version));

    /// <summary>A machine id, the same for the same number.</summary>
    public static string Node(int number) => new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 7]).ToString("n");

    /// <summary>What a node with 1.0 is offered on stable.</summary>
    public static string? Offered(CatalogSnapshot snapshot, string node, DateTimeOffset at, string attributes = "") =>
        Sample.Version(Sample.Check(snapshot, $"version=\"1.0\" board=\"amd64-usr\" machineid=\"{node}\" {attributes}", at: at));

    public static Decision Decide(CatalogSnapshot snapshot, string app = "version=\"1.0\" board=\"amd64-usr\"", DateTimeOffset? at = null, string updateCheck = "", string attributes = "") =>
        Sample.Check(snapshot, app, updateCheck, at: at, attributes: attributes).Decision;
}
