using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;

namespace Omaha.Catalog.Tests;

/// <summary>
/// What holds whatever operators do, in whatever order: a digest's content never changes, a channel points only to what was offered to it by
/// the rules, machines are offered only that, and an export applied again changes nothing. A small model beside the documents, which shares
/// no code with the operations, keeps the account.
/// </summary>
public sealed class OperationSequenceTests
{
    private static readonly string[] Channels = ["alpha", "beta", "stable", "lts"];
    private static readonly string[] Targets = ["any/amd64", "any/arm64"];
    private static readonly string[] Versions = ["1.0", "2.0", "3.0"];
    private static readonly TimeSpan Soak = TimeSpan.FromHours(2);

    private enum Verb
    {
        Add,
        Remove,
        Relocate,
        Block,
        Unblock,
        Set,
        Promote,
        Revert,
        Apply,
    }

    /// <summary>One thing that an operator does; what a verb does not need is left aside.</summary>
    private sealed record Step(Verb Verb, int Version, int Target, int Channel, int Variant, bool Override, int Hours)
    {
        public override string ToString() => $"{Verb} {Versions[Version]} {(Target == 2 ? "all" : Targets[Target])} {Channels[Channel]} variant {Variant} override {Override} after {Hours} h";
    }

    /// <summary>What leads on comes more often than what cleans up, so that sequences get somewhere.</summary>
    private static readonly Gen<Verb> GenVerb = Gen.Frequency(
        (5, Gen.Const(Verb.Add)), (1, Gen.Const(Verb.Remove)), (1, Gen.Const(Verb.Relocate)), (1, Gen.Const(Verb.Block)), (1, Gen.Const(Verb.Unblock)),
        (6, Gen.Const(Verb.Set)), (6, Gen.Const(Verb.Promote)), (3, Gen.Const(Verb.Revert)), (1, Gen.Const(Verb.Apply)));

    /// <summary>Mostly a channel that the verb is for.</summary>
    private static Gen<int> GenChannel(Verb verb) => verb switch
    {
        Verb.Set => Gen.Frequency((4, Gen.Bool.Select(static lts => lts ? 3 : 0)), (1, Gen.Int[0, 3])),
        Verb.Promote => Gen.Frequency((4, Gen.Int[1, 2]), (1, Gen.Int[0, 3])),
        _ => Gen.Int[0, 3],
    };

    private static readonly Gen<Step> GenStep = GenVerb.SelectMany(static verb => Gen.Select(
        Gen.Int[0, 2], Gen.Frequency((1, Gen.Int[0, 1]), (1, Gen.Const(2))), GenChannel(verb), Gen.Int[0, 5], Gen.Bool, Gen.Int[0, 3],
        (version, target, channel, variant, daring, hours) => new Step(verb, version, target, channel, variant, daring, hours)));

    [Fact]
    public void No_sequence_of_operations_breaks_what_was_promised()
    {
        var seen = new ConcurrentDictionary<(Verb Verb, string Outcome), int>();
        GenStep.Array[1, 50].Sample(
            steps =>
            {
                var history = new Account();
                foreach (var step in steps) seen.AddOrUpdate((step.Verb, history.Do(step)), 1, static (_, count) => count + 1);
            },
            iter: 200);

        // The sequences are worth something only if they get somewhere.
        foreach (var verb in Enum.GetValues<Verb>())
        {
            Assert.True(seen.ContainsKey((verb, "done")), $"No sequence ever did a {verb}.");
            Assert.True(seen.ContainsKey((verb, "refused")), $"No sequence was ever refused a {verb}.");
        }
    }

    /// <summary>An app, what was done to it, and what must be true of it.</summary>
    private sealed class Account
    {
        private readonly Dictionary<string, string> _contents = [];
        private readonly Dictionary<string, string> _offeredContents = [];
        private readonly Dictionary<(string Channel, string Target), List<string>> _complete = [];
        private readonly Dictionary<(string Channel, string Target, string Digest), TimeSpan> _soaked = [];
        private readonly HashSet<(string Channel, string Target, string Digest)> _reverted = [];
        private readonly HashSet<string> _blocked = [];
        private readonly List<CatalogFile> _exports = [];
        private DateTimeOffset _now = Sample.Now;
        private AppDocument _app = new()
        {
            App = Sample.AppId,
            Spec = new AppSpec { Channels = new() { ["alpha"] = new() { Soak = "2h" }, ["beta"] = new() { PromotesFrom = "alpha" }, ["stable"] = new() { PromotesFrom = "beta" }, ["lts"] = new() }, Releases = [.. Targets.SelectMany(static target => new[] { Sample.Release("1.0", target), Sample.Release("2.0", target) })] },
        };

