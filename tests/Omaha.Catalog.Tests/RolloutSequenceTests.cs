using System.Collections.Concurrent;
using CsCheck;

namespace Omaha.Catalog.Tests;

/// <summary>
/// What holds whatever operators do with rollouts, in whatever order and however time passes: a release is exposed or complete on a channel only
/// where the rules let it come, histories only grow, and no machine is offered what was stopped, blocked or never came to its channel.
/// </summary>
public sealed class RolloutSequenceTests
{
    private static readonly string[] Channels = ["alpha", "beta", "stable"];
    private static readonly string[] Targets = ["any/amd64", "any/arm64"];
    private static readonly string[] Versions = ["1.0", "2.0", "3.0"];
    private static readonly string[] Nodes = [.. Enumerable.Range(0, 4).Select(RolloutSample.Node)];

    private enum Verb
    {
        Set,
        Promote,
        Start,
        Pause,
        Halt,
        Resume,
        Raise,
        Expedite,
        Revert,
        Block,
        Unblock,
        PausePart,
        ResumePart,
        Record,
        Apply,
    }

    /// <summary>One thing that an operator does; what a verb does not need is left aside.</summary>
    private sealed record Step(Verb Verb, int Version, int Target, int Channel, int Variant, bool Override, int Hours)
    {
        public override string ToString() => $"{Verb} {Versions[Version]} {(Target == 2 ? "all" : Targets[Target])} {Channels[Channel]} variant {Variant} override {Override} after {Hours} h";
    }

    private static readonly Gen<Verb> GenVerb = Gen.Frequency(
        (5, Gen.Const(Verb.Set)), (5, Gen.Const(Verb.Promote)), (5, Gen.Const(Verb.Start)), (2, Gen.Const(Verb.Pause)), (2, Gen.Const(Verb.Halt)), (3, Gen.Const(Verb.Resume)), (2, Gen.Const(Verb.Raise)),
        (1, Gen.Const(Verb.Expedite)), (3, Gen.Const(Verb.Revert)), (1, Gen.Const(Verb.Block)), (2, Gen.Const(Verb.Unblock)), (1, Gen.Const(Verb.PausePart)), (2, Gen.Const(Verb.ResumePart)), (2, Gen.Const(Verb.Record)), (1, Gen.Const(Verb.Apply)));

    private static Gen<int> GenChannel(Verb verb) => verb switch
    {
        Verb.Set => Gen.Frequency((5, Gen.Const(0)), (1, Gen.Int[0, 2])),
        Verb.Promote => Gen.Frequency((5, Gen.Int[1, 2]), (1, Gen.Int[0, 2])),
        _ => Gen.Int[0, 2],
    };

