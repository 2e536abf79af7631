namespace Omaha.Protocol.Tests;

/// <summary>update_engine does not escape quotes in its settings: that fault is counted by itself, so that its machines can be found.</summary>
public class UnescapedQuoteTests
{
    [Theory]
    [InlineData("track=\"\"stable\"\"")]
    [InlineData("track=\"a\"b\"")]
    [InlineData("track=\"my \"stable\" group\"")]
    [InlineData("track=\"a&amp;b&lt;c&gt;\"d\"'e &#xFC;\"")]
    [InlineData("track=\"\"\"")]
    [InlineData("track=\"a\"\" oem=\"b\"")]
    [InlineData("track='it's'")]
    [InlineData("track=\"6\" wide\" oem=\"b\"")]
    public void Quote_is_seen_when_a_value_goes_on_behind_it(string attributes) =>
        Assert.Equal(Refusal.UnescapedQuote, Reading.Refusal($"<request protocol=\"3.0\"><app {attributes}/></request>"));

    [Theory]
    [InlineData("enabled=\"0\"<disabled reason=\"1\"/>")]
    [InlineData("url=\"http://a/?b=c&d=e\"")]
    [InlineData("track")]
    [InlineData("track=")]
    [InlineData("track=\"stable")]
    [InlineData("track=\"stable\" oem")]
    [InlineData("track=\"6\" \" oem=\"b\"")]
    public void Other_faults_of_a_tag_are_malformed_when_no_quote_is_to_blame(string attributes) =>
        Assert.Equal(Refusal.Malformed, Reading.Refusal($"<request protocol=\"3.0\"><app {attributes}/></request>"));

    [Fact]
    public void Quote_within_the_other_kind_of_quotes_is_read()
    {
        var request = Reading.Accept(Samples.App("track='a\"b' oem=\"it's\""));
        Assert.Equal("a\"b", request.Text(request.OnlyApp().Track));
        Assert.Equal("it's", request.Text(request.OnlyApp().Oem));
    }
}
