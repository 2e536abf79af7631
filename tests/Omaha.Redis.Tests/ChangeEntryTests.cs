using Omaha.Catalog;

namespace Omaha.Redis.Tests;

public sealed class ChangeEntryTests
{
    [Theory]
    [InlineData(new string[0], new string[0])]
    [InlineData(new[] { "a", "with space", "-dash", "+plus" }, new[] { "å" })]
    public void An_entry_is_read_as_it_was_written(string[] written, string[] deleted)
    {
        var entry = ChangeEntry.Parse(new ChangeEntry(57, "change", "parent", written, deleted).ToString())!;

        Assert.Equal((57, "change", "parent"), (entry.Revision, entry.ChangeId, entry.Parent));
        Assert.Equal(written, entry.Written);
        Assert.Equal(deleted, entry.Deleted);
    }

    [Fact]
    public void The_beginning_of_an_epoch_is_an_entry()
    {
        Assert.Equal("0 change none", ChangeEntry.First(new StoreVersion("epoch", 0, "change")).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1 change")]
    [InlineData("-1 change parent")]
    [InlineData("x change parent")]
    [InlineData("1 change parent\n")]
    [InlineData("1 change parent\nno sign")]
    public void Anything_else_is_no_entry(string? text)
    {
        Assert.Null(ChangeEntry.Parse(text));
    }
}
