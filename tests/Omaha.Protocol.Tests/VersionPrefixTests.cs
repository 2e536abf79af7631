using System.Text;

namespace Omaha.Protocol.Tests;

public class VersionPrefixTests
{
    [Theory]
    [InlineData("1.2", "1.2.9")]
    [InlineData("1.2", "1.2")]
    [InlineData("1.2", "1.2-beta")]
    [InlineData("1.2.0", "1.2")]
    [InlineData("01.2", "1.2.3")]
    [InlineData("1", "1.0.0.0")]
    [InlineData("1.", "1.5")]
    [InlineData("15474.", "15474.70.0")]
    [InlineData(" 1.2 ", "1.2.9")]
    [InlineData("1.2.3.4$", "1.2.3.4")]
    [InlineData("1.2$", "1.2.0")]
    [InlineData("1.2$", "1.2+build")]
    [InlineData("", "1.2")]
    [InlineData(" ", "ForcedUpdate")]
    public void Prefix_matches(string prefix, string version) => Assert.True(Parse(prefix).Matches(Version(version)));

    [Theory]
    [InlineData("1.2", "1.20.0")]
    [InlineData("1.2", "1.3")]
    [InlineData("1.2.1", "1.2")]
    [InlineData("11", "1.1")]
    [InlineData("15474.", "154740.0")]
    [InlineData("1.2.3.4$", "1.2.3.4.5")]
    [InlineData("1.2$", "1.2-beta")]
    [InlineData("0", "ForcedUpdate")]
    [InlineData("0$", "")]
    [InlineData("*", "1.2")]
    [InlineData("1.*", "1.2")]
    [InlineData("1,2", "1.2")]
    [InlineData(".", "1.2")]
    [InlineData("$", "1.2")]
    [InlineData("1.2.$", "1.2")]
    [InlineData("1.2..", "1.2")]
    [InlineData("1.2$$", "1.2")]
    [InlineData("1.2-beta", "1.2-beta")]
    public void Prefix_does_not_match(string prefix, string version) => Assert.False(Parse(prefix).Matches(Version(version)));

    [Fact]
    public void Prefix_is_empty_only_when_nothing_is_asked_for()
    {
        Assert.True(Parse(" ").IsEmpty);
        Assert.False(Parse("*").IsEmpty);
        Assert.False(Parse("1").IsEmpty);
    }

    [Fact]
    public void Prefix_says_what_it_holds()
    {
        Assert.Equal((2, false), (Parse("1.2.").PartCount, Parse("1.2.").IsExact));
        Assert.Equal((3, true), (Parse("1.2.3$").PartCount, Parse("1.2.3$").IsExact));
    }

    private static VersionPrefix Parse(string text) => VersionPrefix.Parse(Encoding.UTF8.GetBytes(text));

    private static DottedVersion Version(string text) => DottedVersion.Parse(Encoding.UTF8.GetBytes(text));
}