        /// <summary>Does a step and checks everything; tells what became of it.</summary>
        public string Do(Step step)
        {
            Wait(TimeSpan.FromHours(step.Hours));
            var version = Versions[step.Version];
            var target = step.Target < Targets.Length ? Targets[step.Target] : null;
            var channel = Channels[step.Channel];
            var from = _app.Spec!.Channels![channel].PromotesFrom ?? "lts";
            var reason = step.Override ? "for the test" : null;
            var stamp = new Stamp(_now, "operator");
            var before = Pointers();

            var (next, refused) = step.Verb switch
            {
                Verb.Add => Result(AddReleases.Plan(_app, new ReleaseFile { Releases = [.. Targets.Where(of => target is null || of == target).Select(of => Release(version, of, step.Variant))] })),
                Verb.Remove => Result(RemoveRelease.Plan(_app, version, target)),
                Verb.Relocate => Result(RelocateRelease.Plan(_app, version, target, [$"https://mirror{step.Variant}.example.test/{version}/"])),
                Verb.Block => Result(BlockRelease.Block(_app, version, target, "for the test", stamp)),
                Verb.Unblock => Result(BlockRelease.Unblock(_app, version, target, "for the test")),
                Verb.Set => Result(SetRelease.Plan(_app, channel, version, target, stamp, reason)),
                Verb.Promote => Result(PromoteRelease.Plan(_app, new Promotion(from, channel) { Version = step.Variant < 3 ? null : version, Target = target, SkipVerify = "for the test", OverrideSoak = reason, OverrideRevert = reason }, stamp)),
                Verb.Revert => Result(RevertChannel.Plan(_app, channel, target, null, "for the test", stamp)),
                _ => Apply(step),
            };

            if (next is not null) _app = next;
            _exports.Add(ExportFile.Of([DocumentJson.Copy(_app)]));
            Assert.Empty(AppValidator.Check(_app));
            CheckContents();
            CheckBlocks(step.Verb, refused, version, target);
            CheckPointers(before, step, refused, channel, from, target);
            CheckOffers();
            Assert.Equal(AppChange.Unchanged, Assert.Single(ApplyFile.Plan(ExportFile.Of([_app]), [new ExistingApp(Sample.AppId, _app)], [], new Stamp(_now, "operator")).Plan!.Apps).Change);
            return refused ? "refused" : next is null ? "nothing to do" : "done";
        }

        /// <summary>Time passes, and what channels point to soaks.</summary>
        private void Wait(TimeSpan time)
        {
            _now += time;
            foreach (var ((channel, target), digest) in Pointers()) _soaked[(channel, target, digest)] = _soaked.GetValueOrDefault((channel, target, digest)) + time;
        }

        /// <summary>Applies an export of some earlier moment, sometimes with the content of a release changed.</summary>
        private (AppDocument? Next, bool Refused) Apply(Step step)
        {
            var file = _exports.Count == 0 ? ExportFile.Of([_app]) : _exports[step.Version * (_exports.Count - 1) / 2];
            var app = DocumentJson.Copy(file.Apps![0]);
            if (step.Variant < 2 && app.Spec!.Releases is [var first, ..]) first.Packages![0].Size += 1;
            var outcome = ApplyFile.Plan(new CatalogFile { Apps = [app] }, [new ExistingApp(Sample.AppId, _app)], [], new Stamp(_now, "operator"));
            return (outcome.Plan?.Apps[0].Document, outcome.Plan is null);
        }

        private void CheckContents()
        {
            foreach (var release in _app.Spec!.Releases ?? [])
            {
                var (content, digest, identity) = (Content(release), ReleaseDigest.Of(release), $"{release.Version} {release.Target}");
                if (!_contents.TryAdd(digest, content)) Assert.Equal(_contents[digest], content);
                if (_complete.Values.Any(digests => digests.Contains(digest)) && !_offeredContents.TryAdd(identity, content)) Assert.Equal(_offeredContents[identity], content);
            }
        }

        private void CheckBlocks(Verb verb, bool refused, string version, string? target)
        {
            var named = (_app.Spec!.Releases ?? []).Where(release => release.Version == version && (target is null || release.Target == target)).Select(ReleaseDigest.Of);
            if (verb == Verb.Block && !refused) _blocked.UnionWith(named);
            if (verb == Verb.Unblock && !refused) _blocked.ExceptWith(named);
            Assert.True(_blocked.SetEquals((_app.State?.Blocks ?? []).Keys));
        }

