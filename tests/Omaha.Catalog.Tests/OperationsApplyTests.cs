using System.Text;

namespace Omaha.Catalog.Tests;

/// <summary>What applying a file plans, and what it refuses.</summary>
public sealed class OperationsApplyTests
{
    private const string Other = "{99992222-3333-4444-5555-666677778888}";

    [Fact]
    public void A_new_app_is_created_and_described()
    {
        var plan = Planned(File(Sample.App(alpha: ["1.0"])), []);

        var app = Assert.Single(plan.Apps);
        Assert.Equal(AppChange.Created, app.Change);
        Assert.Equal(["channels alpha, beta, stable", "release 1.0 for any/amd64"], app.Differences);
        Assert.Null(app.Document!.State);
    }

    [Fact]
    public void An_export_applied_again_changes_nothing()
    {
        var stored = Sample.App(alpha: ["1.0", "2.0"], beta: ["1.0"]);
        stored.Requires = ["something"];
        stored.Spec!.Aliases = ["other-id"];
        stored.Spec.Tracks = new() { ["edge"] = "alpha" };
        var text = DocumentJson.Write(ExportFile.Of([stored]));

        var plan = Planned(DocumentJson.ReadFile(text, out _)!, stored);

        Assert.Equal(AppChange.Unchanged, Assert.Single(plan.Apps).Change);
        Assert.Null(plan.Apps[0].Document);
        Assert.Empty(plan.Apps[0].Differences);
    }

    [Fact]
    public void State_is_kept_and_spec_and_requires_are_replaced()
    {
        var stored = Sample.App(alpha: ["1.0"]);
        stored.State!.Paused = new Mark { By = "someone" };
        var file = Sample.App(alpha: ["1.0"]);
        file.Requires = ["something"];
        file.Spec!.Name = "A name";

        var document = Planned(File(file), stored).Apps[0].Document!;

        Assert.Equal("someone", document.State!.Paused!.By);
        Assert.Equal("1.0", document.State.Channels!["alpha"].Targets!["any/amd64"][0].Version);
        Assert.Equal(["something"], document.Requires!);
        Assert.Equal("A name", document.Spec!.Name);
    }

    [Fact]
    public void Every_difference_is_told_in_words()
    {
        var stored = Sample.App(alpha: ["1.0", "2.0"]);
        stored.State = null;
        stored.Spec!.PollInterval = 2700;
        stored.Spec.Tracks = new() { ["edge"] = "alpha" };
        var file = Sample.App(alpha: ["2.0", "3.0"]);
        file.Spec!.Name = "Näme";
        file.Spec.Tracks = new() { ["edge"] = "beta" };
        file.Spec.Channels!.Remove("stable");
        file.Spec.Channels.Add("lts", new ChannelSpec());
        file.Spec.Channels["beta"] = new ChannelSpec { PollInterval = 3600 };
        file.Spec.DefaultChannel = "beta";
        file.Spec.Releases![0].Codebases = ["https://mirror.example.test/"];

        var plan = Planned(File(file), stored).Apps[0];

        Assert.Equal(AppChange.Changed, plan.Change);
        Assert.Equal(
            [
                "channel lts added",
                "channel stable removed",
                "channel beta promotesFrom: \"alpha\" -> none",
                "channel beta pollInterval: none -> 3600",
                "release 2.0 for any/amd64 codebases: https://dl.example.test/any/amd64/2.0/ -> https://mirror.example.test/",
                "release 3.0 for any/amd64 added",
                "release 1.0 for any/amd64 removed",
                "pollInterval: 2700 -> none",
                "tracks.edge: \"alpha\" -> \"beta\"",
                "name: none -> \"Näme\"",
                "defaultChannel: none -> \"beta\"",
            ],
            plan.Differences);
    }

    [Fact]
    public void Another_order_is_written_and_said_to_be_only_that()
    {
        var stored = Sample.App(alpha: ["1.0", "2.0"]);
        var file = Sample.App(alpha: ["1.0", "2.0"]);
        file.Spec!.Releases!.Reverse();

        var plan = Planned(File(file), stored).Apps[0];

        Assert.Equal(AppChange.Changed, plan.Change);
        Assert.Equal(["the same in another order or spelling"], plan.Differences);
    }

    [Fact]
    public void Another_spelling_of_the_id_means_the_same_app()
    {
        var stored = Sample.App(alpha: ["1.0"]);
        var file = Sample.App(alpha: ["1.0"]);
        file.App = Sample.AppId.Trim('{', '}').ToUpperInvariant();

        var plan = Planned(File(file), stored).Apps[0];

        Assert.Equal(AppChange.Changed, plan.Change);
        Assert.Equal([$"app: \"{Sample.AppId}\" -> \"{file.App}\""], plan.Differences);
    }

