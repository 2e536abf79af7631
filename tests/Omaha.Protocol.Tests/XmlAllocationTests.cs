using System.Text;

namespace Omaha.Protocol.Tests;

/// <summary>Reading allocates nothing once its buffers have grown, whatever is sent.</summary>
public class XmlAllocationTests
{
    public static TheoryData<Refusal, string> Bodies => new()
    {
        { Refusal.None, Samples.Flatcar },
        { Refusal.None, Samples.ChromeOs },
        { Refusal.None, Samples.Chromium },
        { Refusal.None, Samples.GoogleUpdate },
        { Refusal.EmptyBody, " " },
        { Refusal.UnsupportedEncoding, "<?xml version='1.0' encoding='utf-16'?><request protocol='3.0'/>" },
        { Refusal.Malformed, Samples.Flatcar[..500] },
        { Refusal.UnescapedQuote, Samples.Flatcar.Replace("\"stable\"", "\"\"stable\"\"", StringComparison.Ordinal) },
        { Refusal.DocumentType, "<!DOCTYPE request><request protocol='3.0'/>" },
        { Refusal.DuplicateAttribute, "<request protocol='3.0' protocol='3.0'/>" },
        { Refusal.BadNamespace, "<request protocol='3.0'><o:app/></request>" },
        { Refusal.WrongRoot, "<other xmlns:o='urn:o' o:a='&amp;'>text</other>" },
        { Refusal.UnsupportedProtocol, "<request protocol='4.0'/>" },
        { Refusal.TooDeep, string.Concat(Enumerable.Repeat("<a>", 100)) },
        { Refusal.TooManyAttributes, "<a " + string.Concat(Enumerable.Range(0, 100).Select(i => $"a{i}='' ")) + "/>" },
        { Refusal.ValueTooLong, $"<a b='{new string('c', 9_000)}'/>" },
        { Refusal.TooManyApps, Samples.Request(string.Concat(Enumerable.Repeat("<app/>", 100))) },
        { Refusal.TooManyEvents, Samples.App(content: string.Concat(Enumerable.Repeat("<event/>", 200))) },
        { Refusal.TooManyNodes, Samples.Request(string.Concat(Enumerable.Repeat("<a/>", 5_000))) },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Reading_allocates_nothing_when_the_answer_is(Refusal refusal, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = new UpdateRequest();
        Read(times: 50);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(times: 500);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Read(int times)
        {
            for (var i = 0; i < times; i++)
            {
                request.Load(bytes);
                if (XmlRequestReader.Read(request) != refusal) Assert.Fail($"{XmlRequestReader.Read(request)} in place of {refusal}");
            }
        }
    }
}
