using System.Diagnostics;
using System.Globalization;
using Omaha.Catalog;
using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>Two control planes on one real Redis, both busy.</summary>
public sealed class TwoWritersTests
{
    /// <summary>How long they write, in seconds; tests/two-writers.sh takes longer than the test does by itself.</summary>
    private const string SecondsVariable = "OMAHA_WRITERS_SECONDS";

    [Fact]
    public async Task Two_control_planes_at_work_lose_no_change_and_every_loser_is_told()
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        var time = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? "3", CultureInfo.InvariantCulture));
        await using var store = new RedisServerProcess();
        await store.StartAsync();
        await using var one = await ControlSite.StartWithTokensAsync(store.Configuration);
        await using var two = await ControlSite.StartWithTokensAsync(store.Configuration);
        var before = (await one.Audit.ReadLastAsync())!;

        // Two writers at each: an app of their own, and one that all of them change.
        Writer[] writers = [new(one, "one-a"), new(one, "one-b"), new(two, "two-a"), new(two, "two-b")];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(writers.Select(writer => writer.WriteAsync(() => clock.Elapsed < time)));

        var made = writers.Sum(writer => writer.Made);
        Assert.True(writers.All(writer => writer.Made > 0), "A writer never came through.");
        Assert.True(writers.Sum(writer => writer.Lost) > 0, "The writers never met, so nothing was tested.");
        var head = (await one.Store.ReadHeadAsync()).Version;
        Assert.Equal(made, head.Revision);

        // Every change is on record, under a number of its own, and nothing else is.
        var entries = await one.Audit.ReadForwardAsync(before.Number, long.MaxValue).ToListAsync();
        Assert.Equal(Enumerable.Range(1, made).Select(i => (before.Number + i, (long)i)), entries.Select(entry => (entry.Number, entry.Revision)));
        foreach (var writer in writers)
        {
            var found = await one.Store.ReadAppAsync(writer.App);
            Assert.Equal(writer.Made.ToString(CultureInfo.InvariantCulture), DocumentJson.ReadApp(found, out _)!.Spec!.Name);
            Assert.Equal(writer.Made, entries.Count(entry => entry.Apps.Any(app => app.App == writer.App)));
            Assert.Equal(found, (await two.Audit.ReadDocumentAsync(writer.App, entries[^1].Number)).Json);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made} changes in {clock.Elapsed.TotalSeconds:0.0} s, {writers.Sum(writer => writer.Lost)} conflicts, each with a message; nothing was lost."));
    }

    private sealed class Writer(ControlSite control, string app)
    {
        public string App => app;

        /// <summary>Changes that were acknowledged.</summary>
        public int Made { get; private set; }

        /// <summary>Changes that came too late.</summary>
        public int Lost { get; private set; }

        public async Task WriteAsync(Func<bool> goesOn)
        {
            while (goesOn())
            {
                var number = Made + 1;
                var answer = await control.PostAsync("apply", $$"""{ "apps": [ {{Named(app, $"{number}")}}, {{Named("all", $"{app} {number}")}} ] }""");
                if (answer.Status == 200)
                {
                    Made++;
                    continue;
                }

                Assert.Equal(409, answer.Status);
                Assert.Matches("^the catalogue moved from revision [0-9]+ to [0-9]+ while this change was prepared; try again$", Assert.Single(answer.Faults));
                Lost++;
            }
        }

        private static string Named(string app, string name) => $$"""{ "app": "{{app}}", "spec": { "name": "{{name}}", "channels": { "stable": {} } } }""";
    }
}
