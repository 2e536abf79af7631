namespace Omaha.Catalog.Tests;

/// <summary>What the audit and <c>diff</c> say about two forms of an app.</summary>
public sealed class AppDifferencesTests
{
    [Fact]
    public void The_same_form_differs_in_nothing()
    {
        Assert.Empty(AppDifferences.Between(App(), App()));
        Assert.Empty(AppDifferences.Between(null, null));
    }

    [Fact]
    public void An_app_that_comes_is_told_by_what_it_brings_and_one_that_goes_in_a_word()
    {
        Assert.Equal(["channels alpha, beta", "channel alpha any/amd64: nothing -> 1.0 (v1:a)"], AppDifferences.Between(null, App(("alpha", "1.0", "v1:a"))));
        Assert.Equal(["deleted"], AppDifferences.Between(App(), null));
    }

    [Fact]
    public void A_channel_that_moves_is_told_by_versions_and_digests()
    {
        var digest = "v1:" + new string('b', 64);

        Assert.Equal(
            ["channel alpha any/amd64: 1.0 (v1:a) -> 2.0 (v1:bbbbbbbbbbbb…)", "channel beta any/amd64: nothing -> 1.0 (v1:a)"],
            AppDifferences.Between(App(("alpha", "1.0", "v1:a")), App(("alpha", "2.0", digest), ("beta", "1.0", "v1:a"))));
        Assert.Equal(["channel alpha any/amd64: 1.0 (v1:a) -> nothing"], AppDifferences.Between(App(("alpha", "1.0", "v1:a")), App()));
    }

    [Fact]
    public void A_history_that_changed_behind_its_last_entry_is_told_by_its_length()
    {
        var after = App(("alpha", "1.0", "v1:a"));
        after.State!.Channels!["alpha"].Targets!["any/amd64"].Insert(0, new CompleteRelease { Version = "0.9", Digest = "v1:z" });

        Assert.Equal(["channel alpha any/amd64: 1.0 (v1:a) -> 1.0 (v1:a) (1 -> 2 entries in its history)"], AppDifferences.Between(App(("alpha", "1.0", "v1:a")), after));
    }

    [Fact]
    public void Everything_else_of_the_state_is_told_by_its_place()
    {
        var after = App();
        after.State = new AppState { Paused = new Mark { By = "Ann", Reason = "why" }, Blocks = new() { ["v1:a"] = new Mark { By = "Ann" } }, Channels = new() { ["beta"] = new ChannelState { Paused = new Mark { By = "Ann" } } } };

        var words = AppDifferences.Between(App(), after).ToList();

        Assert.Equal(3, words.Count);
        Assert.Contains(words, word => word.StartsWith("paused: none -> {", StringComparison.Ordinal));
        Assert.Contains(words, word => word.StartsWith("blocks: none -> {", StringComparison.Ordinal));
        Assert.Contains(words, word => word.StartsWith("channels: none -> {\"beta\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Spec_and_state_are_told_together()
    {
        var after = App(("alpha", "1.0", "v1:a"));
        after.Spec!.Name = "new";

        Assert.Equal(["name: none -> \"new\"", "channel alpha any/amd64: nothing -> 1.0 (v1:a)"], AppDifferences.Between(App(), after));
    }

    [Fact]
    public void Forms_with_faults_are_compared_too()
    {
        var faulty = App();
        faulty.Spec!.PollInterval = 1;

        Assert.Equal(["spec.pollInterval: none -> 1"], AppDifferences.Between(App(), faulty));
        Assert.Equal(["created with faults"], AppDifferences.Between(null, faulty));
        Assert.Equal(2, AppDifferences.Between(faulty, new AppDocument { App = "a", Spec = new AppSpec { PollInterval = 1 } }).Count());
    }

    private static AppDocument App(params (string Channel, string Version, string Digest)[] complete)
    {
        var document = new AppDocument { App = "a", Spec = new AppSpec { DefaultChannel = "alpha", Channels = new() { ["alpha"] = new ChannelSpec(), ["beta"] = new ChannelSpec { PromotesFrom = "alpha" } } } };
        if (complete.Length > 0) document.State = new AppState { Channels = complete.ToDictionary(entry => entry.Channel, entry => new ChannelState { Targets = new() { ["any/amd64"] = [new CompleteRelease { Version = entry.Version, Digest = entry.Digest }] } }) };
        return document;
    }
}