        /// <summary>Every pointer that differs was moved by a verb on that channel and target, to a digest that the rules let it have.</summary>
        private void CheckPointers(Dictionary<(string Channel, string Target), string> before, Step step, bool refused, string channel, string from, string? target)
        {
            var after = Pointers();
            Assert.Empty(before.Keys.Except(after.Keys));
            foreach (var (place, digest) in after.Where(pointer => before.GetValueOrDefault(pointer.Key) != pointer.Value))
            {
                Assert.False(refused);
                Assert.Equal(channel, place.Channel);
                Assert.True(target is null || target == place.Target);
                Assert.DoesNotContain(digest, _blocked);
                var complete = _complete.GetValueOrDefault(place) ?? [];
                switch (step.Verb)
                {
                    case Verb.Set:
                        Assert.Null(_app.Spec!.Channels![channel].PromotesFrom);
                        Assert.True(step.Override || !_reverted.Contains((channel, place.Target, digest)));
                        break;
                    case Verb.Promote:
                        Assert.Equal(from, _app.Spec!.Channels![channel].PromotesFrom);
                        Assert.Contains(digest, _complete[(from, place.Target)]);
                        Assert.DoesNotContain((from, place.Target, digest), _reverted);
                        Assert.True(step.Override || !_reverted.Contains((channel, place.Target, digest)));
                        Assert.True(step.Override || from != "alpha" || _soaked[(from, place.Target, digest)] >= Soak);
                        break;
                    case Verb.Revert:
                        Assert.Contains(digest, complete);
                        Assert.DoesNotContain((channel, place.Target, digest), _reverted);
                        Assert.True(_reverted.Add((channel, place.Target, before[place])));
                        break;
                    default:
                        Assert.Fail($"{step.Verb} moved channel {channel}.");
                        break;
                }

                _reverted.Remove((channel, place.Target, digest));
                complete.Add(digest);
                _complete[place] = complete;
            }
        }

        /// <summary>Machines get what their channel points to unless it is blocked, and under a version prefix nothing that was not complete, was reverted or is blocked.</summary>
        private void CheckOffers()
        {
            var snapshot = Sample.Snapshot(_app);
            var pointers = Pointers();
            foreach (var channel in Channels)
            {
                foreach (var target in Targets)
                {
                    var machine = $"version=\"0.1\" track=\"{channel}\" board=\"{target.Split('/')[1]}\"";
                    var offered = Sample.Check(snapshot, machine).Release?.Digest;
                    Assert.Equal(pointers.GetValueOrDefault((channel, target)) is { } pointer && !_blocked.Contains(pointer) ? pointer : null, offered);
                    foreach (var version in Versions)
                    {
                        var digest = Sample.Check(snapshot, machine, $"targetversionprefix=\"{version}\"").Release?.Digest;
                        var expected = (_complete.GetValueOrDefault((channel, target)) ?? [])
                            .Distinct()
                            .SingleOrDefault(complete => _contents[complete].StartsWith($"{version} ", StringComparison.Ordinal) && !_blocked.Contains(complete) && !_reverted.Contains((channel, target, complete)));
                        Assert.Equal(expected, digest);
                    }
                }
            }
        }

        private Dictionary<(string Channel, string Target), string> Pointers() =>
            (_app.State?.Channels ?? []).SelectMany(channel => channel.Value.Targets!.Select(target => ((channel.Key, target.Key), target.Value[^1].Digest!))).ToDictionary();

        private static ReleaseSpec Release(string version, string target, int variant)
        {
            var release = Sample.Release(version, target);
            if (variant == 5) release.Packages![0].Size = 1001;
            return release;
        }

        private static string Content(ReleaseSpec release) =>
            string.Create(CultureInfo.InvariantCulture, $"{release.Version} {release.Target} {string.Join(' ', release.Packages!.Select(static package => $"{package.Name} {package.Size} {package.Sha256}"))}");

        private static (AppDocument? Next, bool Refused) Result<TPlan>(Outcome<TPlan> outcome) where TPlan : class, IAppChange
        {
            Assert.Equal(outcome.Plan is null, outcome.Faults.Count > 0);
            return (outcome.Plan?.Document, outcome.Plan is null);
        }
    }
}
