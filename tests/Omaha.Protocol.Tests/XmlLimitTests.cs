using System.Text;

namespace Omaha.Protocol.Tests;

/// <summary>Every bound: what lies just within it is read, what lies just beyond is refused by its own name.</summary>
public class XmlLimitTests
{
    [Fact]
    public void Depth_is_bounded()
    {
        Assert.Equal(Refusal.None, Reading.Refusal(Nested(RequestLimits.Depth)));
        Assert.Equal(Refusal.TooDeep, Reading.Refusal(Nested(RequestLimits.Depth + 1)));
        Assert.Equal(Refusal.TooDeep, Reading.Refusal(Nested(5_000)));

        static string Nested(int depth) => Samples.Request(Repeat("<x>", depth - 1) + Repeat("</x>", depth - 1));
    }

    [Fact]
    public void Attributes_of_an_element_are_bounded()
    {
        Assert.Equal(Refusal.None, Reading.Refusal(With(RequestLimits.AttributesPerElement)));
        Assert.Equal(Refusal.TooManyAttributes, Reading.Refusal(With(RequestLimits.AttributesPerElement + 1)));

        static string With(int count) => Samples.Request("<x" + string.Concat(Enumerable.Range(0, count).Select(i => $" a{i}=''")) + "/>");
    }

    [Fact]
    public void Value_is_bounded_as_it_was_sent()
    {
        Assert.Equal(Refusal.None, Reading.Refusal(Samples.App($"track=\"{new string('t', RequestLimits.ValueBytes)}\"")));
        Assert.Equal(Refusal.ValueTooLong, Reading.Refusal(Samples.App($"track=\"{new string('t', RequestLimits.ValueBytes + 1)}\"")));
        Assert.Equal(Refusal.None, Reading.Refusal(Samples.App($"track=\"{Repeat("&lt;", RequestLimits.ValueBytes / 4)}\"")));
        Assert.Equal(Refusal.ValueTooLong, Reading.Refusal(Samples.App($"track=\"{Repeat("&lt;", RequestLimits.ValueBytes / 4)}x\"")));
    }

    [Fact]
    public void Name_is_bounded()
    {
        var name = new string('n', RequestLimits.ValueBytes);
        Assert.Equal(Refusal.None, Reading.Refusal(Samples.Request($"<{name} {name}=''/>")));
        Assert.Equal(Refusal.ValueTooLong, Reading.Refusal(Samples.Request($"<{name}n/>")));
        Assert.Equal(Refusal.ValueTooLong, Reading.Refusal(Samples.Request($"<x {name}n=''/>")));
    }

    [Fact]
    public void Nodes_are_bounded()
    {
        // The root is one of them.
        Assert.Equal(Refusal.None, Reading.Refusal(Samples.Request(Repeat("<x/>", RequestLimits.Nodes - 1))));
        Assert.Equal(Refusal.TooManyNodes, Reading.Refusal(Samples.Request(Repeat("<x/>", RequestLimits.Nodes))));
        Assert.Equal(Refusal.TooManyNodes, Reading.Refusal(Samples.Request(Repeat("<!---->", RequestLimits.Nodes))));
        Assert.Equal(Refusal.TooManyNodes, Reading.Refusal(Samples.Request(Repeat("<?p?>", RequestLimits.Nodes))));
        Assert.Equal(Refusal.TooManyNodes, Reading.Refusal(Samples.Request(Repeat("<![CDATA[]]>", RequestLimits.Nodes))));
        Assert.Equal(Refusal.TooManyNodes, Reading.Refusal(Samples.Request(Repeat("t<x/>", RequestLimits.Nodes / 2))));
        Assert.Equal(Refusal.TooManyNodes, Reading.Refusal(Repeat("<!---->", RequestLimits.Nodes) + Samples.Request("")));
    }

    [Fact]
    public void Namespace_declarations_in_force_are_bounded()
    {
        Assert.Equal(Refusal.None, Reading.Refusal(Samples.Request(Declaring(RequestLimits.NamespaceDeclarations) + Declaring(RequestLimits.NamespaceDeclarations))));
        Assert.Equal(Refusal.TooManyNodes, Reading.Refusal(Samples.Request(Declaring(RequestLimits.NamespaceDeclarations + 1))));

        static string Declaring(int count) => "<x" + string.Concat(Enumerable.Range(0, count).Select(i => $" xmlns:p{i}='urn:{i}'")) + "/>";
    }

    [Fact]
    public void Apps_are_bounded()
    {
        Assert.Equal(RequestLimits.Apps, Reading.Accept(Samples.Request(Repeat("<app appid='a'/>", RequestLimits.Apps))).Apps.Length);
        Assert.Equal(Refusal.TooManyApps, Reading.Refusal(Samples.Request(Repeat("<app appid='a'/>", RequestLimits.Apps + 1))));
    }

    [Fact]
    public void Events_of_an_app_are_bounded()
    {
        var request = Reading.Accept(Samples.App(content: Repeat("<event/>", RequestLimits.EventsPerApp)));
        Assert.Equal(RequestLimits.EventsPerApp, request.EventsOf(request.OnlyApp()).Length);
        Assert.Equal(Refusal.TooManyEvents, Reading.Refusal(Samples.App(content: Repeat("<event/>", RequestLimits.EventsPerApp + 1))));
    }

    [Fact]
    public void Data_of_an_app_are_bounded()
    {
        var request = Reading.Accept(Samples.App(content: Repeat("<data/>", RequestLimits.DataPerApp)));
        Assert.Equal(RequestLimits.DataPerApp, request.DataOf(request.OnlyApp()).Length);
        Assert.Equal(Refusal.TooManyNodes, Reading.Refusal(Samples.App(content: Repeat("<data/>", RequestLimits.DataPerApp + 1))));
    }

    [Fact]
    public void Body_of_the_largest_size_is_read()
    {
        var empty = Encoding.UTF8.GetByteCount(Samples.Request("<!---->"));
        Assert.Equal(Refusal.None, Reading.Refusal(Samples.Request($"<!--{new string('c', RequestLimits.BodyBytes - empty)}-->")));
    }

    [Fact]
    public void Body_beyond_the_largest_size_is_not_loaded() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpdateRequest().Load(new byte[RequestLimits.BodyBytes + 1]));

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
