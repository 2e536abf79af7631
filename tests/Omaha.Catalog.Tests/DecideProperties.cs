using System.Globalization;
using System.Text;
using CsCheck;
using Omaha.Protocol;

namespace Omaha.Catalog.Tests;

/// <summary>What holds for every catalogue and every machine.</summary>
public sealed class DecideProperties
{
    private const int Versions = 7;

    /// <summary>A catalogue of one app with versions 1.0 to 7.0, and one machine that asks.</summary>
    private sealed record Scene(AppDocument Document, Brakes Brakes, int Current, bool AsksForRollback, int? Prefix, bool IsInteractive, string Track, bool Several, DateTimeOffset At)
    {
        public CatalogSnapshot Snapshot(Action<AppDocument>? change = null)
        {
            var document = Document;
            if (change is not null) change(document = DocumentJson.Copy(Document));
            var editor = Sample.Snapshot(document).Edit();
            editor.Brakes = Brakes;
            return editor.Build();
        }

        public ChannelState Stable => Document.State!.Channels!["stable"];

        public Asking Machine => new(
            $"version=\"{Version(Current)}\" board=\"amd64-usr\" track=\"{Track}\" machineid=\"00112233\" {(Several ? "multi_manifest_ok=\"true\"" : "")}",
            (Prefix is { } prefix ? $"targetversionprefix=\"{Version(prefix)}\" " : "") + (AsksForRollback ? "rollback_allowed=\"true\"" : ""),
            attributes: $"installsource=\"{(IsInteractive ? "ondemandupdate" : "scheduler")}\"");

        public CheckOutcome Outcome => Machine.Of(Snapshot(), At);

        public override string ToString() => $"{Encoding.UTF8.GetString(DocumentJson.Write(Document))}\nbrakes {Encoding.UTF8.GetString(DocumentJson.Write(Brakes))}\nversion {Version(Current)} track {Track} prefix {Prefix} rollback {AsksForRollback} interactive {IsInteractive} several {Several} at {At:O}: {Outcome.Decision}";
    }

    private static string Version(int number) => number.ToString(CultureInfo.InvariantCulture) + ".0";

    private static int Number(DottedVersion version) => (int)version[0];

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<Mark?> Rarely(int oneIn) => Gen.Int[1, oneIn].Select(static i => i == 1 ? RolloutSample.Mark(Sample.Now, "because") : null);

    private static readonly Gen<Scene> Scenes =
        from history in Gen.Int[1, Versions].Array[0, 4]
        from rollout in Gen.Int[0, Versions]
        from hours in Gen.Int[-5, 30]
        from ramp in OneOf("24h", "1h", "3650d")
        from paused in Rarely(6)
        from halted in Rarely(6)
        from expedite in Rarely(8)
        from marks in Gen.Select(Rarely(15), Rarely(15), Rarely(15), Rarely(15))
        from blocked in Gen.Int[1, Versions].Array[0, 2]
        from floors in Gen.Int[1, Versions].HashSet[0, 3]
        from rollback in Gen.Bool
        from pin in Gen.Int[-5, Versions]
        from window in Gen.Int[0, 6]
        from freeze in Gen.Int[0, 6]
        from machine in Gen.Select(Gen.Int[0, Versions], Gen.Bool, Gen.Int[-5, Versions], Gen.Bool, OneOf("stable", "group", "canary"), Gen.Bool)
        select Build(history, rollout, hours, ramp, paused, halted, expedite, marks, blocked, floors, rollback, pin, window, freeze, machine);

    private static Scene Build(int[] history, int rollout, int hours, string ramp, Mark? paused, Mark? halted, Mark? expedite, (Mark?, Mark?, Mark?, Mark?) marks, int[] blocked, HashSet<int> floors, bool rollback, int pin, int window, int freeze, (int, bool, int, bool, string, bool) machine)
    {
        var document = Sample.App(alpha: [.. Enumerable.Range(1, Versions).Select(Version)], stable: [.. history.Select(Version)]);
        var stable = document.State!.Channels!.TryGetValue("stable", out var known) ? known : document.State.Channels["stable"] = new ChannelState();
        if (rollout > 0)
        {
            stable.Rollouts = new()
            {
                [RolloutSample.Target] = new RolloutState
                {
                    Release = new CompleteRelease { Version = Version(rollout), Digest = RolloutSample.DigestOf(document, Version(rollout)), Expedite = expedite },
                    Start = Sample.Now,
                    Policy = new RolloutPolicy { Ramp = ramp },
                    Paused = paused,
                    Halted = halted,
                },
            };
        }

        (document.State.Paused, stable.Paused) = (marks.Item1, marks.Item2);
        document.State.Groups = new() { ["group"] = new() { Paused = marks.Item3 } };
        document.State.Blocks = blocked.Distinct().ToDictionary(number => RolloutSample.DigestOf(document, Version(number)), static _ => RolloutSample.Mark(Sample.Now));
        document.Spec!.Channels!["stable"].Rollback = rollback;
        document.Spec.Channels["stable"].Floors = new() { [RolloutSample.Target] = [.. floors.Select(static floor => new FloorSpec { Version = Version(floor) })] };
        document.Spec.Groups = new() { ["group"] = new() { Channel = "stable", Version = pin > 0 ? Version(pin) : null }, ["canary"] = new() { Channel = "stable", Canary = true } };
        if (window == 0) document.Spec.Windows = [new WindowSpec { From = "00:00", To = "06:00", Zone = "Europe/Berlin" }];
        if (freeze == 0) document.Spec.Freezes = [new FreezeSpec { From = "2026-03-01T15:00", To = "2026-03-02T03:00", Reason = "night" }];
        return new Scene(document, new Brakes { PauseAll = marks.Item4 }, machine.Item1, machine.Item2, machine.Item3 > 0 ? machine.Item3 : null, machine.Item4, machine.Item5, machine.Item6, Sample.Now.AddHours(hours));
    }

    private static void Holds(Func<Scene, CheckOutcome, bool> property) => Scenes.Sample(scene => property(scene, scene.Outcome), iter: 600);

    /// <summary>Properties say nothing about what is never tried.</summary>
    [Fact]
    public void Scenes_come_to_every_decision_that_there_is_for_them()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<Decision, bool>();
        Scenes.Sample(scene => seen.TryAdd(scene.Outcome.Decision, true) || true, iter: 3000, seed: "0000KDyzYqXc");
        Decision[] expected = [Decision.Offered, Decision.Current, Decision.NoRelease, Decision.Paused, Decision.Halted, Decision.HeldRamp, Decision.HeldWindow, Decision.HeldFreeze, Decision.Floor, Decision.Blocked, Decision.NoPrefixMatch];
        Assert.Empty(expected.Except(seen.Keys));
    }

    [Fact]
    public void Offer_has_a_release_and_nothing_else_has() => Holds(static (_, outcome) => outcome.Decision == Decision.Offered == outcome.Release is not null);

    [Fact]
    public void Lower_version_is_offered_only_when_channel_and_client_both_permit_it() => Holds(static (scene, outcome) =>
        outcome.Release is not { } release || Number(release.Version) > scene.Current
        || (outcome.IsRollback && Number(release.Version) < scene.Current && scene.AsksForRollback && scene.Document.Spec!.Channels!["stable"].Rollback && (scene.Prefix is not null || scene.Track == "group")));

    [Fact]
    public void Nothing_is_offered_while_a_brake_holds() => Holds(static (scene, outcome) =>
        outcome.Release is null
        || (scene.Brakes.PauseAll is null && scene.Document.State!.Paused is null && scene.Stable.Paused is null
            && (scene.Track != "group" || scene.Document.State.Groups!["group"].Paused is null)
            && !scene.Document.State.Blocks!.ContainsKey(outcome.Release.Digest)));

    [Fact]
    public void Release_of_a_stopped_rollout_is_not_offered_by_it() => Holds(static (scene, outcome) =>
        outcome.Release is not { } release || scene.Stable.Rollouts?.Values.Single() is not { } rollout || (rollout.Paused ?? rollout.Halted) is null
        || release.Digest != rollout.Release!.Digest
        || scene.Stable.Targets!.Values.Single().Exists(complete => complete.Digest == release.Digest)
        || scene.Document.Spec!.Channels!["stable"].Floors!.Values.Single().Exists(floor => floor.Version == Version(Number(release.Version))));

    [Fact]
    public void Stopped_rollout_leaves_the_last_complete_release_on_offer() => Scenes.Sample(static scene =>
    {
        if (scene.Stable.Rollouts is not { } rollouts) return true;
        rollouts.Values.Single().Halted ??= RolloutSample.Mark(Sample.Now);
        var without = scene.Machine.Of(scene.Snapshot(static document => document.State!.Channels!["stable"].Rollouts = null), scene.At);
        return scene.Stable.Targets is null || scene.Outcome.Release?.Digest == without.Release?.Digest;
    }, iter: 600);

    [Fact]
    public void No_floor_is_skipped() => Holds(static (scene, outcome) =>
    {
        if (outcome.Release is not { } release || outcome.IsRollback) return true;
        var ahead = scene.Document.Spec!.Channels!["stable"].Floors!.Values.Single().ConvertAll(static floor => int.Parse(floor.Version![..1], CultureInfo.InvariantCulture)).Where(floor => floor > scene.Current).Order().ToList();
        var named = System.Xml.Linq.XElement.Parse($"<c>{Encoding.UTF8.GetString(outcome.ManifestFor(ManifestForm.Common))}</c>").Elements("manifest").Select(static manifest => int.Parse(((string)manifest.Attribute("version")!)[..1], CultureInfo.InvariantCulture)).ToList();

        // All that come before the last one that is named, and in their order.
        return ahead.TakeWhile(floor => floor < named[^1]).All(named.Contains) && named.SequenceEqual(named.Order());
    });

    [Fact]
    public void Machine_that_asks_for_several_manifests_begins_with_the_one_that_others_get() => Scenes.Sample(static scene =>
    {
        var one = (scene with { Several = false }).Outcome;
        var several = (scene with { Several = true }).Outcome;
        return one.Decision == several.Decision
            && (one.Release is null || System.Xml.Linq.XElement.Parse($"<c>{Encoding.UTF8.GetString(several.ManifestFor(ManifestForm.Common))}</c>").Element("manifest")!.Attribute("version")!.Value == Version(Number(one.Release.Version)));
    }, iter: 300);

    [Fact]
    public void Explanation_always_tells_the_decision_that_is_served() => Scenes.Sample(static scene =>
    {
        var explained = scene.Machine.Explain(scene.Snapshot(), scene.At);
        var served = scene.Outcome;
        return explained.Decision == served.Decision && explained.Version == (served.Release is { } release ? Version(Number(release.Version)) : null)
            && explained.Rules.Count > 0 && explained.Summary.Length > 0;
    }, iter: 600);
}
