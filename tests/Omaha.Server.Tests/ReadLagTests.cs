using Microsoft.Extensions.Time.Testing;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>How long requests wait until they are handled.</summary>
public sealed class ReadLagTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Process_that_stood_still_makes_what_was_due_meanwhile_wait(bool isInline)
    {
        var time = new FakeTimeProvider();
        using var lag = new ReadLag(time, isInline);

        // Eleven bytes were due, and none could be sent before the twelfth: the sixth of them waited for six beats.
        time.Advance((12 * ReadLag.Beat) - TimeSpan.FromMilliseconds(1));
        Assert.True(lag.TrySend());
        var expected = (6 * ReadLag.Beat) - TimeSpan.FromMilliseconds(1);
        await Eventually.IsTrueAsync(() => lag.TakeMedian() == expected);
    }

    [Fact]
    public void Lag_is_told_although_nothing_is_handled_at_all()
    {
        var time = new FakeTimeProvider();
        using var lag = new ReadLag(time, isInline: false);
        time.Advance(ReadLag.Beat + TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), lag.TakeMedian());
    }
}
