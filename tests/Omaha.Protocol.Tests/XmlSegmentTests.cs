using System.Buffers;
using System.Text;

namespace Omaha.Protocol.Tests;

/// <summary>A body means the same in however many pieces the network delivers it.</summary>
public class XmlSegmentTests
{
    public static TheoryData<string> Bodies => [.. Samples.All];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Body_reads_the_same_when_it_is_split_at_any_byte(string sample)
    {
        var body = Encoding.UTF8.GetBytes(sample);
        var expected = Reading.Describe(Reading.Accept(body));
        for (var at = 0; at <= body.Length; at++) Assert.Equal(expected, Read(body[..at], body[at..]));
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Body_reads_the_same_when_every_byte_comes_alone(string sample)
    {
        var body = Encoding.UTF8.GetBytes(sample);
        Assert.Equal(Reading.Describe(Reading.Accept(body)), Read([.. body.Select(one => new[] { one })]));
    }

    private static string Read(params byte[][] pieces)
    {
        var first = new Segment(pieces[0]);
        var last = pieces[1..].Aggregate(first, (segment, piece) => segment.Append(piece));
        var request = new UpdateRequest();
        request.Load(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length));
        Assert.Equal(Refusal.None, XmlRequestReader.Read(request));
        return Reading.Describe(request);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes) => Memory = bytes;

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
