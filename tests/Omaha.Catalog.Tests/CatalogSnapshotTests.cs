using System.Text;

namespace Omaha.Catalog.Tests;

public sealed class CatalogSnapshotTests
{
    private static AppDocument Document(string id, params string[] aliases) => new() { App = id, Spec = new AppSpec { Channels = new() { ["stable"] = new() }, Aliases = [.. aliases] } };

    private static CatalogApp? Find(CatalogSnapshot snapshot, string key) => snapshot.Find(Encoding.UTF8.GetBytes(key));

    [Fact]
    public void Apps_are_found_by_normalised_id_and_alias()
    {
        var snapshot = Sample.Snapshot(Document("{ABC}", "{Old}"), Document("io.example.App"));

        Assert.Equal("{ABC}", Find(snapshot, "abc")?.Id);
        Assert.Equal("{ABC}", Find(snapshot, "old")?.Id);
        Assert.Equal("io.example.App", Find(snapshot, "io.example.app")?.Id);
        Assert.Null(Find(snapshot, "nothing"));
        Assert.Equal(2, snapshot.AppCount);
    }

    [Fact]
    public void Own_id_wins_over_another_apps_alias()
    {
        var snapshot = Sample.Snapshot(Document("one", "two"), Document("two"));
        Assert.Equal("two", Find(snapshot, "two")?.Id);
    }

    [Fact]
    public void Edits_leave_the_edited_snapshot_as_it_was()
    {
        var before = Sample.Snapshot(Document("one", "uno"), Document("two"));
        var editor = before.Edit();
        editor.Remove("ONE");
        editor.Put(CatalogApp.From(Document("three")));
        var after = editor.Build();

        Assert.NotNull(Find(before, "one"));
        Assert.NotNull(Find(before, "uno"));
        Assert.Null(Find(before, "three"));
        Assert.Null(Find(after, "one"));
        Assert.Null(Find(after, "uno"));
        Assert.NotNull(Find(after, "two"));
        Assert.NotNull(Find(after, "three"));
    }

    [Fact]
    public void Alias_follows_its_app_to_its_next_form()
    {
        var editor = Sample.Snapshot(Document("one", "uno")).Edit();
        editor.Put(CatalogApp.From(Document("one", "eins")));
        var after = editor.Build();

        Assert.Null(Find(after, "uno"));
        Assert.NotNull(Find(after, "eins"));
    }

    [Fact]
    public void Tens_of_thousands_of_apps_are_all_found_after_growth_and_removals()
    {
        const int count = 30_000;
        var editor = CatalogSnapshot.Empty.Edit();
        for (var i = 0; i < count; i++) editor.Put(CatalogApp.NotServed($"app-{i}", AppStanding.Unreadable));
        var grown = editor.Build();
        editor = grown.Edit();
        for (var i = 0; i < count; i += 2) editor.Remove($"app-{i}");
        var halved = editor.Build();

        Assert.Equal(count, grown.AppCount);
        Assert.Equal(count, grown.Apps.Count());
        Assert.Equal(count / 2, halved.AppCount);
        for (var i = 0; i < count; i++)
        {
            Assert.NotNull(Find(grown, $"app-{i}"));
            Assert.Equal(i % 2 == 0, Find(halved, $"app-{i}") is null);
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(700)]
    public void Apps_are_found_after_any_changes(int ids)
    {
        var random = new Random(ids);
        var snapshot = CatalogSnapshot.Empty;
        var expected = new HashSet<string>();
        for (var change = 0; change < 200; change++)
        {
            var editor = snapshot.Edit();
            for (var i = random.Next(40); i >= 0; i--)
            {
                var id = $"app-{random.Next(ids)}";
                if (random.Next(2) == 0 && expected.Add(id)) editor.Put(CatalogApp.NotServed(id, AppStanding.Unreadable));
                else if (expected.Remove(id)) editor.Remove(id);
            }

            snapshot = editor.Build();
            Assert.Equal(expected.Count, snapshot.AppCount);
            Assert.Equal(expected.Order(), snapshot.Apps.Select(app => app.Id).Order());
            for (var i = 0; i < ids; i++) Assert.Equal(expected.Contains($"app-{i}") ? $"app-{i}" : null, Find(snapshot, $"app-{i}")?.Id);
        }
    }

    [Fact]
    public void Rendered_manifest_is_shared_with_the_next_form_unless_the_release_moved()
    {
        var document = Sample.App(stable: ["1.0"]);
        var before = CatalogApp.From(document);
        document.Spec!.Name = "renamed";
        var same = Offer(CatalogApp.From(document, before));
        document = DocumentJson.Copy(document);
        document.Spec!.Releases![0].Codebases = ["https://mirror.example.test/"];
        var moved = Offer(CatalogApp.From(document, before));

        Assert.Same(Offer(before), same);
        Assert.NotSame(same, moved);
        Assert.Contains("mirror.example.test", Encoding.UTF8.GetString(moved.ManifestFor(ManifestForm.Common)), StringComparison.Ordinal);

        static OfferedRelease Offer(CatalogApp app) => Sample.Check(Of(app), "version=\"0.1\" board=\"amd64-usr\"").Release!;

        static CatalogSnapshot Of(CatalogApp app)
        {
            var editor = CatalogSnapshot.Empty.Edit();
            editor.Put(app);
            return editor.Build();
        }
    }
}
