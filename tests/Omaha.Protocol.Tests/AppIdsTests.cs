using System.Text;

namespace Omaha.Protocol.Tests;

public class AppIdsTests
{
    [Theory]
    [InlineData("0A1B2C3D-0000-4111-8222-333344445555", "0a1b2c3d-0000-4111-8222-333344445555")]
    [InlineData("{0A1B2C3D-0000-4111-8222-333344445555}", "0a1b2c3d-0000-4111-8222-333344445555")]
    [InlineData(" {0a1b2c3d-0000-4111-8222-333344445555}\r\n", "0a1b2c3d-0000-4111-8222-333344445555")]
    [InlineData("0a1b2c3d000041118222333344445555", "0a1b2c3d000041118222333344445555")]
    [InlineData("Com.Example.App", "com.example.app")]
    [InlineData("{DEV-BUILD}", "dev-build")]
    [InlineData("{ABC}_Module", "{abc}_module")]
    [InlineData("{a}_{b}", "{a}_{b}")]
    [InlineData("{{a}}", "{a}")]
    [InlineData("{a", "{a")]
    [InlineData("a}", "a}")]
    [InlineData("ÄÖ", "ÄÖ")]
    public void Id_is_looked_up_by(string id, string key)
    {
        Assert.Equal(key, AppIds.Normalize(id));
        Span<byte> destination = stackalloc byte[RequestLimits.AppIdBytes];
        Assert.True(AppIds.TryNormalize(Encoding.UTF8.GetBytes(id), destination, out var written));
        Assert.Equal(key, Encoding.UTF8.GetString(destination[..written]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("{}")]
    [InlineData(" {} ")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("a\u007F")]
    public void Id_cannot_be_looked_up_when_it_is(string id)
    {
        Assert.False(AppIds.TryNormalize(Encoding.UTF8.GetBytes(id), new byte[RequestLimits.AppIdBytes], out var written));
        Assert.Equal(0, written);
        Assert.Throws<ArgumentException>(() => AppIds.Normalize(id));
    }

    [Fact]
    public void Id_cannot_be_looked_up_when_it_is_too_long()
    {
        Assert.Equal(RequestLimits.AppIdBytes, AppIds.Normalize(new string('a', RequestLimits.AppIdBytes)).Length);
        Assert.Throws<ArgumentException>(() => AppIds.Normalize(new string('a', RequestLimits.AppIdBytes + 1)));
        Assert.Throws<ArgumentException>(() => AppIds.Normalize(new string('ä', (RequestLimits.AppIdBytes / 2) + 1)));
        Assert.False(AppIds.TryNormalize(new byte[RequestLimits.AppIdBytes + 1], new byte[1_000], out _));
    }

    [Fact]
    public void Id_cannot_be_looked_up_when_it_is_no_text() => Assert.Throws<ArgumentException>(() => AppIds.Normalize("a\uD800b"));

    [Fact]
    public void Id_is_not_written_when_there_is_no_room_for_it() => Assert.False(AppIds.TryNormalize("abc"u8, new byte[2], out _));
}
