using System.Text;
using System.Text.Json.Nodes;

namespace Omaha.Catalog.Tests;

/// <summary>No document, however wrong, makes an operation fail: each is either planned or refused in words.</summary>
public sealed class OperationsMutationTests
{
    private static readonly Stamp Stamp = new(Sample.Now, "operator");

    private static readonly JsonNode?[] Replacements = [null, new JsonObject(), new JsonArray(), new JsonArray((JsonNode?)null), "", "x", "any/any", 0, -1, true];

    [Fact]
    public void A_file_with_any_value_replaced_is_planned_or_refused()
    {
        var stored = Full();
        foreach (var text in Mutations(DocumentJson.Write(ExportFile.Of([Full()]))))
        {
            if (DocumentJson.ReadFile(text, out var fault) is not { } file)
            {
                Assert.NotNull(fault);
                continue;
            }

            var outcome = ApplyFile.Plan(file, [new ExistingApp(Sample.AppId, stored)], [], Sample.Stamp);
            Assert.Equal(outcome.Plan is null, outcome.Faults.Count > 0);
            Assert.All(outcome.Faults, found => Assert.NotEmpty(found.Message));
            foreach (var app in outcome.Plan?.Apps ?? [])
            {
                if (app.Document is { } document) Assert.Empty(AppValidator.Check(document));
                Assert.Equal(app.Change != AppChange.Unchanged, app.Document is not null);
            }
        }
    }

    [Fact]
    public void A_document_of_releases_with_any_value_replaced_is_planned_or_refused()
    {
        var stored = Full();
        foreach (var text in Mutations(DocumentJson.Write(new ReleaseFile { App = Sample.AppId, Releases = [.. Full().Spec!.Releases!, Sample.Release("3.0", "win/x86")] })))
        {
            if (DocumentJson.ReadReleases(text, out var fault) is not { } file)
            {
                Assert.NotNull(fault);
                continue;
            }

            var outcome = AddReleases.Plan(stored, file);
            Assert.Equal(outcome.Plan is null, outcome.Faults.Count > 0);
            Assert.All(outcome.Faults, found => Assert.NotEmpty(found.Message));
            if (outcome.Plan?.Document is { } next) Assert.Empty(AppValidator.Check(next));
        }
    }

    [Fact]
    public void A_stored_document_with_any_value_replaced_can_be_looked_at_mended_and_left_alone()
    {
        var file = ExportFile.Of([Full()]);
        foreach (var text in Mutations(DocumentJson.Write(Full())))
        {
            if (DocumentJson.ReadApp(text, out _) is not { } stored) continue;

            Assert.NotNull(ChannelList.Of(stored));
            Assert.NotNull(ExportFile.Of([stored]));
            Assert.NotNull(HistoryList.Of(stored, channel: null).Plan);
            Assert.NotNull(ReleaseList.Of(stored));
            var applied = ApplyFile.Plan(file, [new ExistingApp(Sample.AppId, stored)], [], Sample.Stamp);
            Assert.Equal(applied.Plan is null, applied.Faults.Count > 0);
            var promotion = new Promotion("alpha", "beta") { SkipVerify = "nothing to fetch", OverrideSoak = "no time" };
            foreach (var outcome in new[] { PromoteRelease.Plan(stored, promotion, Stamp), SetRelease.Plan(stored, "alpha", "2.0", null, Stamp), RevertChannel.Plan(stored, "alpha", null, null, "bad", Stamp) })
            {
                Assert.Equal(outcome.Plan is null, outcome.Faults.Count > 0);
                if (outcome.Plan?.Document is { } next) Assert.Empty(AppValidator.Check(next));
            }

            var added = new ReleaseFile { Releases = [Sample.Release("3.0")] };
            foreach (var outcome in new[]
            {
                AddReleases.Plan(stored, added), RemoveRelease.Plan(stored, "1.0", null), RelocateRelease.Plan(stored, "1.0", null, ["https://mirror.example.test/"]),
                BlockRelease.Block(stored, "2.0", null, "bad", Stamp), BlockRelease.Unblock(stored, "1.0", null, "good"),
            })
            {
                Assert.Equal(outcome.Plan is null, outcome.Faults.Count > 0);
                if (outcome.Plan?.Document is { } next) Assert.Empty(AppValidator.Check(next));
            }
        }
    }

    private static AppDocument Full()
    {
        var app = Sample.App(alpha: ["1.0", "2.0"], beta: ["1.0"]);
        app.Requires = [];
        app.Spec!.Name = "A name";
        app.Spec.Aliases = ["other-id"];
        app.Spec.DefaultChannel = "beta";
        app.Spec.DefaultTarget = "any/amd64";
        app.Spec.PollInterval = 3600;
        app.Spec.Tracks = new() { ["edge"] = "alpha" };
        app.Spec.Releases![0].Actions = [new ActionSpec { Event = "install", Run = "payload.gz", TerminateAllBrowsers = true }];
        app.State = Sample.App(alpha: ["2.0"]).State;
        app.State!.Blocks = new() { [ReleaseDigest.Of(app.Spec.Releases[0])] = new Mark { At = Sample.Now, By = "someone" } };
        app.Spec.Channels!["alpha"].Soak = "1h";
        app.State.Channels!["beta"] = new ChannelState { Targets = new() { ["any/amd64"] = [Sample.Complete(app.Spec.Releases[0]), Sample.Complete(app.Spec.Releases[1]), Sample.Complete(app.Spec.Releases[0])] } };
        var taken = app.State.Channels["beta"].Targets!["any/amd64"][1];
        (taken.From, taken.SkipVerify, taken.OverrideSoak, taken.OverrideRevert) = ("alpha", "why", "why", "why");
        taken.Reverted = new Mark { At = Sample.Now, By = "someone", Reason = "bad" };
        app.State.Channels["alpha"].Paused = new Mark { At = Sample.Now, By = "someone" };
        return app;
    }

    /// <summary>The document with every value inside it replaced by each of some others, one at a time.</summary>
    private static IEnumerable<byte[]> Mutations(byte[] json)
    {
        var count = Slots(JsonNode.Parse(json)!).Count();
        for (var i = 0; i < count; i++)
        {
            foreach (var replacement in Replacements)
            {
                var document = JsonNode.Parse(json)!;
                Slots(document).ElementAt(i)(replacement?.DeepClone());
                yield return Encoding.UTF8.GetBytes(document.ToJsonString());
            }
        }
    }

    private static IEnumerable<Action<JsonNode?>> Slots(JsonNode node)
    {
        if (node is JsonObject json)
        {
            foreach (var (key, value) in json.ToList())
            {
                yield return replacement => json[key] = replacement;
                foreach (var inner in value is null ? [] : Slots(value)) yield return inner;
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                var index = i;
                yield return replacement => list[index] = replacement;
                foreach (var inner in list[i] is { } value ? Slots(value) : []) yield return inner;
            }
        }
    }
}
