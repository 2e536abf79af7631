using System.Text;
using CsCheck;

namespace Omaha.Protocol.Tests;

public class DottedVersionTests
{
    private static readonly Gen<string> Versions = Gen.OneOf<string>(
        Gen.OneOf("0", "1", "01", "2", "10", "99999999999999999999", "x", "").Array[1, 4].Select(parts => string.Join('.', parts)),
        Gen.Select(
            Gen.OneOf("1", "1.2", "1.2.0", "0"),
            Gen.OneOf("a", "b", "1", "01", "10", "9", "rc", "", "-").Array[1, 3].Select(parts => string.Join('.', parts)),
            (version, suffix) => $"{version}-{suffix}"),
        Gen.Char[" .0123456789-+ab"].Array[0, 12].Select(characters => new string(characters)));

    [Theory]
    [InlineData("1.9", "1.10")]
    [InlineData("1.2", "1.2.0.1")]
    [InlineData("3510.2.8", "4081.0.0")]
    [InlineData("0", "0.0.1")]
    [InlineData("ForcedUpdate", "0")]
    [InlineData("", "0.0.0.0")]
    [InlineData("1.2-beta", "1.2")]
    [InlineData("1.1.9", "1.2-beta")]
    [InlineData("1-alpha", "1-alpha.1")]
    [InlineData("1-alpha.1", "1-alpha.beta")]
    [InlineData("1-alpha.beta", "1-beta")]
    [InlineData("1-beta.2", "1-beta.11")]
    [InlineData("1-beta.11", "1-rc.1")]
    [InlineData("1-99", "1-a")]
    [InlineData("1-A", "1-a")]
    [InlineData("1.18446744073709551614", "1.18446744073709551615")]
    public void Version_is_lower_when_compared_with(string lower, string higher)
    {
        Assert.True(Parse(lower) < Parse(higher));
        Assert.True(Parse(higher) > Parse(lower));
        Assert.True(Parse(lower) <= Parse(higher));
        Assert.False(Parse(lower) >= Parse(higher));
        Assert.True(Parse(lower) != Parse(higher));
    }

    [Theory]
    [InlineData("1.2", "1.2.0")]
    [InlineData("01.02", "1.2")]
    [InlineData("1", "1.0.0.0.0.0.0.0")]
    [InlineData(" 1.2\t", "1.2")]
    [InlineData("3340.0.0+nightly-20220823-2100", "3340.0.0")]
    [InlineData("1-a+x", "1-a+y")]
    [InlineData("1-01", "1-1")]
    [InlineData("99999999999999999999.0", "18446744073709551615")]
    [InlineData("1..2", "ForcedUpdate")]
    public void Version_is_equal_when_compared_with(string left, string right)
    {
        Assert.True(Parse(left) == Parse(right));
        Assert.Equal(Parse(left).GetHashCode(), Parse(right).GetHashCode());
        Assert.Equal(Parse(left), Parse(right));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1..2")]
    [InlineData("1.2.")]
    [InlineData("v1.2")]
    [InlineData("1,2")]
    [InlineData("1 .2")]
    [InlineData("１.2")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("+1")]
    [InlineData("0x1")]
    [InlineData("ForcedUpdate")]
    [InlineData("1.2.3.4.5.6.7.8.9")]
    public void Version_is_the_lowest_when_it_cannot_be_parsed(string text)
    {
        Assert.False(Parse(text).IsParsable);
        Assert.Equal(default, Parse(text));
        Assert.True(Parse(text) < Parse("0"));
    }

    [Fact]
    public void Version_keeps_its_parts()
    {
        var version = Parse("4081.3.1-beta");
        Assert.True(version.IsParsable);
        Assert.True(version.IsPreRelease);
        Assert.Equal(3, version.PartCount);
        Assert.Equal((4081UL, 3UL, 1UL, 0UL), (version[0], version[1], version[2], version[3]));
    }

    [Fact]
    public void Suffix_counts_up_to_its_32nd_byte()
    {
        var same = new string('a', 32);
        Assert.Equal(Parse($"1-{same}x"), Parse($"1-{same}y"));
        Assert.True(Parse($"1-{same[..31]}x") < Parse($"1-{same[..31]}y"));
    }

    [Fact]
    public void Order_is_total() => Gen.Select(Versions, Versions, Versions).Sample((left, middle, right) =>
    {
        var (a, b, c) = (Parse(left), Parse(middle), Parse(right));
        Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
        Assert.Equal(0, a.CompareTo(a));
        if (a <= b && b <= c) Assert.True(a <= c);
        if (a == b) Assert.Equal(Math.Sign(a.CompareTo(c)), Math.Sign(b.CompareTo(c)));
        if (a == b) Assert.Equal(a.GetHashCode(), b.GetHashCode());
    }, iter: Effort.Of(20_000));

    [Fact]
    public void Parsing_never_fails() => Gen.Byte.Array[0, 60].Sample(bytes => { _ = DottedVersion.Parse(bytes).PartCount; }, iter: Effort.Of(20_000));

    [Fact]
    public void Parsing_and_comparing_allocate_nothing()
    {
        Compare();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Compare();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static bool Compare() => DottedVersion.Parse("1.2.3-beta.1"u8) < DottedVersion.Parse("1.2.3-beta.2"u8) && VersionPrefix.Parse("1.2"u8).Matches(DottedVersion.Parse("1.2.3"u8));
    }

    private static DottedVersion Parse(string text) => DottedVersion.Parse(Encoding.UTF8.GetBytes(text));
}