    [Fact]
    public void Changed_content_of_a_release_is_refused_with_both_digests_and_the_first_difference()
    {
        var stored = Sample.App(alpha: ["1.0"]);
        stored.State = null;
        var file = Sample.App(alpha: ["1.0"]);
        file.Spec!.Releases![0].Packages![0].Size = 1001;
        file.Spec.Releases[0].Packages![0].Name = "payload.gz";

        var fault = Assert.Single(Refused(File(file), stored));

        Assert.Equal($"{Sample.AppId} spec.releases[0]", fault.Path);
        Assert.Contains("packages[0].size: 1000 -> 1001", fault.Message, StringComparison.Ordinal);
        Assert.Contains(ReleaseDigest.Of(stored.Spec!.Releases![0]), fault.Message, StringComparison.Ordinal);
        Assert.Contains(ReleaseDigest.Of(file.Spec.Releases[0]), fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version", "version: \"1.0\" -> \"1.0.0\"")]
    [InlineData("packages", "packages: 1 -> 2 entries")]
    [InlineData("actions", "actions: [] -> [{\"event\":\"postinstall\"}]")]
    [InlineData("delta", "packages[0].delta: none -> true")]
    public void The_first_difference_is_named(string what, string words)
    {
        var stored = Sample.App(alpha: ["1.0"]);
        var file = Sample.App(alpha: ["1.0"]);
        var release = file.Spec!.Releases![0];
        if (what == "version") release.Version = "1.0.0";
        if (what == "packages") release.Packages!.Add(new PackageSpec { Name = "more.gz", Size = 1 });
        if (what == "actions") release.Actions = [new ActionSpec { Event = "postinstall" }];
        if (what == "delta") release.Packages![0].Delta = true;

        Assert.Contains(words, Assert.Single(Refused(File(file), stored)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_spellings_of_the_same_content_are_no_change_of_a_release()
    {
        var stored = Sample.App(alpha: ["1.0"]);
        var file = Sample.App(alpha: ["1.0"]);
        file.Spec!.Releases![0].Target = "any/x86_64";
        file.Spec.Releases[0].Packages![0].Required = true;
        file.Spec.Releases[0].Packages![0].Sha256 = file.Spec.Releases[0].Packages![0].Sha256!.ToUpperInvariant();

        Assert.Equal(["the same in another order or spelling"], Planned(File(file), stored).Apps[0].Differences);
    }

    [Fact]
    public void A_release_that_a_channel_ever_offered_must_stay()
    {
        var stored = Sample.App(alpha: ["1.0", "2.0"], beta: ["1.0"]);
        var file = Sample.App(alpha: ["2.0"]);

        var fault = Assert.Single(Refused(File(file), stored));

        Assert.Equal($"{Sample.AppId} spec.releases", fault.Path);
        Assert.Contains("release 1.0 for any/amd64 is not in the file, but channels alpha, beta offered it", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_with_a_history_must_stay()
    {
        var stored = Sample.App(alpha: ["1.0"]);
        var file = Sample.App(alpha: ["1.0"]);
        file.Spec!.Channels!.Remove("alpha");
        file.Spec.Channels["beta"] = new ChannelSpec();

        Assert.Equal($"{Sample.AppId} spec.channels.alpha", Assert.Single(Refused(File(file), stored)).Path);
    }

    [Fact]
    public void State_in_a_file_is_refused_and_the_verbs_are_named()
    {
        var file = Sample.App(alpha: ["1.0"]);
        var text = Encoding.UTF8.GetString(DocumentJson.Write(file));

        var fault = Assert.Single(Outcome(DocumentJson.ReadFile(Encoding.UTF8.GetBytes(text), out _)!, [], []).Faults);

        Assert.Equal($"{Sample.AppId} state", fault.Path);
        Assert.Contains("channel promote", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_all_apps_are_reported_at_once()
    {
        var one = Sample.App(alpha: ["1.0"]);
        one.Spec!.PollInterval = 1;
        var two = Sample.App(alpha: ["1.0"]);
        two.App = Other;
        two.Spec!.Releases![0].Version = "x";
        two.Spec.DefaultChannel = "nightly";
        var nameless = Sample.App();
        nameless.App = null;

        var faults = Refused(File(one, two, nameless));

        Assert.Equal(
            [$"{Sample.AppId} spec.pollInterval", $"{Other} spec.defaultChannel", $"{Other} spec.releases[0].version", "apps[2] app"],
            faults.Select(fault => fault.Path));
    }

    [Theory]
    [InlineData("{}", "apps", "is missing")]
    [InlineData("""{"apps": [null]}""", "apps[0]", "is null")]
    [InlineData("""{"apps": [], "aps": []}""", "aps", "is no key of a catalogue file")]
    [InlineData("""{"apps": [{"app": "x", "spec": {"chanels": {}}}]}""", "x spec.chanels", "is no key")]
    [InlineData("""{"app": "x", "spek": {}}""", "x spek", "is no key")]
    public void Keys_that_are_missing_or_misspelt_are_named(string text, string path, string words)
    {
        var faults = Outcome(DocumentJson.ReadFile(Encoding.UTF8.GetBytes(text), out _)!, [], []).Faults;

        Assert.Contains(faults, fault => fault.Path == path && fault.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void One_app_declared_twice_is_refused()
    {
        var again = Sample.App();
        again.App = Sample.AppId.ToUpperInvariant();

        Assert.Contains("apps[0]", Assert.Single(Refused(File(Sample.App(), again))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_that_another_stored_app_has_is_refused()
    {
        var stored = Sample.App();
        stored.Spec!.Aliases = ["shared-id"];
        var file = Sample.App();
        file.App = Other;
        file.Spec!.Aliases = ["SHARED-ID"];

        var fault = Assert.Single(Refused(File(file), stored));

        Assert.Equal($"{Other} spec.aliases[0]", fault.Path);
        Assert.Contains(Sample.AppId, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clash_among_apps_that_the_file_does_not_name_is_not_its_fault()
    {
        var one = new AppDocument { App = "one", Spec = new AppSpec { Aliases = ["shared"] } };
        var two = new AppDocument { App = "two", Spec = new AppSpec { Aliases = ["shared"] } };

        Assert.Equal(AppChange.Created, Planned(File(Sample.App()), one, two).Apps[0].Change);
    }

    [Fact]
    public void An_alias_may_move_between_apps_within_one_file()
    {
        var one = new AppDocument { App = "one", Spec = new AppSpec { Aliases = ["shared"] } };
        var two = new AppDocument { App = "two", Spec = new AppSpec() };
        var file = File(new AppDocument { App = "one", Spec = new AppSpec() }, new AppDocument { App = "two", Spec = new AppSpec { Aliases = ["shared"] } });

        Assert.Equal(2, Planned(file, one, two).Apps.Count(app => app.Change == AppChange.Changed));
    }

    [Fact]
    public void Only_apps_named_for_pruning_are_deleted()
    {
        var stored = Sample.App(alpha: ["1.0"]);
        var other = new AppDocument { App = Other, Spec = new AppSpec() };

        Assert.Empty(Planned(new CatalogFile { Apps = [] }, stored, other).Apps);
        var plan = Outcome(new CatalogFile { Apps = [] }, [stored, other], [Other.ToUpperInvariant()]).Plan!;
        Assert.Equal((Other, AppChange.Deleted), (plan.Apps[0].App, plan.Apps[0].Change));
        Assert.Single(plan.Apps);
    }

    [Fact]
    public void Pruning_what_is_not_there_or_declared_as_well_is_refused()
    {
        var faults = Outcome(File(Sample.App()), [Sample.App()], ["no-such-app", Sample.AppId]).Faults;

        Assert.Equal(2, faults.Count);
        Assert.Contains("\"no-such-app\" is no app", faults[0].Message, StringComparison.Ordinal);
        Assert.Contains("is declared in the file as well", faults[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_whose_stored_text_cannot_be_read_is_not_overwritten_but_can_be_deleted()
    {
        var unreadable = new ExistingApp(Sample.AppId, null);

        Assert.Contains("cannot be read", Assert.Single(ApplyFile.Plan(File(Sample.App()), [unreadable], [], Sample.Stamp).Faults).Message, StringComparison.Ordinal);
        Assert.Equal(AppChange.Deleted, ApplyFile.Plan(new CatalogFile { Apps = [] }, [unreadable], [Sample.AppId], Sample.Stamp).Plan!.Apps[0].Change);
    }

    [Fact]
    public void A_stored_spec_with_faults_can_be_mended()
    {
        var stored = Sample.App(alpha: ["1.0"]);
        stored.Spec!.Releases!.Add(null!);
        stored.Spec.Channels!["stable"] = null!;

        var plan = Planned(File(Sample.App(alpha: ["1.0"])), stored).Apps[0];

        Assert.Equal(["replaces a stored spec that has faults"], plan.Differences);
        Assert.NotNull(plan.Document!.State);
    }

    [Fact]
    public void An_app_that_is_too_large_is_refused()
    {
        var file = Sample.App();
        file.Spec!.Releases = [.. Enumerable.Range(0, 4500).Select(i => Sample.Release($"1.{i}"))];
        foreach (var release in file.Spec.Releases) release.Codebases = [$"https://dl.example.test/{new string('x', 1000)}/"];

        Assert.Contains("4194304", Assert.Single(Refused(File(file))).Message, StringComparison.Ordinal);
    }

    private static CatalogFile File(params AppDocument[] documents) =>
        new() { Apps = [.. documents.Select(document => new AppDocument { App = document.App, Requires = document.Requires, Spec = document.Spec })] };

    private static Outcome<ApplyPlan> Outcome(CatalogFile file, AppDocument[] stored, string[] prune) =>
        ApplyFile.Plan(file, [.. stored.Select(document => new ExistingApp(document.App!, document))], prune, Sample.Stamp);

    private static ApplyPlan Planned(CatalogFile file, params AppDocument[] stored)
    {
        var outcome = Outcome(file, stored, []);
        Assert.Empty(outcome.Faults);
        return outcome.Plan!;
    }

    private static IReadOnlyList<Fault> Refused(CatalogFile file, params AppDocument[] stored)
    {
        var outcome = Outcome(file, stored, []);
        Assert.Null(outcome.Plan);
        return outcome.Faults;
    }
}
