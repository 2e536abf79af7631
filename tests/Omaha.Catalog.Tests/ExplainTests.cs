namespace Omaha.Catalog.Tests;

/// <summary>Decisions in an operator's words.</summary>
public sealed class ExplainTests
{
    private static Explanation Explain(CatalogSnapshot snapshot, ExplainQuery? query = null, DateTimeOffset? at = null) =>
        Catalog.Explain.Of(snapshot, query ?? Node(), at ?? Sample.Now.AddHours(6));

    private static ExplainQuery Node(string node = "00112233445566778899aabbccddeeff", string? track = "stable") =>
        new() { App = Sample.AppId, Track = track, Board = "amd64-usr", Node = node, Version = "1.0" };

    private static string LateNode(AppDocument document) => Enumerable.Range(0, 1000).Select(RolloutSample.Node).First(node => PlaceOf(node, document) is > 0.72 and < 0.74);

    private static double PlaceOf(string node, AppDocument document) => Bucket.Of(NodeId.Of(System.Text.Encoding.UTF8.GetBytes(node)), ReleaseDigest.BytesOf(RolloutSample.DigestOf(document, "2.0")));

    [Fact]
    public void Node_that_the_ramp_holds_is_told_when_it_is_reached()
    {
        var document = RolloutSample.Ramping();
        var node = LateNode(document);
        var snapshot = Sample.Snapshot(document);
        var explained = Explain(snapshot, Node(node));

        Assert.Equal(Decision.HeldRamp, explained.Decision);
        var words = explained.Rules.Single(static rule => rule.Rule == "node").Words;
        Assert.Matches(@"^held: bucket 0\.7[234]\d? \(machineid\), exposure 0\.250, reaches this node about 2026-03-02 05:\d\d UTC$", words);
        Assert.Contains(words, explained.Summary, StringComparison.Ordinal);

        var about = DateTimeOffset.ParseExact(words[^20..^4], "yyyy-MM-dd HH:mm", null, System.Globalization.DateTimeStyles.AssumeUniversal);
        Assert.Equal(Decision.HeldRamp, Explain(snapshot, Node(node), about.AddMinutes(-1)).Decision);
        Assert.Equal(Decision.Offered, Explain(snapshot, Node(node), about.AddMinutes(2)).Decision);
    }

    [Fact]
    public void Time_that_is_told_takes_freezes_into_account()
    {
        var document = RolloutSample.Ramping();
        document.Spec!.Freezes = [new FreezeSpec { From = "2026-03-02", To = "2026-03-02", Reason = "month's end" }];
        Assert.Contains("reaches this node about 2026-03-03 05:", Explain(Sample.Snapshot(document), Node(LateNode(document))).Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("halted", "2.0, which is rolled out since 2026-03-01 12:00 UTC by someone, is halted since 2026-03-01 12:00 UTC by someone: crashes")]
    [InlineData("app", "the app is paused since 2026-03-01 12:00 UTC by someone: crashes")]
    [InlineData("channel", "channel stable is paused since 2026-03-01 12:00 UTC by someone: crashes")]
    [InlineData("freeze", "offers are frozen until 2026-03-02 00:00 UTC: month's end")]
    [InlineData("window", "outside of the windows, which open at 2026-03-01 22:00 UTC")]
    [InlineData("floor", "floor 1.5 (boot loader) comes first and is blocked")]
    [InlineData("track", "track \"nowhere\" is no channel, group or track of the app")]
    [InlineData("pin", "group pinned is pinned to 2.0, and no such release was ever complete on the channel")]
    [InlineData("current", "1.0 is not above the installed version 1.0")]
    public void Reason_is_told_in_words(string what, string words)
    {
        var document = RolloutSample.Ramping(what == "current" ? new RolloutPolicy { Ramp = "3650d" } : new RolloutPolicy { Now = true });
        var spec = document.Spec!;
        var mark = RolloutSample.Mark(Sample.Now, "crashes");
        var track = "stable";
        switch (what)
        {
            case "halted": document.State!.Channels!["stable"].Rollouts![RolloutSample.Target].Halted = mark; break;
            case "app": document.State!.Paused = mark; break;
            case "channel": document.State!.Channels!["stable"].Paused = mark; break;
            case "freeze": spec.Freezes = [new FreezeSpec { From = "2026-03-01", To = "2026-03-01", Reason = "month's end" }]; break;
            case "window": spec.Windows = [new WindowSpec { From = "22:00", To = "23:00" }]; break;
            case "track": track = "nowhere"; break;
            case "current": document.State!.Channels!["stable"].Rollouts = null; break;
            case "pin":
                spec.Groups = new() { ["pinned"] = new() { Channel = "stable", Version = "2.0" } };
                document.State!.Channels!["stable"].Rollouts![RolloutSample.Target].Policy = new RolloutPolicy { Ramp = "24h" };
                track = "pinned";
                break;
            case "floor":
                spec.Releases!.Add(Sample.Release("1.5"));
                spec.Channels!["stable"].Floors = new() { [RolloutSample.Target] = [new FloorSpec { Version = "1.5", Reason = "boot loader" }] };
                document.State!.Blocks = new() { [RolloutSample.DigestOf(document, "1.5")] = mark };
                break;
        }

        var explained = Explain(Sample.Snapshot(document), Node(track: track));
        Assert.Null(explained.Version);
        Assert.EndsWith(words, explained.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{00000000-0000-0000-0000-000000000000}", Decision.UnknownApp)]
    [InlineData("", Decision.InvalidAppId)]
    public void App_that_cannot_be_answered_for_is_explained_too(string app, Decision decision) =>
        Assert.Equal(decision, Explain(Sample.Snapshot(RolloutSample.Ramping()), Node() with { App = app }).Decision);

    [Fact]
    public void Machine_that_nobody_could_be_is_refused() =>
        Assert.Throws<ArgumentException>(static () => Explain(Sample.Snapshot(RolloutSample.Ramping()), Node() with { Oem = new string('x', 9000) }));

    [Fact]
    public void Planned_rollout_is_told()
    {
        var snapshot = Sample.Snapshot(RolloutSample.Ramping(change: static rollout => rollout.Start = Sample.Now.AddDays(2)));
        Assert.Contains(Explain(snapshot).Rules, static rule => rule.Words.EndsWith("a rollout of 2.0 is planned for 2026-03-03 12:00 UTC", StringComparison.Ordinal));
    }
}
