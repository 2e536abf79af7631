namespace Omaha.Protocol.Tests;

/// <summary>What the characters between the quotes and the tags stand for.</summary>
public class XmlValueTests
{
    [Theory]
    [InlineData("stable", "stable")]
    [InlineData("", "")]
    [InlineData("a&amp;b&lt;c&gt;", "a&b<c>")]
    [InlineData("&quot;&apos;", "\"'")]
    [InlineData("&#115;&#x74;able", "stable")]
    [InlineData("&#0000000000000000000000000000000115;", "s")]
    [InlineData("&#xE4;&#x20AC;&#x1F600;&#x10FFFF;", "ä€😀\U0010FFFF")]
    [InlineData("ä€😀", "ä€😀")]
    [InlineData("a\tb\nc\rd\r\ne", "a b c d e")]
    [InlineData("a&#9;b&#10;c&#13;d", "a\tb\nc\rd")]
    [InlineData("&#13;\n", "\r ")]
    [InlineData("]]>", "]]>")]
    [InlineData("&amp;lt;", "&lt;")]
    [InlineData(" a ", " a ")]
    [InlineData("\u0085\u2028\u007F", "\u0085\u2028\u007F")]
    [InlineData("a&amp;", "a&")]
    public void Attribute_value_is_normalised_when_it_is(string sent, string read)
    {
        var request = Reading.Accept(Samples.App($"track=\"{sent}\" oem='{sent}' board=\"next\""));
        Assert.Equal(read, request.Text(request.OnlyApp().Track));
        Assert.Equal(read, request.Text(request.OnlyApp().Oem));
        Assert.Equal("next", request.Text(request.OnlyApp().Board));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("  ", "  ")]
    [InlineData("a\tb\nc\rd\r\ne", "a\tb\nc\nd\ne")]
    [InlineData("&#13;\n", "\r\n")]
    [InlineData("a]b]]c", "a]b]]c")]
    [InlineData("&lt;a&gt;", "<a>")]
    [InlineData("<![CDATA[<x>&amp;]]>", "<x>&amp;")]
    [InlineData("<![CDATA[a\r\nb\rc]]]]>", "a\nb\nc]]")]
    [InlineData("<![CDATA[]]>", "")]
    [InlineData("a<!-- x -->b<?pi?>c<![CDATA[d]]>&#101;", "abcde")]
    [InlineData("a<b>not this</b>c", "ac")]
    [InlineData("&gt;<![CDATA[&]]>&gt;<b c='&amp;'/>&gt;", ">&>>")]
    public void Text_is_put_together_when_it_is(string sent, string read)
    {
        var request = Reading.Accept(Samples.App(content: $"<data name='untrusted' index='i'>{sent}</data><data>next</data>"));
        var data = request.DataOf(request.OnlyApp());
        Assert.Equal(read, request.Text(data[0].Text));
        Assert.Equal("untrusted", request.Text(data[0].Name));
        Assert.Equal("i", request.Text(data[0].Index));
        Assert.Equal("next", request.Text(data[1].Text));
    }

    [Fact]
    public void Attributes_are_read_when_spaces_surround_everything()
    {
        var request = Reading.Accept("<request\n\tprotocol\r\n=\r\n'3.0'\n>\n<app \t appid = \"a\"\ttrack\n=\n'b'  /></request\n>");
        Assert.Equal("a", request.Text(request.OnlyApp().Id));
        Assert.Equal("b", request.Text(request.OnlyApp().Track));
    }

    [Theory]
    [InlineData("<updatecheck></updatecheck>")]
    [InlineData("<updatecheck/>")]
    [InlineData("<updatecheck />")]
    [InlineData("<updatecheck\n></updatecheck\n>")]
    public void Element_is_the_same_when_it_is_written(string updatecheck) =>
        Assert.True(Reading.Accept(Samples.App(content: updatecheck)).OnlyApp().HasUpdateCheck);
}
