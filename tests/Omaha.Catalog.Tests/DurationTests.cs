using CsCheck;

namespace Omaha.Catalog.Tests;

/// <summary>Lengths of time as documents write them.</summary>
public sealed class DurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("24h", 86_400)]
    [InlineData("7d", 604_800)]
    [InlineData("1d12h", 129_600)]
    [InlineData("1d2h3m4s", 93_784)]
    [InlineData("100h", 360_000)]
    [InlineData("3650d", 315_360_000)]
    public void Text_in_the_form_is_read(string text, int seconds)
    {
        Assert.True(Duration.TryParse(text, out var length));
        Assert.Equal(TimeSpan.FromSeconds(seconds), length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("24")]
    [InlineData("h")]
    [InlineData("24 h")]
    [InlineData(" 24h")]
    [InlineData("24H")]
    [InlineData("-1h")]
    [InlineData("+1h")]
    [InlineData("1.5h")]
    [InlineData("1h1h")]
    [InlineData("1m1h")]
    [InlineData("1w")]
    [InlineData("24:00:00")]
    [InlineData("3651d")]
    [InlineData("1234567890s")]
    [InlineData("99999999999999999999d")]
    [InlineData("١h")]
    public void Any_other_text_is_refused(string? text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Long[0, (long)Duration.Longest.TotalSeconds].Sample(seconds => Duration.Parse(Duration.Text(TimeSpan.FromSeconds(seconds))) == TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(0.4, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(59.9, "59s")]
    [InlineData(3600, "1h")]
    [InlineData(12_005, "3h20m5s")]
    public void Text_is_short(double seconds, string text) => Assert.Equal(text, Duration.Text(TimeSpan.FromSeconds(seconds)));
}