    private static readonly Gen<Step> GenStep = GenVerb.SelectMany(static verb => Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 2], GenChannel(verb), Gen.Int[0, 5], Gen.Bool, Gen.Int[0, 5],
        (version, target, channel, variant, daring, hours) => new Step(verb, version, target, channel, variant, daring, hours)));

    [Fact]
    public void No_sequence_of_operations_brings_a_release_to_machines_past_the_rules()
    {
        var seen = new ConcurrentDictionary<(Verb Verb, string Outcome), int>();
        GenStep.Array[1, 60].Sample(
            steps =>
            {
                var account = new Account();
                foreach (var step in steps) seen.AddOrUpdate((step.Verb, account.Do(step)), 1, static (_, count) => count + 1);
            },
            iter: 200);

        // The sequences are worth something only if they get somewhere.
        foreach (var verb in Enum.GetValues<Verb>()) Assert.True(seen.ContainsKey((verb, "done")), $"No sequence ever did a {verb}.");
        foreach (var verb in new[] { Verb.Set, Verb.Promote, Verb.Start, Verb.Raise, Verb.Expedite, Verb.Revert }) Assert.True(seen.ContainsKey((verb, "refused")), $"No sequence was ever refused a {verb}.");
    }

    private sealed record Place(string Channel, string Target);

    /// <summary>An app, what was done to it, and what must be true of it.</summary>
    private sealed class Account
    {
        private readonly Dictionary<Place, HashSet<string>> _complete = [];
        private readonly HashSet<(Place Place, string Digest)> _reverted = [];
        private readonly List<CatalogFile> _exports = [];
        private DateTimeOffset _now = Sample.Now;
        private AppDocument _app = new()
        {
            App = Sample.AppId,
            Spec = new AppSpec
            {
                Channels = new() { ["alpha"] = new(), ["beta"] = new() { PromotesFrom = "alpha" }, ["stable"] = new() { PromotesFrom = "beta", Rollout = new RolloutPolicy { Ramp = "6h" } } },
                Releases = [.. Targets.SelectMany(static target => Versions.Select(version => Sample.Release(version, target)))],
            },
        };

        /// <summary>Does a step and checks everything; tells what became of it.</summary>
        public string Do(Step step)
        {
            // Rollouts take whole hours, so that none is complete at the very moment of a step.
            _now += TimeSpan.FromHours(step.Hours) + TimeSpan.FromSeconds(1);
            var before = DocumentJson.Copy(_app);
            var (next, refused) = Plan(step, new Stamp(_now, "operator"));
            if (next is not null) _app = next;
            _exports.Add(ExportFile.Of([DocumentJson.Copy(_app)]));

            Assert.Empty(AppValidator.Check(_app));
            if (refused) Assert.Null(next);
            CheckMoves(before, step);
            CheckOffers();
            return refused ? "refused" : next is null ? "nothing to do" : "done";
        }

        private (AppDocument? Next, bool Refused) Plan(Step step, Stamp stamp)
        {
            var (version, channel) = (Versions[step.Version], Channels[step.Channel]);
            var target = step.Target < Targets.Length ? Targets[step.Target] : null;
            var reason = step.Override ? "for the test" : null;
            var order = new RolloutOrder
            {
                Policy = step.Variant switch
                {
                    0 => new RolloutPolicy { Now = true },
                    1 or 2 => new RolloutPolicy { Ramp = "8h" },
                    3 => RolloutSample.Steps((10, "2h"), (100, null)),
                    _ => null,
                },
                Start = step.Variant == 2 ? _now.AddHours(3) : null,
                Replace = step.Override,
            };
            var terms = new Promotion(_app.Spec!.Channels![channel].PromotesFrom ?? "beta", channel) { Version = step.Variant < 5 ? version : null, Target = target, SkipVerify = "for the test", OverrideRevert = reason, Order = order };
            return step.Verb switch
            {
                Verb.Set => Result(SetRelease.Plan(_app, channel, version, target, stamp, reason, order)),
                Verb.Promote => Result(PromoteRelease.Plan(_app, terms, stamp)),
                Verb.Start => Result(StartRollout.Plan(_app, channel, version, target, terms, stamp)),
                Verb.Pause => Result(ChangeRollout.Pause(_app, channel, target, reason, stamp)),
                Verb.Halt => Result(ChangeRollout.Halt(_app, channel, target, "for the test", stamp)),
                Verb.Resume => Result(ChangeRollout.Resume(_app, channel, target, stamp)),
                Verb.Raise => Result(ChangeRollout.Raise(_app, channel, target, 20 * step.Variant, stamp)),
                Verb.Expedite => Result(ChangeRollout.Expedite(_app, channel, target, "for the test", stamp)),
                Verb.Revert => Result(RevertChannel.Plan(_app, channel, target, null, "for the test", stamp)),
                Verb.Block => Result(BlockRelease.Block(_app, version, target, "for the test", stamp)),
                Verb.Unblock => Result(BlockRelease.Unblock(_app, version, target, "for the test")),
                Verb.PausePart => Result(PausePart.Pause(_app, step.Override ? channel : null, null, null, stamp)),
                Verb.ResumePart => Result(PausePart.Resume(_app, step.Override ? channel : null, null, stamp)),
                Verb.Record => Result(RecordRollouts.Plan(_app, stamp)),
                _ => Apply(step, stamp),
            };
        }

        /// <summary>Applies an export of some earlier moment.</summary>
        private (AppDocument? Next, bool Refused) Apply(Step step, Stamp stamp)
        {
            // A file that says something new, so that it is written.
            var app = _exports.Count == 0 ? ExportFile.Of([_app]).Apps![0] : DocumentJson.Copy(_exports[step.Version * (_exports.Count - 1) / 2].Apps![0]);
            app.Spec!.Name = $"{_now:u}";
            var outcome = ApplyFile.Plan(new CatalogFile { Apps = [app] }, [new ExistingApp(Sample.AppId, _app)], [], stamp);
            return (outcome.Plan?.Apps[0].Document, outcome.Plan is null);
        }

        /// <summary>What is new in a history, or exposed anew, came there by a verb on that channel and the rules; or it is a rollout that was complete before it was stopped.</summary>
        private void CheckMoves(AppDocument before, Step step)
        {
            var places = Channels.SelectMany(static channel => Targets.Select(target => new Place(channel, target))).ToList();
            var (moved, completed) = (new List<(Place Place, string Digest)>(), new HashSet<Place>());
            foreach (var place in places)
            {
                var (was, now) = (History(before, place), History(_app, place));
                Assert.True(now.Count >= was.Count);
                Assert.Equal(was.Select(static entry => (entry.Digest, entry.At, entry.By)), now.Take(was.Count).Select(static entry => (entry.Digest, entry.At, entry.By)));
                Assert.Equal(now.OrderBy(static entry => entry.At).Select(static entry => entry.At), now.Select(static entry => entry.At));

                // A release comes to a channel without a verb only as the end of its rollout, at the time at which the clock said so.
                var fresh = now.Skip(was.Count).ToList();
                if (Rollout(before, place) is { } ran && fresh is [{ Restored: false } first, ..] && first.Digest == ran.Release!.Digest && Rollout(_app, place)?.Release!.Digest != first.Digest && (first.At < _now || !Names(step, place) || step.Verb is not (Verb.Set or Verb.Promote or Verb.Start)))
                {
                    Assert.DoesNotContain(first.Digest!, before.State!.Blocks?.Keys ?? Enumerable.Empty<string>());
                    // An expedited rollout begins at once, also one that was planned for later.
                    Assert.InRange(first.At, step.Verb == Verb.Expedite && ran.Start > _now ? _now : ran.Start, _now);
                    foreach (var stop in new[] { ran.Paused, ran.Halted, before.State.Paused, before.State.Channels![place.Channel].Paused }.OfType<Mark>()) Assert.True(first.At <= stop.At || step.Verb is Verb.Raise or Verb.Expedite or Verb.Resume or Verb.ResumePart, $"{step}: {place} was complete at {first.At:u}, but stopped since {stop.At:u}");
                    Complete(place, first.Digest!);
                    completed.Add(place);
                    fresh.RemoveAt(0);
                }

                moved.AddRange(fresh.Select(entry => (place, entry.Digest!)));
                if (Rollout(_app, place) is { } runs && (Rollout(before, place) is not { } last || last.Release!.Digest != runs.Release!.Digest || (last.Start != runs.Start && step.Verb != Verb.Expedite))) moved.Add((place, runs.Release!.Digest!));
            }

            if (step.Verb == Verb.Revert)
            {
                foreach (var place in places.Where(place => Names(step, place)))
                {
                    if (!completed.Contains(place) && Rollout(before, place) is { } ended && Rollout(_app, place) is null)
                    {
                        if (ended.Start <= _now) _reverted.Add((place, ended.Release!.Digest!));
                    }
                    else if (History(_app, place) is [.., var back, { Restored: true }] && back.Reverted?.At == _now)
                    {
                        _reverted.Add((place, back.Digest!));
                    }
                }
            }

            foreach (var (place, digest) in moved)
            {
                Assert.True(Names(step, place), $"{step} moved {place}");
                Assert.DoesNotContain(digest, _app.State!.Blocks?.Keys ?? Enumerable.Empty<string>());
                if (step.Verb == Verb.Revert)
                {
                    Assert.Contains(digest, _complete[place]);
                    Assert.DoesNotContain((place, digest), _reverted);
                    continue;
                }

                Assert.Contains(step.Verb, new[] { Verb.Set, Verb.Promote, Verb.Start });
                Assert.True(step.Override || !_reverted.Contains((place, digest)), $"{step} brought back what was reverted");
                if (_app.Spec!.Channels![place.Channel].PromotesFrom is { } from)
                {
                    Assert.NotEqual(Verb.Set, step.Verb);
                    Assert.Contains(digest, _complete[place with { Channel = from }]);
                    Assert.DoesNotContain((place with { Channel = from }, digest), _reverted);
                }
                else
                {
                    Assert.NotEqual(Verb.Promote, step.Verb);
                }

                _reverted.Remove((place, digest));
                if (Rollout(_app, place)?.Release!.Digest != digest) Complete(place, digest);
            }
        }

        /// <summary>A machine gets what its channel points to or what is exposed there, and nothing while that is stopped or blocked.</summary>
        private void CheckOffers()
        {
            var snapshot = Sample.Snapshot(_app);
            foreach (var place in Channels.SelectMany(static channel => Targets.Select(target => new Place(channel, target))))
            {
                var isPaused = _app.State?.Paused is not null || _app.State?.Channels?.GetValueOrDefault(place.Channel)?.Paused is not null;
                var allowed = new HashSet<string>();
                if (History(_app, place) is [.., var last]) allowed.Add(last.Digest!);
                if (Rollout(_app, place) is { Paused: null, Halted: null } rollout && rollout.Start <= _now) allowed.Add(rollout.Release!.Digest!);
                allowed.ExceptWith((_app.State?.Blocks ?? []).Keys);
                foreach (var node in Nodes)
                {
                    var offered = Sample.Check(snapshot, $"version=\"0.1\" track=\"{place.Channel}\" board=\"{place.Target.Split('/')[1]}\" machineid=\"{node}\"", at: _now).Release?.Digest;
                    if (offered is not null) Assert.Contains(offered, allowed);
                    if (isPaused) Assert.Null(offered);
                    else if (allowed.Count > 0 && Rollout(_app, place) is null) Assert.NotNull(offered);
                }
            }
        }

        private void Complete(Place place, string digest)
        {
            if (!_complete.TryGetValue(place, out var digests)) _complete.Add(place, digests = []);
            digests.Add(digest);
        }

        private static bool Names(Step step, Place place) => Channels[step.Channel] == place.Channel && (step.Target == Targets.Length || Targets[step.Target] == place.Target);

        private static List<CompleteRelease> History(AppDocument app, Place place) => app.State?.Channels?.GetValueOrDefault(place.Channel)?.Targets?.GetValueOrDefault(place.Target) ?? [];

        private static RolloutState? Rollout(AppDocument app, Place place) => app.State?.Channels?.GetValueOrDefault(place.Channel)?.Rollouts?.GetValueOrDefault(place.Target);

        private static (AppDocument? Next, bool Refused) Result<TPlan>(Outcome<TPlan> outcome) where TPlan : class, IAppChange
        {
            Assert.Equal(outcome.Plan is null, outcome.Faults.Count > 0);
            return (outcome.Plan?.Document, outcome.Plan is null);
        }
    }
}
